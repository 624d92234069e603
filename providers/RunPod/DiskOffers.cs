using Microsoft.Extensions.Logging;
using Mooring.Providers.Disks;

namespace Mooring.Providers.RunPod;

/// <summary>
/// Where volumes can be had. The catalogue lists the tiers that a data center has; what they cost stands in no endpoint
/// and is configured, and how much room is left nobody says.
/// </summary>
internal sealed partial class DiskOffers(RunPodOptions options, ILogger logger)
{
    public const int MinSizeGb = 10;
    public const int MaxSizeGb = 4096;

    private const string Standard = "STANDARD";
    private const string HighPerformance = "HIGH_PERFORMANCE";

    /// <summary>Whether there is such a tier.</summary>
    public static bool IsTier(string tier) => tier is Standard or HighPerformance;

    /// <summary>The offers of these data centers; those without volumes have none.</summary>
    public IReadOnlyList<DiskOffer> Of(IReadOnlyList<DataCenter> dataCenters) =>
    [
        .. from dataCenter in dataCenters
           where DataCenters.IsId(dataCenter.Id)
           from tier in (dataCenter.NetworkVolumeTypes ?? []).OfType<string>().Distinct()
           let price = PriceOf(tier, dataCenter.Id)
           where price is not null
           select OfferOf(dataCenter, tier, price),
    ];

    /// <summary>Whether disks of this tier are offered anywhere.</summary>
    public bool IsOffered(string tier) => tier == Standard
        || (tier == HighPerformance && (options.HighPerformance is not null || options.HighPerformanceIn.Count > 0));

    private StoragePrice? PriceOf(string tier, string dataCenter)
    {
        var price = tier switch
        {
            Standard => options.Standard,
            HighPerformance => options.HighPerformanceIn.GetValueOrDefault(dataCenter) ?? options.HighPerformance,
            _ => null,
        };
        if (price is null)
        {
            LogNoPrice(logger, tier, dataCenter);
        }

        return price;
    }

    private DiskOffer OfferOf(DataCenter dataCenter, string tier, StoragePrice price) => new(
        tier,
        DataCenters.PlaceOf(dataCenter.Id, dataCenter.Region),
        price.PerGbHour,
        MinSizeGb,
        MaxSizeGb,
        StepGiB: 1,
        IsMultinode: true,
        Stock.Available,
        Security.SecureCloud,
        Pool: null,
        InfoOn(price));

    // An offer has one price for each GB. That of the first 1000 GB is the one: no disk then costs more than it says.
    private string InfoOn(StoragePrice price)
    {
        var text = FormattableString.Invariant(
            $"{price.UsdPerGbMonth} USD per GB and month of 730 hours, as of {options.PricesAsOf:yyyy-MM-dd}.");
        return price.UsdPerGbMonthAbove is { } above && above != price.UsdPerGbMonth
            ? text + FormattableString.Invariant(
                $" RunPod charges {above} USD for each GB above {StoragePrice.FirstGb}, which this price hides:")
                + FormattableString.Invariant(
                    $" {MaxSizeGb} GB cost {price.UsdPerMonth(MaxSizeGb)} USD a month there.")
            : text;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "No price is configured for {Tier} in {DataCenter}: not offered")]
    private static partial void LogNoPrice(ILogger logger, string tier, string dataCenter);
}
