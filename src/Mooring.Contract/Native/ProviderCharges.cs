namespace Mooring.Contract.Native;

/// <summary>
/// Answer of GET <c>/api/mooring/v1/providers/{id}/charges</c>: what a provider account says that it charged.
/// </summary>
public sealed record ProviderCharges
{
    /// <summary>The account's id.</summary>
    public required string ProviderAccountId { get; init; }

    /// <summary>The provider's type.</summary>
    public required string Type { get; init; }

    /// <summary>The first day, UTC.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day, UTC.</summary>
    public required DateOnly To { get; init; }

    /// <summary>When its charges were last read, UTC; null where they never were.</summary>
    public required DateTimeOffset? ReadAt { get; init; }

    /// <summary>Why they could not be read the last time, in the provider's own words; null where they could.</summary>
    public required string? Reason { get; init; }

    /// <summary>USD of these days in all: disks and instances.</summary>
    public required decimal TotalUsd { get; init; }

    /// <summary>USD for disks.</summary>
    public required decimal DisksUsd { get; init; }

    /// <summary>USD for instances.</summary>
    public required decimal InstancesUsd { get; init; }

    /// <summary>
    /// USD, a part of both, for what no record is about: others' things in the same account, orphans, and seconds that
    /// were made by mistake and removed.
    /// </summary>
    public required decimal UnmatchedUsd { get; init; }

    /// <summary>Each day that has charges, in their order.</summary>
    public required IReadOnlyList<DayOfCharges> Days { get; init; }

    /// <summary>How many things have charges.</summary>
    public required int TotalCount { get; init; }

    /// <summary>A page of these, what was charged most first.</summary>
    public required IReadOnlyList<ChargedResource> Resources { get; init; }

    /// <summary>How many things were left out before the page.</summary>
    public required int Offset { get; init; }

    /// <summary>How many the page has at the most.</summary>
    public required int Limit { get; init; }
}

/// <summary>What was charged on one day.</summary>
public sealed record DayOfCharges
{
    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>USD for disks.</summary>
    public required decimal DisksUsd { get; init; }

    /// <summary>USD for instances.</summary>
    public required decimal InstancesUsd { get; init; }

    /// <summary>USD, a part of both, for what no record is about.</summary>
    public required decimal UnmatchedUsd { get; init; }
}

/// <summary>What one thing was charged in these days.</summary>
public sealed record ChargedResource
{
    /// <summary><c>disk</c> or <c>pod</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The provider's id of it.</summary>
    public required string RemoteId { get; init; }

    /// <summary>Its name there; null where the bill does not say it.</summary>
    public required string? Name { get; init; }

    /// <summary>The disk or pod here that it is, or was made for; null for what no record is about.</summary>
    public required string? ResourceId { get; init; }

    /// <summary>USD that the provider charged.</summary>
    public required decimal ChargedUsd { get; init; }

    /// <summary>
    /// USD that accrued here for the same disk or pod in the same days; null where no record is about it.
    /// </summary>
    public required decimal? AccruedUsd { get; init; }
}

/// <summary>Answer of POST <c>/api/mooring/v1/providers/{id}/charges/read</c>.</summary>
/// <param name="ProviderAccountId">The account's id.</param>
/// <param name="From">The first day that was read, UTC.</param>
/// <param name="To">The last day that was read, UTC.</param>
/// <param name="ReadAt">When, UTC.</param>
/// <param name="Charges">How many charges these days have.</param>
public sealed record ChargesReading(
    string ProviderAccountId, DateOnly From, DateOnly To, DateTimeOffset ReadAt, int Charges);
