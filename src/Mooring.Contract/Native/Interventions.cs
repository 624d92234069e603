namespace Mooring.Contract.Native;

/// <summary>
/// Answer of POST <c>/api/mooring/v1/disks/{id}/retry</c>, <c>/suspend</c>, <c>/resume</c>, <c>/force-detach</c> and
/// <c>/pods/{id}/retry</c>.
/// </summary>
/// <param name="Id">The resource's id.</param>
/// <param name="Status">The status stored when the server answered, for example PENDING.</param>
/// <param name="Did">What was done, each a sentence. Never empty.</param>
public sealed record Intervention(string Id, string Status, IReadOnlyList<string> Did);

/// <summary>
/// Everything of the caller's that is overdue or can't be read, oldest first: GET <c>/api/mooring/v1/stuck</c>.
/// </summary>
/// <param name="Data">The resources. Never null.</param>
public sealed record StuckList(IReadOnlyList<StuckResource> Data);

/// <summary>A resource that is overdue or can't be read, in short.</summary>
public sealed record StuckResource
{
    /// <summary>disk or pod.</summary>
    public required string Kind { get; init; }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>As the resource itself shows it, for example ACTIVE.</summary>
    public required string Status { get; init; }

    /// <summary>Since when it has this status, UTC; for UNKNOWN, since when it can't be read.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>By when that should have ended, UTC; null where only its account can't be read.</summary>
    public required DateTimeOffset? Deadline { get; init; }

    /// <summary>Why, in the provider's own words where there are any.</summary>
    public required string? Reason { get; init; }

    /// <summary>Times in a row that the next step had to be put off.</summary>
    public required int Attempt { get; init; }

    /// <summary>When Mooring tries again, UTC; null while there is nothing to do.</summary>
    public required DateTimeOffset? NextTry { get; init; }
}
