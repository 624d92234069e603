using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Ledger;

/// <summary>What a page of costs is about: names, and of disks and pods how they stand. Four queries at most.</summary>
internal sealed class CostSubjects(MooringDb db, DateTimeOffset now)
{
    /// <summary>Finds what the keys stand for.</summary>
    /// <returns>A row without its costs, for each key.</returns>
    public async Task<Func<string, CostRow>> OfAsync(
        CostGroup group, IReadOnlyList<string> keys, CancellationToken ct) => group switch
        {
            CostGroup.Disk => await DisksAsync(keys, ct),
            CostGroup.Pod => await PodsAsync(keys, ct),
            CostGroup.Team => await TeamsAsync(keys, ct),
            CostGroup.User => await UsersAsync(keys, ct),
            _ => await ProvidersAsync(keys, ct),
        };

    private async Task<Func<string, CostRow>> DisksAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        List<DiskId> ids = [.. keys.Select(key => new DiskId(key))];
        var disks = await db.Disks.AsNoTracking()
            .Where(disk => ids.Contains(disk.Id))
            .ToDictionaryAsync(disk => disk.Id.Value, ct);
        var spans = await SpansAsync(keys, ct);
        var held = (await db.Attachments
            .Where(hold => ids.Contains(hold.DiskId) && hold.ReleasedAt == null)
            .Select(hold => hold.DiskId)
            .ToListAsync(ct)).ToHashSet();
        var released = await db.Attachments
            .Where(hold => ids.Contains(hold.DiskId) && hold.ReleasedAt != null)
            .GroupBy(hold => hold.DiskId)
            .Select(holds => new { holds.Key, Last = holds.Max(hold => hold.ReleasedAt) })
            .ToDictionaryAsync(holds => holds.Key, holds => holds.Last, ct);
        return key =>
        {
            if (!disks.TryGetValue(key, out var disk))
            {
                return CostReport.RowOf(key, null) with { CostToDate = Accrual.Usd(spans[key], now) };
            }

            DateTimeOffset? idleSince =
                held.Contains(disk.Id) || disk.Status is DiskStatus.Deleting or DiskStatus.Terminated
                    ? null
                    : released.GetValueOrDefault(disk.Id) ?? disk.CreatedAt;
            return CostReport.RowOf(key, disk.Name) with
            {
                Status = disk.Status.ToWire(),
                PriceHr = disk.Rate?.Usd,
                CostToDate = Accrual.Usd(spans[key], now),
                IdleSince = idleSince,
                IdleCost = idleSince is { } since ? Accrual.UsdWithin(spans[key], since, now) : null,
            };
        };
    }

    private async Task<Func<string, CostRow>> PodsAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        List<PodId> ids = [.. keys.Select(key => new PodId(key))];
        var pods = await db.Pods.AsNoTracking()
            .Where(pod => ids.Contains(pod.Id))
            .ToDictionaryAsync(pod => pod.Id.Value, ct);
        var spans = await SpansAsync(keys, ct);
        return key => CostReport.RowOf(key, pods.GetValueOrDefault(key)?.Name) with
        {
            Status = pods.GetValueOrDefault(key)?.Status.ToWire(),
            PriceHr = pods.GetValueOrDefault(key)?.Rate?.Usd,
            CostToDate = Accrual.Usd(spans[key], now),
        };
    }

    private async Task<Func<string, CostRow>> TeamsAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        List<TeamId?> ids = [.. keys.Select(key => (TeamId?)new TeamId(key))];
        var names = await db.Accounts
            .Where(account => account.TeamId != null && ids.Contains(account.TeamId))
            .ToDictionaryAsync(account => account.TeamId!.Value.Value, account => account.Name, ct);
        // What is nobody's team's is a person's own.
        return key => key.Length == 0
            ? CostReport.RowOf(null, null)
            : CostReport.RowOf(key, names.GetValueOrDefault(key));
    }

    private async Task<Func<string, CostRow>> UsersAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        List<UserId> ids = [.. keys.Select(key => new UserId(key))];
        var names = await db.Users
            .Where(user => ids.Contains(user.Id))
            .ToDictionaryAsync(user => user.Id.Value, user => user.Name, ct);
        return key => CostReport.RowOf(key, names.GetValueOrDefault(key));
    }

    private async Task<Func<string, CostRow>> ProvidersAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        List<ProviderAccountId> ids = [.. keys.Select(key => new ProviderAccountId(key))];
        var names = await db.ProviderAccounts
            .Where(account => ids.Contains(account.Id))
            .ToDictionaryAsync(account => account.Id.Value, account => account.Type + " " + account.Name, ct);
        return key => CostReport.RowOf(key, names.GetValueOrDefault(key));
    }

    private async Task<ILookup<string, UsageSpan>> SpansAsync(IReadOnlyList<string> keys, CancellationToken ct) =>
        (await db.UsageSpans.AsNoTracking().Where(span => keys.Contains(span.ResourceId)).ToListAsync(ct))
            .ToLookup(span => span.ResourceId);
}
