using System.ComponentModel.DataAnnotations;

namespace Mooring.Contract.Native;

/// <summary>Answer of GET <c>/api/mooring/v1/keys</c>.</summary>
/// <param name="Data">The caller's keys: those that are not revoked, newest first, then those that are.</param>
public sealed record KeyList(IReadOnlyList<Key> Data);

/// <summary>An API key, without its secret: that is shown once, by the answer that made it.</summary>
public sealed record Key
{
    /// <summary>12 hexadecimal digits: what the key is found by, and the part that may be shown.</summary>
    public required string Prefix { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>Whose key it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The team that it is for alone; null if it sees all that its user sees.</summary>
    public required string? TeamId { get; init; }

    /// <summary>
    /// <c>SECTION:read</c> and <c>SECTION:write</c>, where the sections are availability, disks, instances, teams,
    /// billing, ssh_keys, admin and keys, in this order. Write implies read.
    /// </summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is refused, UTC; null means never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked, UTC; null while it holds.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Since when it is refused until it is enabled again, UTC; null while it is not.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    /// <summary>When it was last used, UTC, to the minute; null if it never was.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The address that it was last used from; null if it never was.</summary>
    public required string? LastUsedFrom { get; init; }
}

/// <summary>The sections of the API that a key's permissions are given by.</summary>
public static class KeySections
{
    /// <summary>All of them, in the order in which permissions are listed.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["availability", "disks", "instances", "teams", "billing", "ssh_keys", "admin", "keys"];
}

/// <summary>Body of POST <c>/api/mooring/v1/keys</c>.</summary>
public sealed record CreateKeyRequest
{
    /// <summary>1 to 255 characters. Required.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>
    /// <c>SECTION:read</c> or <c>SECTION:write</c> each, none that the key which asks lacks. All of that key's when
    /// null or absent. Write implies read.
    /// </summary>
    public IReadOnlyList<string?>? Permissions { get; init; }

    /// <summary>From when on it shall be refused; in the future. Never when null or absent.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// A team that its user is in: the key sees that team's resources alone, and what is made with it is the team's.
    /// When null or absent it sees all that its user sees; a team's key makes keys for that team only.
    /// </summary>
    public string? TeamId { get; init; }

    /// <summary>Whose it shall be; the caller's own when null or absent. Another's needs <c>admin:write</c>.</summary>
    public string? UserId { get; init; }
}

/// <summary>Body of PATCH <c>/api/mooring/v1/keys/{prefix}</c>. What is null or absent stays.</summary>
public sealed record UpdateKeyRequest
{
    /// <summary>1 to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Whether it shall be refused until it is enabled again.</summary>
    public bool? IsDisabled { get; init; }
}

/// <summary>Answer of POST <c>/api/mooring/v1/keys</c>, with 201.</summary>
public sealed record CreatedKey
{
    /// <summary>12 hexadecimal digits: what the key is found by, and the part that may be shown.</summary>
    public required string Prefix { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do, in the form that the request has it.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is refused, UTC; null means never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whose key it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The team that it is for alone; null if it sees all that its user sees.</summary>
    public required string? TeamId { get; init; }

    /// <summary>
    /// The whole key. Only this answer holds it: the server keeps no more than its hash. Null in the answer to a repeat
    /// with the same <c>Idempotency-Key</c>.
    /// </summary>
    public required string? Key { get; init; }

    /// <summary>Why there is no <see cref="Key"/>, and what to do, in words; null where there is one.</summary>
    public required string? Detail { get; init; }
}

/// <summary>Answer of DELETE <c>/api/mooring/v1/keys/{prefix}</c>.</summary>
/// <param name="Prefix">The key's prefix.</param>
/// <param name="RevokedAt">When it was revoked, UTC; it is refused from the next request on.</param>
public sealed record RevokedKey(string Prefix, DateTimeOffset RevokedAt);
