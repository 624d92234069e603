namespace Mooring.Contract.V1;

/// <summary>A place and price where a disk can be had (contract 5.1). Every member is always written.</summary>
public sealed record DiskOffer
{
    /// <summary>The kind of storage; null where the provider has one only.</summary>
    public required string? CloudId { get; init; }

    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Where the disk will be; null where the provider does not say.</summary>
    public required string? DataCenter { get; init; }

    /// <summary>ISO 3166-1 alpha-2 code, or null.</summary>
    public required string? Country { get; init; }

    /// <summary>One of the contract's regions, or null.</summary>
    public required string? Region { get; init; }

    /// <summary>Sizes in GB and price per GB and hour.</summary>
    public required Spec Spec { get; init; }

    /// <summary>Available, Low, Medium, High or Unavailable.</summary>
    public required string StockStatus { get; init; }

    /// <summary>secure_cloud or community_cloud.</summary>
    public required string Security { get; init; }

    /// <summary>Whether several instances may hold one disk at once.</summary>
    public required bool IsMultinode { get; init; }
}

/// <summary>
/// Bounds and price of something that is counted (contract 5.1). All seven members are always written.
/// </summary>
public sealed record Spec
{
    /// <summary>Least count.</summary>
    public required int? MinCount { get; init; }

    /// <summary>Count that is taken where none is asked for.</summary>
    public required int? DefaultCount { get; init; }

    /// <summary>Greatest count.</summary>
    public required int? MaxCount { get; init; }

    /// <summary>USD per unit (GB for disks) and hour.</summary>
    public required decimal? PricePerUnit { get; init; }

    /// <summary>Counts are multiples of it.</summary>
    public required int? Step { get; init; }

    /// <summary>Whether the default count is part of the instance's price.</summary>
    public required bool? DefaultIncludedInPrice { get; init; }

    /// <summary>Anything else to know, or null.</summary>
    public required string? AdditionalInfo { get; init; }
}

/// <summary>The envelope of availability (contract 13, D2).</summary>
/// <typeparam name="T">An offer.</typeparam>
/// <param name="Items">This page.</param>
/// <param name="TotalCount">Offers in all pages, under the same filter.</param>
public sealed record OfferPage<T>(IReadOnlyList<T> Items, int TotalCount);

/// <summary>An instance that can be had (contract 5.2). Every member is always written.</summary>
public sealed record GpuOffer
{
    /// <summary>What POST <c>/pods/</c> takes as <c>pod.cloudId</c>.</summary>
    public required string CloudId { get; init; }

    /// <summary>One of the contract's GPU types; CPU_NODE without a GPU.</summary>
    public required string GpuType { get; init; }

    /// <summary>One of the contract's sockets.</summary>
    public required string Socket { get; init; }

    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Where it will run, or null.</summary>
    public required string? DataCenter { get; init; }

    /// <summary>ISO 3166-1 alpha-2 code, or null.</summary>
    public required string? Country { get; init; }

    /// <summary>One of the contract's regions, or null.</summary>
    public required string? Region { get; init; }

    /// <summary>GPUs; 1 for a CPU_NODE.</summary>
    public required int GpuCount { get; init; }

    /// <summary>GB per GPU; 0 for a CPU_NODE.</summary>
    public required int GpuMemory { get; init; }

    /// <summary>Boot disk, GB.</summary>
    public required Spec Disk { get; init; }

    /// <summary>Disk shared by the nodes of a cluster, GB.</summary>
    public required Spec SharedDisk { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public required Spec Vcpu { get; init; }

    /// <summary>Memory, GB.</summary>
    public required Spec Memory { get; init; }

    /// <summary>Mbps, or null.</summary>
    public required int? InternetSpeed { get; init; }

    /// <summary>Gbps between nodes, or null.</summary>
    public required int? Interconnect { get; init; }

    /// <summary>Kind of interconnect, or null.</summary>
    public required string? InterconnectType { get; init; }

    /// <summary>Minutes until it runs, or null.</summary>
    public required int? ProvisioningTime { get; init; }

    /// <summary>Available, Low, Medium, High or Unavailable.</summary>
    public required string StockStatus { get; init; }

    /// <summary>secure_cloud or community_cloud.</summary>
    public required string Security { get; init; }

    /// <summary>What it costs.</summary>
    public required GpuPrices Prices { get; init; }

    /// <summary>Image names that can be started there.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Whether it may be taken back at any time.</summary>
    public required bool? IsSpot { get; init; }

    /// <summary>Whole hours charged up front, or null.</summary>
    public required int? PrepaidTime { get; init; }
}

/// <summary>USD (or EUR) per hour.</summary>
/// <param name="OnDemand">On-demand price, or null.</param>
/// <param name="CommunityPrice">Community price, or null.</param>
/// <param name="IsVariable">Whether the price may move.</param>
/// <param name="Currency">USD or EUR.</param>
public sealed record GpuPrices(decimal? OnDemand, decimal? CommunityPrice, bool? IsVariable, string Currency);

/// <summary>
/// The cheapest prices of one GPU type and count, in one region or in all (contract 5.3); USD per hour.
/// </summary>
/// <param name="OnDemand">On-demand price, or null.</param>
/// <param name="CommunityPrice">Community price, or null.</param>
/// <param name="SpotPrice">Spot price, or null.</param>
public sealed record SummaryPrice(decimal? OnDemand, decimal? CommunityPrice, decimal? SpotPrice);
