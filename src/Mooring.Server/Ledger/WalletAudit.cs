using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Ledger;

/// <summary>
/// The last part of <see cref="BillAudit"/>: whether each wallet keeps of what it pays for, and of its credit, what the
/// events say, and whether what was booked is that, too.
/// </summary>
/// <param name="db">The same consistent state of the records.</param>
/// <param name="lines">What each wallet spends over time, by the events of what it pays for.</param>
internal sealed class WalletAudit(MooringDb db, IReadOnlyDictionary<WalletId, SpendingLine> lines)
{
    /// <summary>What differs.</summary>
    public async IAsyncEnumerable<BillFinding> FindingsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var (byEvents, booked) = (await CreditsAsync(ct), await BookedAsync(ct));
        var wallets = new Portions<Wallet>(last => WalletsAsync(last, ct));
        await wallets.MoveAsync();
        for (; wallets.Current is { } wallet; await wallets.MoveAsync())
        {
            var line = lines.GetValueOrDefault(wallet.Id);
            if (wallet.OffsetHigh is null || wallet.OffsetLow is null)
            {
                yield return new BillFinding(
                    wallet.Id.Value,
                    $"What wallet {wallet.Id} has spent was never worked out, as each start does: start mooringd on "
                    + "the records once.");
            }
            else if (wallet.Line != line)
            {
                yield return new BillFinding(
                    wallet.Id.Value,
                    $"Wallet {wallet.Id} keeps that it spends {wallet.Rate.Usd} USD an hour, {wallet.Line.Offset} from "
                    + $"1970 on; by the events of what it pays it is {new Providers.Money(line.Rate).Usd}, "
                    + $"{line.Offset}.");
            }

            var credit = byEvents.GetValueOrDefault(wallet.Id);
            if (wallet.Credit != credit)
            {
                yield return new BillFinding(
                    wallet.Id.Value,
                    $"Wallet {wallet.Id} keeps a credit of {Usd(wallet.Credit)} USD, and by its events it is "
                    + $"{Usd(credit)} USD.");
            }

            if (booked.GetValueOrDefault(wallet.Id) is var entries && entries != credit)
            {
                yield return new BillFinding(
                    wallet.Id.Value,
                    $"The bookings of wallet {wallet.Id} add up to {Usd(entries)} USD, and by its events it is "
                    + $"{Usd(credit)} USD.");
            }
        }
    }

    // By the wallets' own histories, for which there is an index; all others are of no interest here.
    private Task<Dictionary<WalletId, Int128>> CreditsAsync(CancellationToken ct) => SumsAsync(
        $"""
        SELECT wallets.id AS "Wallet", CAST(SUM(events.amount / 1000000) AS bigint) AS "Millions",
            CAST(SUM(events.amount % 1000000) AS bigint) AS "Rest"
        FROM wallets CROSS JOIN events
        WHERE events.resource_id = wallets.id AND events.amount IS NOT NULL
        GROUP BY wallets.id
        """,
        ct);

    private Task<Dictionary<WalletId, Int128>> BookedAsync(CancellationToken ct) => SumsAsync(
        $"""
        SELECT wallet_id AS "Wallet", CAST(SUM(amount / 1000000) AS bigint) AS "Millions",
            CAST(SUM(amount % 1000000) AS bigint) AS "Rest"
        FROM credit_entries GROUP BY wallet_id
        """,
        ct);

    // Millions and the rest apart, as in the end more may have gone through a wallet than an integer holds.
    private Task<Dictionary<WalletId, Int128>> SumsAsync(FormattableString sql, CancellationToken ct) =>
        db.Database.SqlQuery<Booked>(sql).ToDictionaryAsync(
            row => new WalletId(row.Wallet), row => ((Int128)row.Millions * 1_000_000) + row.Rest, ct);

    private Task<List<Wallet>> WalletsAsync(Wallet? last, CancellationToken ct) => db.Wallets
        .FromSql($"SELECT * FROM wallets WHERE id > {last?.Id.Value ?? ""}")
        .AsNoTracking()
        .OrderBy(wallet => wallet.Id)
        .Take(Portions<Wallet>.Size)
        .ToListAsync(ct);

    private static decimal Usd(Int128 picoUsd) => Accrual.Usd(Accrual.SumOf(picoUsd));

    private sealed record Booked(string Wallet, long Millions, long Rest);
}
