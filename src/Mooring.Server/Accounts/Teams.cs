namespace Mooring.Server.Accounts;

/// <summary>Users who share resources and the wallet that pays for them.</summary>
internal sealed record Team
{
    public required TeamId Id { get; init; }
    public required AccountId AccountId { get; init; }
    public required string Name { get; init; }

    /// <summary>A short unique name; null until one is chosen.</summary>
    public string? Slug { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// When it was deleted, with no resources left; its row stays, as its bill does. Null while it is there.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>A user's part in a team.</summary>
internal sealed record TeamMember
{
    public required TeamId TeamId { get; init; }
    public required UserId UserId { get; init; }

    /// <summary>One of <see cref="TeamRoles"/>.</summary>
    public required string Role { get; init; }
    public required DateTimeOffset JoinedAt { get; init; }
}

/// <summary>What a user is to a team (contract, section 12).</summary>
internal static class TeamRoles
{
    /// <summary>May change who is in it, and end what others have made.</summary>
    public const string Admin = "ADMIN";

    /// <summary>Sees and uses what is the team's, and ends what they have made themselves.</summary>
    public const string Member = "MEMBER";

    public static IReadOnlyList<string> All { get; } = [Admin, Member];
}
