namespace Mooring.Client;

/// <summary>Which entries of the audit trail are wanted; what is null filters nothing.</summary>
public sealed record AuditFilters
{
    /// <summary>Only what the key with this public prefix did, 12 characters.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// Only what came from this address; with a key, a user, a target, or from 31 days at the most.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>Only what this user's keys did.</summary>
    public string? UserId { get; init; }

    /// <summary>Only what was done to the thing with this id.</summary>
    public string? Target { get; init; }

    /// <summary>Only this, by the route's name in the API reference: <c>createDisk</c>, say.</summary>
    public string? Action { get; init; }

    /// <summary>Only what was refused (true), or only what was done (false).</summary>
    public bool? Refused { get; init; }

    /// <summary>The first day, UTC.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, UTC.</summary>
    public DateOnly? To { get; init; }
}
