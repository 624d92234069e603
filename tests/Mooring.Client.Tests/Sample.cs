using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>Records as a server would send them.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Created = new(2025, 11, 7, 21, 7, 15, 183, TimeSpan.Zero);

    public static Disk Disk(string id, string status = Statuses.Active, params string[] pods) => new()
    {
        Id = id,
        Name = $"disk {id}",
        CreatedAt = Created,
        UpdatedAt = Created,
        TerminatedAt = null,
        Status = status,
        ProviderType = "local",
        Size = 1,
        Info = new DiskInfo("block", "US", false, "here"),
        PriceHr = 0.00015m,
        StoppedPriceHr = 0.00015m,
        ProvisioningPriceHr = 0m,
        UserId = null,
        TeamId = null,
        WalletId = null,
        Pods = pods,
        Clusters = [],
    };

    public static DiskOffer DiskOffer(string cloudId) => new()
    {
        CloudId = cloudId,
        Provider = "local",
        DataCenter = "here",
        Country = "US",
        Region = "united_states",
        Spec = Spec(1, 1000),
        StockStatus = "Available",
        Security = "secure_cloud",
        IsMultinode = false,
    };

    public static GpuOffer GpuOffer(string cloudId) => new()
    {
        CloudId = cloudId,
        GpuType = "CPU_NODE",
        Socket = "PCIe",
        Provider = "local",
        DataCenter = "here",
        Country = "US",
        Region = "united_states",
        GpuCount = 1,
        GpuMemory = 0,
        Disk = Spec(10, 10),
        SharedDisk = Spec(null, null),
        Vcpu = Spec(1, 1),
        Memory = Spec(1, 1),
        InternetSpeed = null,
        Interconnect = null,
        InterconnectType = null,
        ProvisioningTime = 0,
        StockStatus = "Available",
        Security = "secure_cloud",
        Prices = new GpuPrices(0.01m, null, false, "USD"),
        Images = ["ubuntu_22_cuda_12"],
        IsSpot = false,
        PrepaidTime = null,
    };

    public static Pod Pod(string id, string status = Statuses.Active) => new()
    {
        Id = id,
        UserId = null,
        TeamId = null,
        WalletId = null,
        ClusterId = null,
        Name = $"pod {id}",
        Type = "HOSTED",
        ProviderType = "local",
        Status = status,
        InstallationStatus = "FINISHED",
        InstallationFailure = null,
        InstallationProgress = 100,
        CreatedAt = Created,
        UpdatedAt = Created,
        TerminatedAt = null,
        GpuName = "CPU_NODE",
        GpuCount = 1,
        Socket = "PCIe",
        PriceHr = 0.01m,
        StoppedPriceHr = null,
        ProvisioningPriceHr = 0m,
        EnvironmentType = "ubuntu_22_cuda_12",
        CustomTemplateId = null,
        IsSpot = false,
        AutoRestart = false,
        PrimePortMapping = [],
        SshConnection = "root@127.0.0.1 -p 2222",
        Ip = "127.0.0.1",
        Resources = new PodResources { Memory = 1, Disk = 10, SharedDisk = null, Vcpus = 1 },
        AttachedResources = [],
    };

    public static PodHistoryEntry HistoryEntry(string id) => new()
    {
        Id = id,
        Name = $"pod {id}",
        ProviderType = "local",
        Type = "Instance",
        CreatedAt = Created,
        TerminatedAt = Created,
        GpuName = "CPU_NODE",
        GpuCount = 1,
        Socket = "PCIe",
        PriceHr = 0.01m,
        UserId = "u",
        TeamId = null,
        TotalBilledPrice = 0.5m,
        ProvisionedBy = null,
    };

    public static PodStatus PodStatus(string id) => new()
    {
        PodId = id,
        ProviderType = "local",
        Status = Statuses.Active,
        SshConnection = null,
        Ip = null,
        PriceHr = 0.01m,
        CostPerHr = 0.01m,
        PrimePortMapping = [],
        InstallationStatus = "FINISHED",
        InstallationFailure = null,
        InstallationProgress = null,
    };

    public static SshKey SshKey(string id, string name = "laptop") => new()
    {
        Id = id,
        UserId = "u",
        Name = name,
        PublicKey = "ssh-ed25519 AAAA",
        IsPrimary = false,
        IsUserKey = true,
        CreatedAt = Created,
        UpdatedAt = Created,
    };

    private static Spec Spec(int? least, int? most) => new()
    {
        MinCount = least,
        DefaultCount = least,
        MaxCount = most,
        PricePerUnit = 0.00015m,
        Step = 1,
        DefaultIncludedInPrice = true,
        AdditionalInfo = null,
    };
}
