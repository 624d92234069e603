using Mooring.Server.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Accounts;

/// <summary>An account with its wallet, as each user and each team has one.</summary>
internal static class NewAccount
{
    /// <summary>Makes both, for a user or for a team.</summary>
    public static (Account Account, Wallet Wallet) Of(
        string name, UserId? user, TeamId? team, IdGenerator ids, DateTimeOffset now, bool isPrepaid = false)
    {
        var wallet =
            new Wallet
            {
                Id = new WalletId(ids.Cuid()),
                AccountId = new AccountId(ids.Cuid()),
                CreatedAt = now,
                OffsetHigh = 0,
                OffsetLow = 0,
                IsPrepaid = isPrepaid,
                DueAt = isPrepaid ? now : null,
            };
        var account = new Account
        {
            Id = wallet.AccountId,
            Name = name,
            UserId = user,
            TeamId = team,
            WalletId = wallet.Id,
            CreatedAt = now,
        };
        return (account, wallet);
    }

    /// <summary>Writes both.</summary>
    public static async Task InsertAsync(
        this MooringDb db, (Account Account, Wallet Wallet) made, CancellationToken ct)
    {
        await db.InsertAsync(made.Wallet, ct);
        await db.InsertAsync(made.Account, ct);
    }
}
