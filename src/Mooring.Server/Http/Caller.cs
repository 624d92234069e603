using Microsoft.AspNetCore.Http;
using Mooring.Server.Accounts;

namespace Mooring.Server.Http;

/// <summary>
/// Who is asking: the key's user, the accounts whose things it sees, and what the key may do. What is made without
/// saying for whom belongs to <see cref="AccountId"/>.
/// </summary>
/// <param name="UserId">The key's user.</param>
/// <param name="Views">
/// Every account whose things it sees, with its user's part in each; the one that it acts for by itself is the first.
/// Whose user has left the key's team sees none, and is let in nowhere.
/// </param>
internal sealed record Caller(UserId UserId, IReadOnlyList<AccountView> Views)
{
    /// <summary>The account that it acts for by itself.</summary>
    public AccountId AccountId => Views[0].AccountId;

    /// <summary>What pays for what it makes by itself.</summary>
    public WalletId WalletId => Views[0].WalletId;

    /// <summary>The ids of these accounts.</summary>
    public IReadOnlyList<AccountId> Accounts => field ??= [.. Views.Select(view => view.AccountId)];

    /// <summary>The key's public part.</summary>
    public string KeyPrefix { get; init; } = "";

    /// <summary>The team that the key is for alone; null if it sees what its user sees.</summary>
    public TeamId? TeamId => Views[0].TeamId;

    /// <summary>As <see cref="ApiKey.Permissions"/>, without what the user's role does not give.</summary>
    public int Permissions { get; init; }

    /// <summary>When the key ends; null where it does not.</summary>
    public DateTimeOffset? KeyExpiresAt { get; init; }

    /// <summary>What is the operator's to read: everybody's things, by their ids.</summary>
    public bool ReadsAll => Section.Admin.AccessIn(Permissions).HasFlag(Access.Read);

    /// <summary>Whether it may read what is billed, and what wallets have.</summary>
    public bool ReadsBills => Section.Billing.AccessIn(Permissions).HasFlag(Access.Read);

    /// <summary>What is the operator's to change.</summary>
    public bool ChangesAll => Section.Admin.AccessIn(Permissions).HasFlag(Access.Read | Access.Write);

    /// <summary>Whether it sees what an account has.</summary>
    public bool Sees(AccountId account) => ReadsAll || Accounts.Contains(account);

    /// <summary>Whether it may change what an account has.</summary>
    public bool MayUse(AccountId account) => ChangesAll || Accounts.Contains(account);

    /// <summary>
    /// Whether it may end what somebody has made, or keep it from being used: its creator, an admin of its team, and
    /// the operator (contract 16.9).
    /// </summary>
    public bool MayEnd(AccountId account, UserId creator) => ChangesAll
        || Views.Any(view => view.AccountId == account && (view.IsTeamAdmin || creator == UserId));

    /// <summary>The account that something is made for: a team's, or the caller's own if none is named.</summary>
    public Result<AccountView> ViewFor(string? team) =>
        team is null ? Views[0]
        : Views.FirstOrDefault(view => view.TeamId?.Value == team) is { } view ? view
        : new NotAMember(team);

    public static ValueTask<Caller> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<Caller>()
            ?? throw new InvalidOperationException(
                $"{context.Request.Path} asks for a caller but demands no permission."));
}
