using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Demo;

/// <summary>Offers as a server would list them.</summary>
internal static class Offers
{
    public static DiskOffer Disk(string provider, string? cloudId, decimal? price) => new()
    {
        CloudId = cloudId,
        Provider = provider,
        DataCenter = "here",
        Country = "US",
        Region = "united_states",
        Spec = Spec(1, 1000, price),
        StockStatus = "Available",
        Security = "secure_cloud",
        IsMultinode = false,
    };

    public static GpuOffer Instance(string cloudId, string gpuType, decimal price) => new()
    {
        CloudId = cloudId,
        GpuType = gpuType,
        Socket = "PCIe",
        Provider = "local",
        DataCenter = "here",
        Country = "US",
        Region = "united_states",
        GpuCount = 1,
        GpuMemory = 0,
        Disk = Spec(10, 10, null),
        SharedDisk = Spec(null, null, null),
        Vcpu = Spec(1, 1, null),
        Memory = Spec(1, 1, null),
        InternetSpeed = null,
        Interconnect = null,
        InterconnectType = null,
        ProvisioningTime = null,
        StockStatus = "Available",
        Security = "secure_cloud",
        Prices = new GpuPrices(price, null, false, "USD"),
        Images = ["ubuntu_22_cuda_12"],
        IsSpot = false,
        PrepaidTime = null,
    };

    private static Spec Spec(int? least, int? most, decimal? price) => new()
    {
        MinCount = least,
        DefaultCount = least,
        MaxCount = most,
        PricePerUnit = price,
        Step = 1,
        DefaultIncludedInPrice = false,
        AdditionalInfo = null,
    };
}
