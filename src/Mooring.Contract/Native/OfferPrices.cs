namespace Mooring.Contract.Native;

/// <summary>
/// Answer of GET <c>/api/mooring/v1/offers/prices</c>: what disk offers have cost and cost now, what was seen last
/// first. A change is for disks that are made after it; those that exist keep their price.
/// </summary>
/// <param name="Data">A page of prices.</param>
/// <param name="TotalCount">How many there are.</param>
public sealed record PriceHistory(IReadOnlyList<PriceSeen> Data, int TotalCount);

/// <summary>A disk offer's first price, or a change of it.</summary>
public sealed record PriceSeen
{
    /// <summary>The provider account that offers it.</summary>
    public required string ProviderAccountId { get; init; }

    /// <summary>Its type.</summary>
    public required string ProviderType { get; init; }

    /// <summary>The kind of storage; null where the provider has only one.</summary>
    public required string? CloudId { get; init; }

    /// <summary>Where.</summary>
    public required string? DataCenter { get; init; }

    /// <summary>USD per GB and hour from then on.</summary>
    public required decimal PricePerGbHour { get; init; }

    /// <summary>The same before; null for the first price that was seen.</summary>
    public required decimal? PriceBefore { get; init; }

    /// <summary>When it was first seen, UTC: within half a minute of the change, while a server runs.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
