using Mooring.Contract.Native;
using Mooring.Providers;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;

namespace Mooring.Server.Wallets;

/// <summary>A wallet with whose it is.</summary>
internal sealed record PayingWalletRow
{
    public required Wallet Wallet { get; init; }
    public required UserId? UserId { get; init; }
    public required TeamId? TeamId { get; init; }
    public required string Name { get; init; }

    /// <summary>What all that it pays for costs per hour at its full price.</summary>
    public required Money FullRate { get; init; }
}

/// <summary>Wallets as the API tells of them.</summary>
internal static class WalletWire
{
    /// <summary>Every wallet with its account.</summary>
    public static IQueryable<PayingWalletRow> Rows(MooringDb db) =>
        from wallet in db.Wallets
        join account in db.Accounts on wallet.AccountId equals account.Id
        select new PayingWalletRow
        {
            Wallet = wallet,
            UserId = account.UserId,
            TeamId = account.TeamId,
            Name = account.Name,
            FullRate = account.CurrentRate,
        };

    public static PayingWallet Of(PayingWalletRow row, WalletLimits limits, DateTimeOffset now)
    {
        var wallet = row.Wallet;
        return new PayingWallet
        {
            Id = wallet.Id.Value,
            UserId = row.UserId?.Value,
            TeamId = row.TeamId?.Value,
            Name = row.Name,
            Mode = wallet.IsPrepaid ? WalletModes.Prepaid : WalletModes.Showback,
            Status = wallet.Status,
            CreditUsd = Accrual.Usd(Accrual.SumOf(wallet.Credit)),
            SpentUsd = Accrual.Usd(wallet.Line.At(now)),
            BalanceUsd = Accrual.Usd(wallet.BalanceAt(now)),
            ReservedUsd = wallet.IsPrepaid ? row.FullRate.Usd : 0,
            SpendPerHour = wallet.Rate.Usd,
            RunsOutAt = WalletLifecycle.RunsOutAt(wallet, now),
            EmptySince = wallet.EmptySince,
            ReclaimedFrom = WalletLifecycle.KeptUntil(wallet, limits),
            WarningsGiven = Math.Min(wallet.GraceStage, WalletLimits.Warnings),
        };
    }

    public static Credit Of(CreditEntry entry) => new()
    {
        Number = entry.Number,
        At = entry.At,
        AmountUsd = entry.Amount.Usd,
        Reference = entry.Reference,
        UserId = entry.UserId.Value,
    };
}
