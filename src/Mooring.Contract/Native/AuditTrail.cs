namespace Mooring.Contract.Native;

/// <summary>
/// Answer of GET <c>/api/mooring/v1/audit</c>: who changed what, from where, and what was refused; newest first.
/// </summary>
/// <param name="Data">The entries of this page.</param>
/// <param name="Next">What to ask for as <c>before</c> for the next page; null where there is none.</param>
public sealed record AuditTrail(IReadOnlyList<AuditTrailEntry> Data, long? Next);

/// <summary>One request that changed something, or that was refused. Nothing of its body is here.</summary>
public sealed record AuditTrailEntry
{
    /// <summary>Its number; later ones are larger, and some are left out.</summary>
    public required long Number { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The prefix of the API key that was used; null where no valid one was.</summary>
    public required string? KeyPrefix { get; init; }

    /// <summary>The key's user; null where no valid key was used.</summary>
    public required string? UserId { get; init; }

    /// <summary>The account that the key acts for by itself; null where no valid key was used.</summary>
    public required string? AccountId { get; init; }

    /// <summary>The address that the request came from.</summary>
    public required string? Address { get; init; }

    /// <summary>The request's id, as in its answer's <c>X-Request-Id</c> and in the server's log.</summary>
    public required string RequestId { get; init; }

    /// <summary>
    /// The route's name in the API reference, for example <c>createDisk</c>; null where the request came to no route.
    /// </summary>
    public required string? Action { get; init; }

    /// <summary>
    /// The id of what it was about or of what was made, 64 characters at the most; null where there is none.
    /// </summary>
    public required string? Target { get; init; }

    /// <summary>The HTTP status of the answer: below 400 it was done, from 400 on it was refused.</summary>
    public required int Status { get; init; }

    /// <summary>
    /// Why it was refused, 500 characters at the most; of a change, what the rest does not tell; otherwise null.
    /// </summary>
    public required string? Words { get; init; }
}
