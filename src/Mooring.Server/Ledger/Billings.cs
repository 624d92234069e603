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
    /// USD of all resources together, exact and rounded once. The database adds up the time that each price was paid
    /// for, as a sum of time × price would not fit its integers; there are few prices, and many spans.
    /// </summary>
    public static async Task<decimal> TotalUsdAsync(
        MooringDb db, WalletId wallet, DateTimeOffset now, CancellationToken ct)
    {
        var until = Clock.ToMicroseconds(now);
        var used = await db.Database.SqlQuery<TimeAtPrice>(
            $"""
            SELECT price_hr AS "PicoUsd", CAST(SUM(
                CASE WHEN COALESCE("to", {until}) > "from" THEN COALESCE("to", {until}) - "from" ELSE 0 END
            ) AS bigint) AS "Microseconds"
            FROM usage_spans WHERE wallet_id = {wallet.Value} GROUP BY price_hr
            """).ToListAsync(ct);
        return Accrual.Usd(used.Aggregate(Int128.Zero, (sum, one) => sum + ((Int128)one.Microseconds * one.PicoUsd)));
    }

    private static Billed Of(List<UsageSpan> spans, DateTimeOffset now) => new(
        spans[0].Kind,
        spans[0].ResourceId,
        spans.Min(span => span.From),
        spans.Max(span => Clock.Later(span.To ?? now, span.From)),
        Accrual.Usd(spans, now));

    private sealed record TimeAtPrice(long PicoUsd, long Microseconds);
}
