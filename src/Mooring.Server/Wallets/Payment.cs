using Microsoft.EntityFrameworkCore;
using Mooring.Server.Accounts;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;

namespace Mooring.Server.Wallets;

/// <summary>Whether a prepaid wallet can pay for something new.</summary>
internal static class Payment
{
    /// <summary>
    /// Its balance must cover an hour of all that it pays for, at full price, the new one included: so whatever was
    /// accepted has its first hour. To be asked in the unit that makes it, after <see cref="Quota"/> has counted it:
    /// that holds the account's row, so that of many at once no more pass than the balance covers.
    /// </summary>
    /// <returns>The refusal, or null.</returns>
    public static async Task<MooringError?> CheckAsync(
        MooringDb db, AccountView account, Used wanted, DateTimeOffset now, CancellationToken ct)
    {
        if (!account.IsPrepaid)
        {
            return null;
        }

        var wallet = await db.Wallets.AsNoTracking().SingleAsync(one => one.Id == account.WalletId, ct);
        var inUse = await db.Accounts.Where(one => one.Id == account.AccountId)
            .Select(one => one.CurrentRate)
            .SingleAsync(ct);
        var balance = wallet.BalanceAt(now);
        return !wallet.IsPrepaid || (balance > 0 && balance >= Accrual.SumOf(inUse))
            ? null
            : new BalanceTooLow(wallet.Id, Accrual.Usd(balance), inUse.Usd - wanted.Rate.Usd, wanted.Rate.Usd);
    }
}
