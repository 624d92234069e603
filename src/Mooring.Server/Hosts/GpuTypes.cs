namespace Mooring.Server.Hosts;

/// <summary>
/// The contract's GPU types (section 12), and which of them a GPU is by the name and memory that <c>nvidia-smi</c>
/// gives.
/// </summary>
internal static class GpuTypes
{
    /// <summary>An instance without a GPU.</summary>
    public const string None = "CPU_NODE";

    /// <summary>Every value of the contract's enumeration.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        None, "A10_24GB", "A100_80GB", "A100_40GB", "A30_24GB", "A40_48GB", "B200_180GB", "B300_262GB", "GB200",
        "GB300", "RTX3070_8GB", "RTX3080_10GB", "RTX3080Ti_12GB", "RTX3090_24GB", "RTX3090Ti_24GB", "RTX4070Ti_12GB",
        "RTX4080_16GB", "RTX4080Ti_16GB", "RTX4090_24GB", "RTX5090_32GB", "H100_80GB", "H200_96GB", "GH200_96GB",
        "H200_141GB", "GH200_480GB", "GH200_624GB", "L4_24GB", "L40_48GB", "L40S_48GB", "RTX4000_8GB", "RTX5000_16GB",
        "RTX6000_24GB", "RTX8000_48GB", "RTX2000Ada_16GB", "RTX4000Ada_20GB", "RTX5000Ada_32GB", "RTX6000Ada_48GB",
        "A2000_6GB", "A4000_16GB", "A4500_20GB", "A5000_24GB", "A6000_48GB", "V100_16GB", "V100_32GB", "P100_16GB",
        "T4_16GB", "P4_8GB", "P40_24GB", "RTX_PRO_6000B_96GB",
    ];

    // nvidia-smi prints "NVIDIA H100 80GB HBM3", "NVIDIA GeForce RTX 4090", "NVIDIA RTX 6000 Ada Generation",
    // "NVIDIA A100-SXM4-40GB", "Tesla T4". What follows the model there stands here without blanks.
    private static readonly string[] Noise = ["NVIDIA", "GEFORCE", "TESLA", "QUADRO", "GENERATION", "GRAPHICS"];

    private static readonly string[] AfterTheModel = ["SXM", "PCIE", "HBM", "NVL", "WORKSTATION", "SERVER", "MAXQ"];

    /// <summary>
    /// The contract's type of a GPU: the type whose model begins the GPU's, with the nearest memory, and at most a
    /// tenth off. Null for a GPU that the contract has no type for.
    /// </summary>
    public static string? Of(string model, int memoryGiB)
    {
        ArgumentNullException.ThrowIfNull(model);
        var name = Squeeze(model);
        return All
            .Where(type => type != None)
            .Select(type => (Type: type, Model: ModelOf(type), Memory: MemoryOf(type)))
            .Where(known => name.StartsWith(known.Model, StringComparison.Ordinal) && !GoesOn(name, known.Model))
            .Where(known => known.Memory is not { } memory || Math.Abs(memory - memoryGiB) * 10 <= memory)
            .OrderByDescending(known => known.Model.Length)
            .ThenBy(known => Math.Abs((known.Memory ?? memoryGiB) - memoryGiB))
            .Select(known => known.Type)
            .FirstOrDefault();
    }

    /// <summary>The contract's socket of a GPU, from its model's name.</summary>
    public static string SocketOf(string model) => model.ToUpperInvariant() switch
    {
        var name when name.Contains("SXM2") => "SXM2",
        var name when name.Contains("SXM3") => "SXM3",
        var name when name.Contains("SXM4") => "SXM4",
        var name when name.Contains("B200") || name.Contains("B300") => "SXM6",
        var name when name.Contains("HBM3") || name.Contains("SXM5")
            || (name.Contains("H200") && !name.Contains("NVL")) => "SXM5",
        _ => "PCIe",
    };

    private static string Squeeze(string model)
    {
        var words = model.ToUpperInvariant().Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries);
        var name = string.Concat(words.Where(word => !Noise.Contains(word)));
        // The contract calls the "RTX A4000" A4000.
        return name.StartsWith("RTXA", StringComparison.Ordinal) && name.Length > 4 && char.IsAsciiDigit(name[4])
            ? name[3..]
            : name;
    }

    private static string ModelOf(string type)
    {
        var end = type.LastIndexOf('_');
        return Squeeze(end > 0 && type.EndsWith("GB", StringComparison.Ordinal) ? type[..end] : type)
            // "RTX PRO 6000B" is the Blackwell card.
            .Replace("6000B", "6000BLACKWELL", StringComparison.Ordinal);
    }

    private static int? MemoryOf(string type)
    {
        var end = type.LastIndexOf('_');
        return end > 0 && type.EndsWith("GB", StringComparison.Ordinal)
            && int.TryParse(type.AsSpan(end + 1, type.Length - end - 3), out var gib)
            ? gib
            : null;
    }

    // "L40S" is no "L40", "RTX4080TI" no "RTX4080": what follows may be memory, form or memory kind, but no letter of
    // the model.
    private static bool GoesOn(string name, string model)
    {
        var rest = name[model.Length..];
        return rest.Length > 0 && !char.IsAsciiDigit(rest[0])
            && !AfterTheModel.Any(known => rest.StartsWith(known, StringComparison.Ordinal));
    }
}
