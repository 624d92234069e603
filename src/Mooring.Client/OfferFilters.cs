namespace Mooring.Client;

/// <summary>Which disk offers to list; null means any (contract 5.1).</summary>
public sealed record DiskOfferFilter
{
    /// <summary>Names of regions, any of which will do (contract, section 12).</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>The offer's data center.</summary>
    public string? DataCenterId { get; init; }

    /// <summary>The offer's cloudId.</summary>
    public string? CloudId { get; init; }
}

/// <summary>Which instance offers to list; null means any (contract 5.2).</summary>
public sealed record GpuOfferFilter
{
    /// <summary>Names of regions, any of which will do (contract, section 12).</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>The offer's data center.</summary>
    public string? DataCenterId { get; init; }

    /// <summary>The offer's cloudId.</summary>
    public string? CloudId { get; init; }

    /// <summary>GPUs, exactly.</summary>
    public int? GpuCount { get; init; }

    /// <summary>GPU type, CPU_NODE for none (contract, section 12).</summary>
    public string? GpuType { get; init; }

    /// <summary>GPU socket (contract, section 12).</summary>
    public string? Socket { get; init; }

    /// <summary>secure_cloud or community_cloud.</summary>
    public string? Security { get; init; }

    /// <summary>Ids of disks: only offers in their provider and data center.</summary>
    public IReadOnlyList<string>? Disks { get; init; }
}
