using Mooring.Contract.V1;

namespace Mooring.Cli;

/// <summary>What is chosen by, where offers are chosen from.</summary>
internal static class OfferChoice
{
    public const string Unavailable = "Unavailable";
    private const string DefaultImage = "ubuntu_22_cuda_12";

    /// <summary>
    /// A place for a disk of that size: this machine's before others, disks for one instance at a time before others,
    /// then the cheapest. Null if there is none.
    /// </summary>
    public static DiskOffer? ForDisk(IEnumerable<DiskOffer> offers, int sizeGb) => offers
        .Where(offer => offer.StockStatus != Unavailable && Fits(offer.Spec, sizeGb))
        .OrderByDescending(offer => offer.Provider == "local")
        .ThenByDescending(offer => offer.CloudId == "block")
        .ThenBy(offer => offer.Spec.PricePerUnit ?? decimal.MaxValue)
        .FirstOrDefault();

    /// <summary>
    /// The cheapest instance without a GPU, else the cheapest. One that may be taken away at any time comes last, and
    /// one that is paid hours ahead, or has no image to start yet, not at all. Null if there is none.
    /// </summary>
    public static GpuOffer? ForInstance(IEnumerable<GpuOffer> offers) => offers
        .Where(offer => IsPossible(offer) && offer.Images.Count > 0)
        .OrderByDescending(offer => offer.GpuType == "CPU_NODE")
        .ThenBy(offer => offer.IsSpot == true)
        .ThenBy(PriceHr)
        .FirstOrDefault();

    /// <summary>Whether it could be taken, were there an image to start.</summary>
    public static bool LacksOnlyAnImage(GpuOffer offer) => IsPossible(offer) && offer.Images.Count == 0;

    /// <summary>USD per hour, as today's CLI reads the prices (contract 5.2).</summary>
    public static decimal PriceHr(GpuOffer offer) =>
        offer.Prices.CommunityPrice ?? offer.Prices.OnDemand ?? decimal.MaxValue;

    /// <summary>The image to start; null leaves it to the server.</summary>
    public static string? Image(GpuOffer offer) =>
        offer.Images.Contains(DefaultImage)
            ? DefaultImage
            : offer.Images.FirstOrDefault(image => image != "custom_template");

    /// <summary>Whether so many can be had.</summary>
    public static bool Fits(Spec spec, int count) =>
        count >= (spec.MinCount ?? 0)
        && count <= (spec.MaxCount ?? int.MaxValue)
        && (spec.Step is not > 1 || count % spec.Step == 0);

    private static bool IsPossible(GpuOffer offer) =>
        offer.StockStatus != Unavailable && (offer.PrepaidTime ?? 0) == 0;
}
