using Mooring.Providers;
using Mooring.Server.Ledger;

namespace Mooring.Server.Charges;

/// <summary>
/// What a provider says that it charges for one thing on one day: evidence to hold our own accrual against, and never a
/// part of it.
/// </summary>
internal sealed record ProviderCharge
{
    public required ProviderAccountId ProviderAccountId { get; init; }

    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }
    public required ResourceKind Kind { get; init; }

    /// <summary>The provider's id of the thing.</summary>
    public required string RemoteId { get; init; }

    /// <summary>Its name there, where the bill says it.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Which disk or pod of ours it is, or was made for; null for what no record is about.
    /// </summary>
    public string? ResourceId { get; init; }

    /// <summary>USD of that day.</summary>
    public required Money Amount { get; init; }
}
