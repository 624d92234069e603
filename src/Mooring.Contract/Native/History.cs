namespace Mooring.Contract.Native;

/// <summary>
/// A page of a resource's history, oldest first: GET <c>/api/mooring/v1/disks/{id}/events</c> and
/// <c>/pods/{id}/events</c>.
/// </summary>
public sealed record HistoryPage
{
    /// <summary>This page; empty where there is nothing after the number asked for. Never null.</summary>
    public required IReadOnlyList<HistoryEvent> Data { get; init; }

    /// <summary>What <c>after</c> is for the next page; null when there is no more.</summary>
    public required long? Next { get; init; }
}

/// <summary>
/// One fact, as it happens: <c>data</c> of each event of the streams GET <c>/api/mooring/v1/events/stream</c>,
/// <c>/disks/{id}/events/stream</c> and <c>/pods/{id}/events/stream</c>. The event's <c>id</c> is its number.
/// </summary>
public sealed record LiveEvent
{
    /// <summary>Grows along the stream; numbers in between belong to other resources and accounts.</summary>
    public required long Number { get; init; }

    /// <summary>One of <see cref="ResourceKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>To which it happened, 32 lower-case hexadecimal digits.</summary>
    public required string ResourceId { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, as in <see cref="HistoryEvent.What"/>.</summary>
    public required string What { get; init; }

    /// <summary>The status from then on; never UNKNOWN, which is shown and not stored.</summary>
    public required string Status { get; init; }

    /// <summary>In words, the provider's own where there are any; null where the fact says it all.</summary>
    public required string? Words { get; init; }

    /// <summary>USD per hour from then on; null where nothing is billed.</summary>
    public required decimal? PriceHr { get; init; }
}

/// <summary>One fact in a resource's history; never changed, never removed.</summary>
public sealed record HistoryEvent
{
    /// <summary>Grows along the history; numbers in between belong to other resources.</summary>
    public required long Number { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// What happened, for example <c>ATTACH_BEGUN</c>; all of them are in docs/reference/states.md. More may come.
    /// </summary>
    public required string What { get; init; }

    /// <summary>The status from then on; never UNKNOWN, which is shown and not stored.</summary>
    public required string Status { get; init; }

    /// <summary>In words, the provider's own where there are any; null where the fact says it all.</summary>
    public required string? Words { get; init; }

    /// <summary>USD per hour from then on; null where nothing is billed.</summary>
    public required decimal? PriceHr { get; init; }
}
