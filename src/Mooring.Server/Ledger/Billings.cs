using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Ledger;

/// <summary>What one resource has cost until a point in time.</summary>
internal sealed record Billed(
    ResourceKind Kind, string ResourceId, DateTimeOffset From, DateTimeOffset Until, decimal Usd);

/// <summary>A wallet's bill, computed from its usage spans: nothing is stored that could disagree with them.</summary>
internal static class Billings
{
    /// <summary>How many resources of the wallet were ever billed.</summary>
    public static Task<int> CountAsync(MooringDb db, WalletId wallet, CancellationToken ct) => db.UsageSpans
        .Where(span => span.WalletId == wallet)
        .Select(span => span.ResourceId)
        .Distinct()
        .CountAsync(ct);

    /// <summary>
    /// A page of resources, those that are billed now first, then the ones whose bill ended last: two queries, however
    /// many there are.
    /// </summary>
    public static async Task<IReadOnlyList<Billed>> PageAsync(
        MooringDb db, WalletId wallet, int offset, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var page = await db.UsageSpans
            .Where(span => span.WalletId == wallet)
            .GroupBy(span => span.ResourceId)
            .Select(spans => new
            {
                Id = spans.Key,
                Open = spans.Max(span => span.To == null ? 1 : 0),
                Last = spans.Max(span => span.To),
            })
            .OrderByDescending(row => row.Open)
            .ThenByDescending(row => row.Last)
            .ThenByDescending(row => row.Id)
            .Skip(offset)
            .Take(limit)
            .Select(row => row.Id)
            .ToListAsync(ct);
        var spans = (await db.UsageSpans.AsNoTracking().Where(span => page.Contains(span.ResourceId)).ToListAsync(ct))
            .ToLookup(span => span.ResourceId);
        return [.. page.Select(id => Of([.. spans[id]], now))];
    }

    /// <summary>
    /// USD that are left of a wallet's credit, exact and rounded once; below zero where more was spent.
    /// </summary>
    public static async Task<decimal> BalanceUsdAsync(
        MooringDb db, WalletId wallet, DateTimeOffset now, CancellationToken ct)
    {
        var row = await db.Wallets.AsNoTracking().SingleAsync(one => one.Id == wallet, ct);
        return Accrual.Usd(checked(Accrual.SumOf(row.Credit) - await SumAsync(db, wallet, now, ct)));
    }

    /// <summary>For how long each wallet has paid each price: a row for each pair, read one by one.</summary>
    public static IAsyncEnumerable<(string Wallet, TimeAtPrice Time)> TimesAsync(MooringDb db, DateTimeOffset now)
    {
        var until = Clock.ToMicroseconds(now);
        return db.Database.SqlQuery<WalletTime>(
            $"""
            SELECT wallet_id AS "Wallet", price_hr AS "PicoUsd", CAST(SUM(used / 1000000) AS bigint) AS "Seconds",
                CAST(SUM(used % 1000000) AS bigint) AS "Microseconds"
            FROM (SELECT wallet_id, price_hr, COALESCE("to", {until}) - "from" AS used FROM usage_spans) AS spans
            WHERE used > 0 GROUP BY wallet_id, price_hr
            """).AsAsyncEnumerable().Select(row => (row.Wallet, row.Time));
    }

    // The database adds up the time that each price was paid for, as a sum of time × price would not fit its integers;
    // there are few prices, and many spans.
    private static async Task<Int128> SumAsync(
        MooringDb db, WalletId wallet, DateTimeOffset now, CancellationToken ct)
    {
        var until = Clock.ToMicroseconds(now);
        return TimeAtPrice.SumOf(await db.Database.SqlQuery<TimeAtPrice>(
            $"""
            SELECT price_hr AS "PicoUsd", CAST(SUM(used / 1000000) AS bigint) AS "Seconds",
                CAST(SUM(used % 1000000) AS bigint) AS "Microseconds"
            FROM (SELECT price_hr, COALESCE("to", {until}) - "from" AS used
                FROM usage_spans WHERE wallet_id = {wallet.Value}) AS spans
            WHERE used > 0 GROUP BY price_hr
            """).ToListAsync(ct));
    }

    private static Billed Of(List<UsageSpan> spans, DateTimeOffset now) => new(
        spans[0].Kind,
        spans[0].ResourceId,
        spans.Min(span => span.From),
        spans.Max(span => Clock.Later(span.To ?? now, span.From)),
        Accrual.Usd(spans, now));

    private sealed record WalletTime(string Wallet, long PicoUsd, long Seconds, long Microseconds)
    {
        public TimeAtPrice Time => new(PicoUsd, Seconds, Microseconds);
    }
}
