namespace Mooring.Client;

/// <summary>Which entries of the audit trail are wanted; what is null filters nothing.</summary>
public sealed record AuditFilters
{
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
