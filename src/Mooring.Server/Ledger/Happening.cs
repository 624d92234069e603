using Mooring.Providers;

namespace Mooring.Server.Ledger;

/// <summary>What can happen to a disk, a pod or a wallet. Names are stored; they are added to, never renamed.</summary>
internal enum Happened
{
    Created,
    Renamed,
    Ready,
    Failed,
    StepFailed,
    AttachBegun,
    Attached,
    ReleaseBegun,
    Released,
    Unreadable,
    Readable,
    Overdue,
    DeleteAccepted,
    Ended,
    Restarting,
    Gone,
    Missing,
    Found,
    StrayFound,
    StrayRemoved,
    Suspended,
    Resumed,
    Retried,
    ForceDetachAccepted,
    Adopted,
    DriftBegun,
    DriftEnded,
    DeletionForbidden,
    DeletionAllowed,
    Credited,
    ModeChanged,
    BalanceLow,
    BalanceEmpty,
    BalanceRestored,
    ReclaimWarned,
    Reclaimed,
}

/// <summary>One fact in a resource's history, before it has a place there.</summary>
/// <param name="What">What happened.</param>
/// <param name="Words">In words, where there are any; the provider's own.</param>
internal sealed record Happening(Happened What, string? Words)
{
    /// <summary>What was booked; null where nothing was.</summary>
    public Money? Amount { get; init; }
}

/// <summary>
/// One fact in a resource's history: never changed, never removed. A bill can be recomputed from these alone: each
/// carries the price that holds from it on.
/// </summary>
internal sealed record ResourceEvent
{
    public long Number { get; init; }
    public required ResourceKind Kind { get; init; }
    public required string ResourceId { get; init; }
    public required AccountId AccountId { get; init; }
    public required WalletId WalletId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required Happened What { get; init; }
    public required string Status { get; init; }
    public string? Words { get; init; }

    /// <summary>What the user pays per hour from here on; null where nothing.</summary>
    public Money? Rate { get; init; }

    /// <summary>What was paid into a wallet, or below zero taken out; null where nothing was.</summary>
    public Money? Amount { get; init; }
}

internal enum ResourceKind
{
    Disk,
    Pod,
    Wallet,
}

/// <summary>
/// A stretch of time with one price for one resource. Opened and closed with the transition that causes it.
/// </summary>
internal sealed record UsageSpan
{
    public long Number { get; init; }
    public required ResourceKind Kind { get; init; }
    public required string ResourceId { get; init; }
    public required AccountId AccountId { get; init; }
    public required WalletId WalletId { get; init; }
    public required DateTimeOffset From { get; init; }

    /// <summary>Set once.</summary>
    public DateTimeOffset? To { get; init; }
    public required Money PriceHr { get; init; }
    public required Happened Cause { get; init; }
}
