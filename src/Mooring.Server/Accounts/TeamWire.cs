namespace Mooring.Server.Accounts;

/// <summary>Members as the contract writes them (section 8).</summary>
internal static class TeamWire
{
    public static Contract.V1.TeamMember Of(TeamMember member, User user) => new()
    {
        UserId = member.UserId.Value,
        UserName = user.Name,
        UserEmail = user.Email,
        Role = member.Role,
        JoinedAt = member.JoinedAt,
    };
}
