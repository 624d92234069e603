namespace Mooring.Server.Accounts;

/// <summary>An account that a caller sees.</summary>
/// <param name="AccountId">Whose things.</param>
/// <param name="WalletId">What pays for them.</param>
/// <param name="TeamId">The team whose account it is; null for the user's own.</param>
/// <param name="Role">The user's part in the team, one of <see cref="TeamRoles"/>; null for the user's own.</param>
/// <param name="HasQuota">Whether anything of it is limited.</param>
/// <param name="IsPrepaid">Whether what it uses is drawn from credit.</param>
internal sealed record AccountView(
    AccountId AccountId, WalletId WalletId, TeamId? TeamId, string? Role, bool HasQuota, bool IsPrepaid)
{
    public bool IsTeamAdmin => Role == TeamRoles.Admin;
}
