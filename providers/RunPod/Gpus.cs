using System.Globalization;

namespace Mooring.Providers.RunPod;

/// <summary>A GPU that RunPod has, in the contract's words.</summary>
/// <param name="Id">RunPod's id for it.</param>
/// <param name="Type">The contract's <c>GPUType</c>.</param>
/// <param name="MemoryGiB">GB (2^30 bytes).</param>
/// <param name="Socket">The contract's <c>GPUSocket</c>.</param>
internal sealed record Gpu(string Id, string Type, int MemoryGiB, string Socket = "PCIe");

/// <summary>
/// RunPod's GPUs (its page "GPU types") that the contract has a name for. Others are not offered; H100 NVL, RTX 4080
/// SUPER, RTX 5080 and MI300X are among them.
/// </summary>
internal static class Gpus
{
    private static readonly Dictionary<string, Gpu> ById = new Gpu[]
    {
        new("NVIDIA A100 80GB PCIe", "A100_80GB", 80),
        new("NVIDIA A100-SXM4-80GB", "A100_80GB", 80, "SXM4"),
        new("NVIDIA A30", "A30_24GB", 24),
        new("NVIDIA A40", "A40_48GB", 48),
        new("NVIDIA B200", "B200_180GB", 180, "SXM6"),
        new("NVIDIA B300 SXM6 AC", "B300_262GB", 288, "SXM6"),
        new("NVIDIA GeForce RTX 3070", "RTX3070_8GB", 8),
        new("NVIDIA GeForce RTX 3080", "RTX3080_10GB", 10),
        new("NVIDIA GeForce RTX 3080 Ti", "RTX3080Ti_12GB", 12),
        new("NVIDIA GeForce RTX 3090", "RTX3090_24GB", 24),
        new("NVIDIA GeForce RTX 3090 Ti", "RTX3090Ti_24GB", 24),
        new("NVIDIA GeForce RTX 4070 Ti", "RTX4070Ti_12GB", 12),
        new("NVIDIA GeForce RTX 4080", "RTX4080_16GB", 16),
        new("NVIDIA GeForce RTX 4090", "RTX4090_24GB", 24),
        new("NVIDIA GeForce RTX 5090", "RTX5090_32GB", 32),
        new("NVIDIA H100 80GB HBM3", "H100_80GB", 80, "SXM5"),
        new("NVIDIA H100 PCIe", "H100_80GB", 80),
        new("NVIDIA H200", "H200_141GB", 141, "SXM5"),
        new("NVIDIA L4", "L4_24GB", 24),
        new("NVIDIA L40", "L40_48GB", 48),
        new("NVIDIA L40S", "L40S_48GB", 48),
        new("NVIDIA RTX 2000 Ada Generation", "RTX2000Ada_16GB", 16),
        new("NVIDIA RTX 4000 Ada Generation", "RTX4000Ada_20GB", 20),
        new("NVIDIA RTX 4000 SFF Ada Generation", "RTX4000Ada_20GB", 20),
        new("NVIDIA RTX 5000 Ada Generation", "RTX5000Ada_32GB", 32),
        new("NVIDIA RTX 6000 Ada Generation", "RTX6000Ada_48GB", 48),
        new("NVIDIA RTX PRO 6000 Blackwell Server Edition", "RTX_PRO_6000B_96GB", 96),
        new("NVIDIA RTX A2000", "A2000_6GB", 6),
        new("NVIDIA RTX A4000", "A4000_16GB", 16),
        new("NVIDIA RTX A4500", "A4500_20GB", 20),
        new("NVIDIA RTX A5000", "A5000_24GB", 24),
        new("NVIDIA RTX A6000", "A6000_48GB", 48),
        new("Tesla V100-FHHL-16GB", "V100_16GB", 16),
        new("Tesla V100-PCIE-16GB", "V100_16GB", 16),
        new("Tesla V100-SXM2-16GB", "V100_16GB", 16, "SXM2"),
        new("Tesla V100-SXM2-32GB", "V100_32GB", 32, "SXM2"),
    }.ToDictionary(gpu => gpu.Id);

    /// <summary>The GPU of this id; null if the contract has no name for it.</summary>
    public static Gpu? Find(string id) => ById.GetValueOrDefault(id);

    /// <summary>
    /// The offer's id for so many of a GPU. An order names this id alone, so the number is part of it where it is more
    /// than one: <c>NVIDIA H200 x8</c>.
    /// </summary>
    public static string CloudIdOf(Gpu gpu, int count) => count == 1 ? gpu.Id : $"{gpu.Id} x{count}";

    /// <summary>Which GPU, and how many, an offer's id names; null if it names none.</summary>
    public static (Gpu Gpu, int Count)? Parse(string cloudId)
    {
        if (Find(cloudId) is { } one)
        {
            return (one, 1);
        }

        var cut = cloudId.LastIndexOf(" x", StringComparison.Ordinal);
        return cut > 0
            && int.TryParse(
                cloudId.AsSpan(cut + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 2 and <= 64
            && Find(cloudId[..cut]) is { } gpu
                ? (gpu, count)
                : null;
    }
}
