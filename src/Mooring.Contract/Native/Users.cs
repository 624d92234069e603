using System.ComponentModel.DataAnnotations;

namespace Mooring.Contract.Native;

/// <summary>A user, as an operator sees one.</summary>
public sealed record UserAccount
{
    /// <summary>The user's id: c and 24 lower-case letters or digits.</summary>
    public required string Id { get; init; }

    /// <summary>The user's name.</summary>
    public required string Name { get; init; }

    /// <summary>The user's mail address.</summary>
    public required string Email { get; init; }

    /// <summary>
    /// ADMIN: an operator. MANAGER: may look at everything. USER: has their own things and those of their teams.
    /// </summary>
    public required string Role { get; init; }

    /// <summary>A short unique name, or null.</summary>
    public required string? Slug { get; init; }

    /// <summary>The wallet that pays for what is the user's own.</summary>
    public required string WalletId { get; init; }

    /// <summary>When the user was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when none of the user's keys holds, UTC; null while they do.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/users</c>.</summary>
public sealed record CreateUserRequest
{
    /// <summary>1 to 255 characters. Required.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>A mail address, 3 to 255 characters, that no other user has. Required.</summary>
    [Required]
    public string? Email { get; init; }

    /// <summary>ADMIN, MANAGER or USER; USER when null or absent.</summary>
    public string? Role { get; init; }
}

/// <summary>Body of PATCH <c>/api/mooring/v1/users/{id}</c>. What is null or absent stays.</summary>
public sealed record UpdateUserRequest
{
    /// <summary>1 to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>A mail address, 3 to 255 characters, that no other user has.</summary>
    public string? Email { get; init; }

    /// <summary>ADMIN, MANAGER or USER.</summary>
    public string? Role { get; init; }

    /// <summary>Whether all of the user's keys shall be refused until the user is enabled again.</summary>
    public bool? IsDisabled { get; init; }
}

/// <summary>A team, as its members and operators see it.</summary>
public sealed record Team
{
    /// <summary>The team's id: c and 24 lower-case letters or digits.</summary>
    public required string Id { get; init; }

    /// <summary>The team's name.</summary>
    public required string Name { get; init; }

    /// <summary>A short unique name, or null.</summary>
    public required string? Slug { get; init; }

    /// <summary>The wallet that pays for what is the team's.</summary>
    public required string WalletId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/teams</c>.</summary>
public sealed record CreateTeamRequest
{
    /// <summary>1 to 255 characters. Required.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>3 to 30 characters of a-z, 0-9 and the dash, that no other team has.</summary>
    public string? Slug { get; init; }

    /// <summary>The user who becomes its first admin; the caller when null or absent.</summary>
    public string? AdminUserId { get; init; }
}

/// <summary>Body of PATCH <c>/api/mooring/v1/teams/{id}</c>. What is null or absent stays.</summary>
public sealed record UpdateTeamRequest
{
    /// <summary>1 to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>3 to 30 characters of a-z, 0-9 and the dash, that no other team has.</summary>
    public string? Slug { get; init; }
}

/// <summary>Body of PUT <c>/api/mooring/v1/teams/{id}/members/{userId}</c>.</summary>
public sealed record SetTeamMemberRequest
{
    /// <summary>ADMIN or MEMBER; MEMBER when null or absent.</summary>
    public string? Role { get; init; }
}

/// <summary>Answer to the removal of a team or of a member.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="UserId">The member who is no longer in it; null where the team itself is gone.</param>
public sealed record TeamRemoval(string TeamId, string? UserId);

/// <summary>Answer of GET <c>/api/mooring/v1/quotas</c>.</summary>
/// <param name="Data">The caller's own account, and those of the caller's teams.</param>
public sealed record QuotaList(IReadOnlyList<AccountQuota> Data);

/// <summary>
/// What an account may have at the most, and has. It is taken from acceptance until a resource is gone.
/// </summary>
public sealed record AccountQuota
{
    /// <summary>The user whose account it is; null for a team's.</summary>
    public required string? UserId { get; init; }

    /// <summary>The team whose account it is; null for a user's.</summary>
    public required string? TeamId { get; init; }

    /// <summary>What there may be at the most.</summary>
    public required Quota Limits { get; init; }

    /// <summary>What there is. No member is null.</summary>
    public required Quota InUse { get; init; }
}

/// <summary>
/// Body of PUT <c>/api/mooring/v1/users/{id}/quota</c> and <c>/teams/{id}/quota</c>, and what these say. All four are
/// set: what is null or absent is not limited.
/// </summary>
public sealed record Quota
{
    /// <summary>Disks, 0 or more.</summary>
    public int? Disks { get; init; }

    /// <summary>Their sizes together, in GB of 2^30 bytes, 0 or more.</summary>
    public long? SizeGb { get; init; }

    /// <summary>Instances, 0 or more.</summary>
    public int? Instances { get; init; }

    /// <summary>What all cost together at their full price, in USD per hour, 0 to 1,000,000.</summary>
    public decimal? SpendPerHour { get; init; }
}
