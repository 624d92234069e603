using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Ledger;

/// <summary>
/// Recomputes every resource's usage spans from its events alone, and tells where what is stored differs: in number, in
/// time, in price, or in what the row itself says is billed now. Reads both in the order of their indexes, a resource
/// at a time.
/// </summary>
internal static class BillAudit
{
    /// <summary>What differs, a sentence each.</summary>
    public static async IAsyncEnumerable<string> FindingsAsync(
        MooringDb db, [EnumeratorCancellation] CancellationToken ct)
    {
        var billed = await BilledNowAsync(db, ct);
        await using var events = db.Events.AsNoTracking()
            .OrderBy(happened => happened.ResourceId)
            .ThenBy(happened => happened.Number)
            .AsAsyncEnumerable()
            .GetAsyncEnumerator(ct);
        await using var spans = db.UsageSpans.AsNoTracking()
            .OrderBy(span => span.ResourceId)
            .ThenBy(span => span.Number)
            .AsAsyncEnumerable()
            .GetAsyncEnumerator(ct);
        var (hasEvent, hasSpan) = (await events.MoveNextAsync(), await spans.MoveNextAsync());
        while (hasEvent || hasSpan)
        {
            var id = !hasSpan || (hasEvent && IsBefore(events.Current.ResourceId, spans.Current.ResourceId))
                ? events.Current.ResourceId
                : spans.Current.ResourceId;
            List<ResourceEvent> history = [];
            for (; hasEvent && events.Current.ResourceId == id; hasEvent = await events.MoveNextAsync())
            {
                history.Add(events.Current);
            }

            List<UsageSpan> stored = [];
            for (; hasSpan && spans.Current.ResourceId == id; hasSpan = await spans.MoveNextAsync())
            {
                stored.Add(spans.Current);
            }

            foreach (var finding in Compare(id, history, stored, billed))
            {
                yield return finding;
            }
        }

        foreach (var id in billed.Keys)
        {
            yield return $"{id} has a row and no history.";
        }
    }

    /// <summary>The spans that a history asks for.</summary>
    public static IReadOnlyList<(DateTimeOffset From, DateTimeOffset? To, Money PriceHr)> SpansOf(
        IReadOnlyList<ResourceEvent> history)
    {
        List<(DateTimeOffset From, DateTimeOffset? To, Money PriceHr)> spans = [];
        Money? rate = null;
        foreach (var happened in history)
        {
            if (happened.Rate == rate)
            {
                continue;
            }

            if (rate is not null)
            {
                spans[^1] = spans[^1] with { To = happened.At };
            }

            if (happened.Rate is { } price)
            {
                spans.Add((happened.At, null, price));
            }

            rate = happened.Rate;
        }

        return spans;
    }

    private static IEnumerable<string> Compare(
        string id, List<ResourceEvent> history, List<UsageSpan> stored, Dictionary<string, Money?> billed)
    {
        var computed = SpansOf(history);
        if (!computed.SequenceEqual(stored.Select(span => (span.From, span.To, span.PriceHr))))
        {
            yield return $"The bill of {id} is not what its history says: {Words(stored.Count)} stored, "
                + $"{Words(computed.Count)} by its {history.Count} events.";
        }

        var open = stored.Where(span => span.To is null).ToList();
        if (!billed.Remove(id, out var rate))
        {
            yield return $"{id} has a history and no row.";
        }
        else if (open.Count != (rate is null ? 0 : 1) || (rate is { } price && open[0].PriceHr != price))
        {
            var now = rate is null ? "not billed now" : $"billed at {rate.Value.Usd} USD an hour now";
            yield return $"{id} is {now}, and has {Words(open.Count)} open.";
        }

        if (history.Zip(history.Skip(1)).Any(pair => pair.First.At > pair.Second.At))
        {
            yield return $"In the history of {id} time runs backwards.";
        }
    }

    // Each resource with what its own row says is billed now: held in memory, about 100 bytes each.
    private static async Task<Dictionary<string, Money?>> BilledNowAsync(MooringDb db, CancellationToken ct)
    {
        Dictionary<string, Money?> billed = [];
        await foreach (var disk in db.Disks.AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
        {
            billed[disk.Id.Value] = disk.Rate;
        }

        await foreach (var pod in db.Pods.AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
        {
            billed[pod.Id.Value] = pod.Rate;
        }

        return billed;
    }

    private static bool IsBefore(string left, string right) => string.CompareOrdinal(left, right) <= 0;

    private static string Words(int spans) => spans == 1 ? "1 usage span" : $"{spans} usage spans";
}
