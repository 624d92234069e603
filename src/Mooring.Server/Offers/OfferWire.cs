using System.Globalization;
using Mooring.Contract.V1;
using Mooring.Providers;
using DiskOffer = Mooring.Contract.V1.DiskOffer;

namespace Mooring.Server.Offers;

/// <summary>Offers as the contract writes them (section 5).</summary>
internal static class OfferWire
{
    /// <summary>A disk offer; its greatest size is what is left where the provider says how much there is.</summary>
    public static DiskOffer Of(OfferedDisk offered, long? leftGiB)
    {
        var offer = offered.Offer;
        var most = (int)Math.Min(offer.MaxSizeGiB, leftGiB ?? offer.MaxSizeGiB);
        return new DiskOffer
        {
            CloudId = offer.CloudId,
            Provider = offered.Provider.Type,
            DataCenter = offer.Place.DataCenter,
            Country = offer.Place.Country,
            Region = offer.Place.Region,
            Spec = new Spec
            {
                MinCount = offer.MinSizeGiB,
                DefaultCount = 0,
                MaxCount = most,
                PricePerUnit = offer.PricePerGiBHour.Usd,
                Step = offer.StepGiB,
                DefaultIncludedInPrice = false,
                AdditionalInfo = offer.AdditionalInfo,
            },
            StockStatus = (most < Math.Max(1, offer.MinSizeGiB) ? Stock.Unavailable : offer.Stock).ToString(),
            Security = offer.Security.ToWire(),
            IsMultinode = offer.IsMultinode,
        };
    }

    public static GpuOffer Of(OfferedInstance offered, Stock stock)
    {
        var offer = offered.Offer;
        return new GpuOffer
        {
            CloudId = offer.CloudId,
            GpuType = offer.GpuType,
            Socket = offer.Socket,
            Provider = offered.Provider.Type,
            DataCenter = offer.Place.DataCenter,
            Country = offer.Place.Country,
            Region = offer.Place.Region,
            GpuCount = offer.GpuCount,
            GpuMemory = offer.GpuMemoryGiB,
            Disk = Fixed(offer.BootDiskGiB, offer.BootDiskInfo) with { MinCount = 1 },
            SharedDisk = None,
            Vcpu = Fixed(offer.Vcpus, null),
            Memory = Fixed(offer.MemoryGiB, null),
            InternetSpeed = offer.InternetSpeedMbps,
            Interconnect = null,
            InterconnectType = null,
            ProvisioningTime = null,
            StockStatus = stock.ToString(),
            Security = offer.Security.ToWire(),
            Prices = PricesOf(offered),
            Images = offer.Images,
            IsSpot = false,
            PrepaidTime = null,
        };
    }

    /// <summary>The cheapest price by GPU type, count, and region (contract 5.3).</summary>
    public static IReadOnlyDictionary<
        string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, SummaryPrice>>> Summarize(
        IEnumerable<OfferedInstance> offers) =>
        offers.GroupBy(offered => offered.Offer.GpuType).ToDictionary(
            type => type.Key,
            type => (IReadOnlyDictionary<string, IReadOnlyDictionary<string, SummaryPrice>>)type
                .GroupBy(offered => offered.Offer.GpuCount)
                .ToDictionary(count => count.Key.ToString(CultureInfo.InvariantCulture), SummarizeCount));

    private static IReadOnlyDictionary<string, SummaryPrice> SummarizeCount(IEnumerable<OfferedInstance> offers)
    {
        var all = offers.ToList();
        var result = new Dictionary<string, SummaryPrice> { ["cheapest"] = Cheapest(all) };
        foreach (var region in all.Where(offered => offered.Offer.Place.Region is not null)
            .GroupBy(offered => offered.Offer.Place.Region!))
        {
            result[region.Key] = Cheapest(region);
        }

        return result;
    }

    private static SummaryPrice Cheapest(IEnumerable<OfferedInstance> offers)
    {
        var prices = offers.Select(PricesOf).ToList();
        return new SummaryPrice(prices.Min(price => price.OnDemand), prices.Min(price => price.CommunityPrice), null);
    }

    private static GpuPrices PricesOf(OfferedInstance offered)
    {
        var price = offered.Offer.PricePerHour.Usd;
        return offered.Offer.Security == Security.CommunityCloud
            ? new GpuPrices(null, price, false, "USD")
            : new GpuPrices(price, null, false, "USD");
    }

    private static Spec Fixed(int count, string? info) => new()
    {
        MinCount = count,
        DefaultCount = count,
        MaxCount = count,
        PricePerUnit = 0m,
        Step = 1,
        DefaultIncludedInPrice = true,
        AdditionalInfo = info,
    };

    private static readonly Spec None = new()
    {
        MinCount = null,
        DefaultCount = null,
        MaxCount = null,
        PricePerUnit = null,
        Step = null,
        DefaultIncludedInPrice = null,
        AdditionalInfo = null,
    };
}
