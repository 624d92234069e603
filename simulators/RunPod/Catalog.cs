namespace Mooring.Simulators.RunPod;

/// <summary>What there is to be had, and its price.</summary>
/// <param name="DataCenters">Where.</param>
/// <param name="Gpus">What pods may have.</param>
/// <param name="Standard">What the tier STANDARD costs.</param>
/// <param name="HighPerformance">What the tier HIGH_PERFORMANCE costs.</param>
public sealed record Catalog(
    IReadOnlyList<SimulatedDataCenter> DataCenters,
    IReadOnlyList<SimulatedGpu> Gpus,
    TierPrice Standard,
    TierPrice HighPerformance)
{
    /// <summary>A few of each kind; ids are RunPod's, prices and stock are invented.</summary>
    public static readonly Catalog Sample = new(
        [
            new("US-KS-2", "US Kansas 2", "NORTH_AMERICA", ["STANDARD", "HIGH_PERFORMANCE"]),
            new("US-TX-3", "US Texas 3", "NORTH_AMERICA", []),
            new("CA-MTL-1", "CA Montreal 1", "NORTH_AMERICA", ["STANDARD"]),
            new("EU-RO-1", "EU Romania 1", "EUROPE", ["STANDARD"]),
            new("EUR-IS-1", "EUR Iceland 1", "EUROPE", ["STANDARD"]),
        ],
        [
            new("NVIDIA GeForce RTX 4090", "RTX 4090", 24, 0.69m, 8, Stock("US-KS-2 HIGH EU-RO-1 MEDIUM US-TX-3 LOW")),
            new("NVIDIA H100 80GB HBM3", "H100 SXM", 80, 2.99m, 8, Stock("US-KS-2 LOW EUR-IS-1 HIGH CA-MTL-1 NONE")),
            new("NVIDIA A100-SXM4-80GB", "A100 SXM", 80, 1.49m, 8, Stock("US-KS-2 MEDIUM EU-RO-1 HIGH")),
            new("NVIDIA L4", "L4", 24, 0.43m, 4, Stock("EU-RO-1 HIGH")),
            new("AMD Instinct MI300X OAM", "MI300X", 192, 2.49m, 8, Stock("EU-RO-1 LOW")),
        ],
        new TierPrice(0.07m, 0.05m),
        new TierPrice(0.14m, 0.14m));

    private static Dictionary<string, string> Stock(string text) =>
        text.Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
}

/// <summary>A data center.</summary>
/// <param name="Id">Its id, in capitals.</param>
/// <param name="Name">Its name.</param>
/// <param name="Region">RunPod's region.</param>
/// <param name="Tiers">The kinds of volumes there; none where there are no volumes.</param>
public sealed record SimulatedDataCenter(string Id, string Name, string Region, IReadOnlyList<string> Tiers);

/// <summary>A GPU.</summary>
/// <param name="Id">Its id, a display string.</param>
/// <param name="Name">Its short name.</param>
/// <param name="MemoryGb">GB.</param>
/// <param name="UsdPerHour">What one costs in Secure Cloud.</param>
/// <param name="MaxCount">How many one pod may have.</param>
/// <param name="Stock">NONE, LOW, MEDIUM or HIGH, by data center.</param>
public sealed record SimulatedGpu(
    string Id, string Name, int MemoryGb, decimal UsdPerHour, int MaxCount, IReadOnlyDictionary<string, string> Stock);

/// <summary>What storage costs in a month of 730 hours.</summary>
/// <param name="First">USD for each of the first 1000 GB.</param>
/// <param name="Above">USD for each GB above.</param>
public sealed record TierPrice(decimal First, decimal Above)
{
    internal decimal UsdPerHour(int sizeGb) =>
        ((Math.Min(sizeGb, 1000) * First) + (Math.Max(0, sizeGb - 1000) * Above)) / 730;
}
