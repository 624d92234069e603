using System.ComponentModel.DataAnnotations;

namespace Mooring.Contract.V1;

/// <summary>Answer of GET <c>/user/whoami</c> (contract, section 8).</summary>
/// <param name="Data">Whose key it is, and what the key may do.</param>
/// <param name="Status">Always null: the contract leaves its meaning open.</param>
public sealed record WhoAmI(User Data, string? Status);

/// <summary>Answer of PATCH <c>/user/slug</c>.</summary>
/// <param name="Data">The user with the new slug.</param>
public sealed record UserChanged(User Data);

/// <summary>A user (contract, section 8). Every member is always written.</summary>
public sealed record User
{
    /// <summary>The user's id: c and 24 lower-case letters or digits.</summary>
    public required string Id { get; init; }

    /// <summary>ADMIN, MANAGER or USER.</summary>
    public required string Role { get; init; }

    /// <summary>When the user was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user's name.</summary>
    public required string Name { get; init; }

    /// <summary>The user's mail address.</summary>
    public required string Email { get; init; }

    /// <summary>A short unique name that may stand in addresses; null until the user chooses one.</summary>
    public required string? Slug { get; init; }

    /// <summary>Address of a picture; null, as there is none here.</summary>
    public required string? Image { get; init; }

    /// <summary>Whether the mail address was checked; null, as it is not here.</summary>
    public required bool? EmailVerified { get; init; }

    /// <summary>Always false: nothing here is for some users only.</summary>
    public required bool HasBetaAccess { get; init; }

    /// <summary>Whether the user may do nothing.</summary>
    public required bool IsBanned { get; init; }

    /// <summary>Whether the user need not pay in advance.</summary>
    public required bool SkipPrepay { get; init; }

    /// <summary>What is closed to the user; empty.</summary>
    public required IReadOnlyList<string> Blacklist { get; init; }

    /// <summary>
    /// What the key that asked may do, by section: availability, disks, instances, teams, billing, ssh_keys, admin.
    /// </summary>
    public required IReadOnlyDictionary<string, ScopeAccess> Scope { get; init; }
}

/// <summary>What a key may do in one section.</summary>
/// <param name="Read">Whether it may read.</param>
/// <param name="Write">Whether it may write, and read.</param>
public sealed record ScopeAccess(bool Read, bool Write);

/// <summary>Body of PATCH <c>/user/slug</c>.</summary>
public sealed record UpdateSlugRequest
{
    /// <summary>3 to 30 characters of a-z, 0-9 and the dash. Required.</summary>
    [Required]
    public string? Slug { get; init; }
}

/// <summary>A team that the user belongs to (contract, section 8).</summary>
public sealed record UserTeam
{
    /// <summary>The team's id: c and 24 lower-case letters or digits.</summary>
    public required string TeamId { get; init; }

    /// <summary>The team's name.</summary>
    public required string Name { get; init; }

    /// <summary>A short unique name that may stand in addresses, or null.</summary>
    public required string? Slug { get; init; }

    /// <summary>The user's part in it: ADMIN or MEMBER.</summary>
    public required string Role { get; init; }

    /// <summary>When the user joined, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A member of a team (contract, section 8).</summary>
public sealed record TeamMember
{
    /// <summary>The member's id.</summary>
    public required string UserId { get; init; }

    /// <summary>The member's name, or null.</summary>
    public required string? UserName { get; init; }

    /// <summary>The member's mail address, or null.</summary>
    public required string? UserEmail { get; init; }

    /// <summary>ADMIN or MEMBER.</summary>
    public required string Role { get; init; }

    /// <summary>When the member joined, UTC.</summary>
    public required DateTimeOffset JoinedAt { get; init; }
}
