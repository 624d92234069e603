using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;
using Mooring.Server.Wallets;

namespace Mooring.Server.Ledger;

/// <summary>Something that the ledger says otherwise than the events do.</summary>
/// <param name="Id">The disk, pod or wallet.</param>
/// <param name="Words">What differs, in a sentence.</param>
internal sealed record BillFinding(string Id, string Words);

/// <summary>
/// Recomputes the ledger from events alone, and tells where what is stored differs: each resource's usage spans, in
/// number, time, price, wallet, kind and account; what they add up to; what the row itself says is billed now; each
/// wallet's balance, as a wallet is asked for it; and what wallets keep of that (<see cref="WalletAudit"/>). It
/// compares exact sums, before anything is rounded.
/// </summary>
/// <remarks>
/// Events, spans, disks and pods are walked side by side in the order of their resources' ids, for which there is an
/// index; the order is the same here and in the database, as ids are hexadecimal digits. It holds one resource, and a
/// number for each wallet.
/// </remarks>
/// <param name="db">One consistent state of the records.</param>
/// <param name="now">Until when what is open is billed.</param>
internal sealed class BillAudit(MooringDb db, DateTimeOffset now)
{
    private readonly Dictionary<WalletId, Int128> _balances = [];
    private readonly Dictionary<WalletId, SpendingLine> _lines = [];

    /// <summary>How many disks and pods were compared.</summary>
    public long Resources { get; private set; }

    /// <summary>How many events were read.</summary>
    public long Events { get; private set; }

    /// <summary>How many usage spans were read.</summary>
    public long Spans { get; private set; }

    /// <summary>How many wallets were compared.</summary>
    public long Wallets { get; private set; }

    /// <summary>What differs.</summary>
    public async IAsyncEnumerable<BillFinding> FindingsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var events = new Portions<ResourceEvent>(last => EventsAsync(last, ct));
        var spans = new Portions<UsageSpan>(last => SpansAsync(last, ct));
        var disks = new Portions<Disk>(last => DisksAsync(last, ct));
        var pods = new Portions<Pod>(last => PodsAsync(last, ct));
        foreach (var move in new Func<Task>[] { events.MoveAsync, spans.MoveAsync, disks.MoveAsync, pods.MoveAsync })
        {
            await move();
        }

        while (First(
            events.Current?.ResourceId,
            spans.Current?.ResourceId,
            disks.Current?.Id.Value,
            pods.Current?.Id.Value) is { } id)
        {
            var history = new BillHistory();
            for (; events.Current?.ResourceId == id; await events.MoveAsync())
            {
                history.Add(events.Current);
            }

            List<Charged> stored = [];
            for (; spans.Current?.ResourceId == id; await spans.MoveAsync())
            {
                stored.Add(Charged.Of(spans.Current));
            }

            (bool IsThere, Money? Rate) row = (false, null);
            if (disks.Current?.Id.Value == id)
            {
                row = (true, disks.Current.Rate);
                await disks.MoveAsync();
            }

            if (pods.Current?.Id.Value == id)
            {
                row = (true, pods.Current.Rate);
                await pods.MoveAsync();
            }

            Count(history, stored);
            foreach (var words in Compare(id, history, stored, row.IsThere, row.Rate))
            {
                yield return new BillFinding(id, words);
            }
        }

        await foreach (var finding in BalancesAsync(ct))
        {
            yield return finding;
        }

        await foreach (var finding in new WalletAudit(db, _lines).FindingsAsync(ct))
        {
            yield return finding;
        }
    }

    private void Count(BillHistory history, List<Charged> stored)
    {
        Resources++;
        Events += history.Count;
        Spans += stored.Count;
        foreach (var charged in history.Charged)
        {
            _balances[charged.WalletId] =
                checked(_balances.GetValueOrDefault(charged.WalletId) + charged.Sum(now));
            _lines[charged.WalletId] = _lines.GetValueOrDefault(charged.WalletId) + charged.Line;
        }
    }

    private IEnumerable<string> Compare(
        string id, BillHistory history, List<Charged> stored, bool hasRow, Money? rate)
    {
        if (history.Count == 0 && stored.Count == 0)
        {
            yield return $"{id} has a row and no history.";
            yield break;
        }

        if (!history.Charged.SequenceEqual(stored))
        {
            yield return $"The bill of {id} is not what its history says: {Words(stored.Count)} stored, "
                + $"{Words(history.Charged.Count)} by its {history.Count} events; {Usd(stored)} USD until now, "
                + $"{Usd(history.Charged)} by its events. {FirstThatDiffers(stored, history.Charged)}";
        }

        var open = stored.FindAll(span => span.To is null);
        if (!hasRow)
        {
            yield return $"{id} has a history and no row.";
        }
        else if (open.Count != (rate is null ? 0 : 1) || (rate is { } price && open[0].PriceHr != price))
        {
            var billed = rate is null ? "not billed now" : $"billed at {rate.Value.Usd} USD an hour now";
            yield return $"{id} is {billed}, and has {Words(open.Count)} open.";
        }

        if (history.RunsBackwards)
        {
            yield return $"In the history of {id} time runs backwards.";
        }
    }

    // Added up in the database, as a wallet's balance is, so that this is audited too.
    private async IAsyncEnumerable<BillFinding> BalancesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        Dictionary<string, Int128> stored = [];
        await foreach (var (wallet, time) in Billings.TimesAsync(db, now).WithCancellation(ct))
        {
            stored[wallet] = checked(stored.GetValueOrDefault(wallet) + time.Sum);
        }

        foreach (var wallet in stored.Keys.Union(_balances.Keys.Select(wallet => wallet.Value)))
        {
            Wallets++;
            var (found, shouldBe) = (
                stored.GetValueOrDefault(wallet), _balances.GetValueOrDefault(new WalletId(wallet)));
            if (found != shouldBe)
            {
                var (isUsd, shouldBeUsd) = (-Accrual.Usd(found), -Accrual.Usd(shouldBe));
                var unseen = isUsd == shouldBeUsd ? " They differ by less than the last digit." : "";
                yield return new BillFinding(
                    wallet,
                    $"The balance of wallet {wallet} is {isUsd} USD, and {shouldBeUsd} by the events of what it pays."
                    + unseen);
            }
        }
    }

    private Task<List<ResourceEvent>> EventsAsync(ResourceEvent? last, CancellationToken ct)
    {
        var (id, number) = (last?.ResourceId ?? "", last?.Number ?? 0);
        return db.Events.AsNoTracking()
            .Where(one => string.Compare(one.ResourceId, id) >= 0 && (one.ResourceId != id || one.Number > number))
            // A wallet's own history is of no bill; its id is no hexadecimal number either.
            .Where(one => one.Kind != ResourceKind.Wallet)
            .OrderBy(one => one.ResourceId)
            .ThenBy(one => one.Number)
            .Take(Portions<ResourceEvent>.Size)
            .ToListAsync(ct);
    }

    private Task<List<UsageSpan>> SpansAsync(UsageSpan? last, CancellationToken ct)
    {
        var (id, number) = (last?.ResourceId ?? "", last?.Number ?? 0);
        return db.UsageSpans.AsNoTracking()
            .Where(one => string.Compare(one.ResourceId, id) >= 0 && (one.ResourceId != id || one.Number > number))
            .OrderBy(one => one.ResourceId)
            .ThenBy(one => one.Number)
            .Take(Portions<UsageSpan>.Size)
            .ToListAsync(ct);
    }

    private Task<List<Disk>> DisksAsync(Disk? last, CancellationToken ct) => db.Disks
        .FromSql($"SELECT * FROM disks WHERE id > {last?.Id.Value ?? ""}")
        .AsNoTracking()
        .OrderBy(disk => disk.Id)
        .Take(Portions<Disk>.Size)
        .ToListAsync(ct);

    private Task<List<Pod>> PodsAsync(Pod? last, CancellationToken ct) => db.Pods
        .FromSql($"SELECT * FROM pods WHERE id > {last?.Id.Value ?? ""}")
        .AsNoTracking()
        .OrderBy(pod => pod.Id)
        .Take(Portions<Pod>.Size)
        .ToListAsync(ct);

    // Two sums can look alike, as they are rounded; two spans that differ do not.
    private static string FirstThatDiffers(List<Charged> stored, IReadOnlyList<Charged> byEvents)
    {
        var at = 0;
        while (at < stored.Count && at < byEvents.Count && stored[at] == byEvents[at])
        {
            at++;
        }

        return $"The first that differs: stored {Words(stored, at)}; by its events {Words(byEvents, at)}.";
    }

    private decimal Usd(IEnumerable<Charged> charged) =>
        Accrual.Usd(charged.Aggregate(Int128.Zero, (sum, one) => checked(sum + one.Sum(now))));

    private static string? First(params ReadOnlySpan<string?> ids)
    {
        string? first = null;
        foreach (var id in ids)
        {
            first = id is not null && (first is null || string.CompareOrdinal(id, first) < 0) ? id : first;
        }

        return first;
    }

    private static string Words(IReadOnlyList<Charged> spans, int at) =>
        at < spans.Count ? spans[at].ToWords() : "none";

    private static string Words(int spans) => spans == 1 ? "1 usage span" : $"{spans} usage spans";
}
