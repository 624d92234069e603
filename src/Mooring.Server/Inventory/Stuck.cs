using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using ProviderAccount = Mooring.Server.ProviderAccounts.ProviderAccount;

namespace Mooring.Server.Inventory;

/// <summary>
/// What of some accounts, or of all, is overdue or can't be read. What waits is due, so the first look is at due rows
/// alone, which are few when all is well. Only while a whole provider account can't be read its disks and pods are
/// looked at, too.
/// </summary>
internal sealed class Stuck(
    MooringDb db, IReadOnlyList<AccountId>? owners, MooringOptions options, DateTimeOffset now, int limit)
{
    public async Task<IReadOnlyList<StuckResource>> ListAsync(CancellationToken ct)
    {
        var unreadable = await db.ProviderAccounts.AsNoTracking()
            .Where(account => account.UnreadableSince != null)
            .ToDictionaryAsync(account => account.Id, ct);
        List<StuckResource> found =
        [
            .. (await DisksAsync([.. unreadable.Keys], ct)).Select(
                disk => Of(disk, unreadable.GetValueOrDefault(disk.ProviderAccountId))),
            .. (await PodsAsync([.. unreadable.Keys], ct)).Select(
                pod => Of(pod, unreadable.GetValueOrDefault(pod.ProviderAccountId))),
        ];
        return
        [
            .. found.OrderBy(resource => resource.Since)
                .ThenBy(resource => resource.Id, StringComparer.Ordinal)
                .Take(limit),
        ];
    }

    private async Task<IEnumerable<Disks.Disk>> DisksAsync(
        List<ProviderAccountId> unreadable, CancellationToken ct)
    {
        var due = await Seen(db.Disks.AsNoTracking())
            .Where(disk => disk.DueAt != null
                // By its status rather than by its end, for which there is an index of every disk.
                && disk.Status != DiskStatus.Terminated
                && (disk.IsOverdueTold || disk.Deadline <= now || disk.UnreadableSince != null))
            .OrderBy(disk => disk.StatusSince)
            .Take(limit)
            .ToListAsync(ct);
        var hidden = unreadable.Count == 0
            ? []
            : await Seen(db.Disks.AsNoTracking())
                .Where(disk => disk.TerminatedAt == null && unreadable.Contains(disk.ProviderAccountId))
                .OrderByDescending(disk => disk.CreatedAt)
                .ThenByDescending(disk => disk.Id)
                .Take(limit)
                .ToListAsync(ct);
        return due.UnionBy(hidden, disk => disk.Id);
    }

    private async Task<IEnumerable<Pods.Pod>> PodsAsync(List<ProviderAccountId> unreadable, CancellationToken ct)
    {
        var due = await Seen(db.Pods.AsNoTracking())
            .Where(pod => pod.DueAt != null
                && pod.Status != Pods.PodStatus.Terminated
                && (pod.IsOverdueTold || pod.Deadline <= now || pod.UnreadableSince != null))
            .OrderBy(pod => pod.StatusSince)
            .Take(limit)
            .ToListAsync(ct);
        var hidden = unreadable.Count == 0
            ? []
            : await Seen(db.Pods.AsNoTracking())
                .Where(pod => pod.TerminatedAt == null && unreadable.Contains(pod.ProviderAccountId))
                .OrderByDescending(pod => pod.CreatedAt)
                .ThenByDescending(pod => pod.Id)
                .Take(limit)
                .ToListAsync(ct);
        return due.UnionBy(hidden, pod => pod.Id);
    }

    private IQueryable<Disks.Disk> Seen(IQueryable<Disks.Disk> disks) =>
        owners is null ? disks : disks.Where(disk => owners.Contains(disk.AccountId));

    private IQueryable<Pods.Pod> Seen(IQueryable<Pods.Pod> pods) =>
        owners is null ? pods : pods.Where(pod => owners.Contains(pod.AccountId));

    private StuckResource Of(Disks.Disk disk, ProviderAccount? account)
    {
        var status = disk.ShownStatus(options.DiskLimits, account?.UnreadableSince, now);
        return new StuckResource
        {
            Kind = ResourceKinds.Disk,
            Id = disk.Id.Value,
            Name = disk.Name,
            Status = status,
            Since = Since(status, disk.StatusSince, disk.UnreadableSince, account),
            Deadline = disk.Deadline,
            Reason = disk.Reason ?? account?.UnreadableReason,
            Attempt = disk.Attempt,
            NextTry = disk.DueAt,
        };
    }

    private StuckResource Of(Pods.Pod pod, ProviderAccount? account)
    {
        var status = pod.ShownStatus(options.PodLimits, account?.UnreadableSince, now);
        return new StuckResource
        {
            Kind = ResourceKinds.Pod,
            Id = pod.Id.Value,
            Name = pod.Name,
            Status = status,
            Since = Since(status, pod.StatusSince, pod.UnreadableSince, account),
            Deadline = pod.Deadline,
            Reason = pod.Reason ?? account?.UnreadableReason,
            Attempt = pod.Attempt,
            NextTry = pod.DueAt,
        };
    }

    private static DateTimeOffset Since(
        string status, DateTimeOffset statusSince, DateTimeOffset? unreadableSince, ProviderAccount? account) =>
        status == Statuses.Unknown
            ? Explanations.Earlier(unreadableSince, account?.UnreadableSince) ?? statusSince
            : statusSince;
}
