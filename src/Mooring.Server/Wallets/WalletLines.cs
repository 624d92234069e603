using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;

namespace Mooring.Server.Wallets;

/// <summary>
/// Works out the lines of wallets that have none: those in records of before there were lines. By their usage spans,
/// once, at a start, before anything else writes.
/// </summary>
internal static class WalletLines
{
    private static readonly Statement<string> Unknown =
        new("SELECT id FROM wallets WHERE offset_high IS NULL LIMIT 1", [], row => row.GetString(0));

    /// <summary>Fills in what is missing, a wallet a transaction.</summary>
    public static async Task FillAsync(Database database, CancellationToken ct)
    {
        while (await database.QueryAsync(Unknown, [], ct) is [var id])
        {
            await database.WriteAsync((db, token) => FillAsync(db, new WalletId(id), token), ct);
        }
    }

    private static async Task FillAsync(MooringDb db, WalletId id, CancellationToken ct)
    {
        var line = default(SpendingLine);
        var spans = db.UsageSpans.AsNoTracking().Where(span => span.WalletId == id).AsAsyncEnumerable();
        await foreach (var span in spans.WithCancellation(ct))
        {
            line += Charged.Of(span).Line;
        }

        var (high, low) = line.Stored();
        var rate = new Money(line.Rate);
        await db.Wallets.Where(wallet => wallet.Id == id && wallet.OffsetHigh == null).ExecuteUpdateAsync(
            set => set
                .SetProperty(wallet => wallet.Rate, rate)
                .SetProperty(wallet => wallet.OffsetHigh, high)
                .SetProperty(wallet => wallet.OffsetLow, low),
            ct);
    }
}
