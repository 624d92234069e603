namespace Mooring.Simulators.Hyperstack;

/// <summary>What there is to be had. Names as in the vendor's documents, figures of August 2026 or invented.</summary>
internal static class Catalog
{
    public static readonly IReadOnlyList<(long Id, string Name, string Country, string Green)> Regions =
    [
        (1, "NORWAY-1", "Norway", "GREEN"),
        (2, "CANADA-1", "Canada", "GREEN"),
        (3, "US-1", "United States", "PARTIALLY_GREEN"),
    ];

    public static readonly IReadOnlyList<string> VolumeTypes = ["Cloud-SSD"];

    public static readonly IReadOnlyList<(long Id, string Name, decimal Value)> Prices =
    [
        (10, "RTX-A4000", 0.15m),
        (21, "H100-80G-PCIe", 1.90m),
        (22, "H100-80G-SXM5", 2.40m),
        (31, "n1-cpu-small", 0.016m),
        (44, "Cloud-SSD", 0.000096774m),
        (45, "Public-IP", 0.00672043m),
    ];

    public static readonly IReadOnlyList<string> Images =
        ["Ubuntu Server 22.04 LTS R550 CUDA 12.4", "Ubuntu Server 22.04 LTS"];

    public static readonly IReadOnlyList<Flavor> Flavors =
    [
        .. Regions.SelectMany((region, index) => (Flavor[])
        [
            new(10 + index, "n1-cpu-small", region.Name, 4, 4, 100, 0, "", 0),
            new(50 + index, "n1-RTX-A4000x1", region.Name, 6, 23.5m, 100, 0, "RTX-A4000", 1),
            new(90 + index, "n3-H100x1", region.Name, 28, 180, 100, 750, "H100-80G-PCIe", 1),
            new(95 + index, "n3-H100x8", region.Name, 252, 1440, 100, 6500, "H100-80G-PCIe", 8),
            // Nobody outside knows this GPU: it must not be offered under a guessed name.
            new(99 + index, "n9-Q1x1", region.Name, 28, 180, 100, 750, "Q1-1T-Prototype", 1),
        ]),
    ];

    public static decimal PriceOf(string name) => Prices.FirstOrDefault(row => row.Name == name).Value;

    public static decimal PriceOf(Flavor flavor) =>
        flavor.Gpu.Length == 0 ? PriceOf(flavor.Name) : PriceOf(flavor.Gpu) * flavor.GpuCount;
}
