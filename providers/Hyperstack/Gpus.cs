namespace Mooring.Providers.Hyperstack;

/// <summary>A GPU in the contract's words.</summary>
/// <param name="Type">The contract's <c>GPUType</c>.</param>
/// <param name="MemoryGiB">GB (2^30 bytes) of one.</param>
/// <param name="Socket">The contract's <c>GPUSocket</c>.</param>
internal sealed record Gpu(string Type, int MemoryGiB, string Socket);

/// <summary>
/// The cloud's names of GPUs. RTX-A4000, H100-80G-PCIe and H100-80G-PCIe-NVLink are from the vendor's docs, the others
/// in their manner (assumed): one that is not here is not offered, and logged.
/// </summary>
internal static class Gpus
{
    private static readonly Dictionary<string, Gpu> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["A100-80G-PCIe"] = new("A100_80GB", 80, "PCIe"),
        ["A100-80G-PCIe-NVLink"] = new("A100_80GB", 80, "PCIe"),
        ["A100-80G-SXM4"] = new("A100_80GB", 80, "SXM4"),
        ["B200-180G-SXM6"] = new("B200_180GB", 180, "SXM6"),
        ["B300-262G-SXM6"] = new("B300_262GB", 262, "SXM6"),
        ["H100-80G-PCIe"] = new("H100_80GB", 80, "PCIe"),
        ["H100-80G-PCIe-NVLink"] = new("H100_80GB", 80, "PCIe"),
        ["H100-80G-SXM5"] = new("H100_80GB", 80, "SXM5"),
        ["H200-141G-SXM5"] = new("H200_141GB", 141, "SXM5"),
        ["L4"] = new("L4_24GB", 24, "PCIe"),
        ["L40"] = new("L40_48GB", 48, "PCIe"),
        ["L40S"] = new("L40S_48GB", 48, "PCIe"),
        ["RTX-4090"] = new("RTX4090_24GB", 24, "PCIe"),
        ["RTX-A4000"] = new("A4000_16GB", 16, "PCIe"),
        ["RTX-A5000"] = new("A5000_24GB", 24, "PCIe"),
        ["RTX-A6000"] = new("A6000_48GB", 48, "PCIe"),
        ["RTX-6000-Ada"] = new("RTX6000Ada_48GB", 48, "PCIe"),
        ["RTX-A6000-ada"] = new("RTX6000Ada_48GB", 48, "PCIe"),
        ["RTX-PRO6000-SE"] = new("RTX_PRO_6000B_96GB", 96, "PCIe"),
    };

    /// <summary>The GPU of that name at the cloud; null for one that this table does not know.</summary>
    public static Gpu? Find(string name) => Known.GetValueOrDefault(name.Trim());
}
