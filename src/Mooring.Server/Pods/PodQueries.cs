using Microsoft.EntityFrameworkCore;
using Mooring.Providers.Instances;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Pods;

internal static class PodQueries
{
    /// <summary>A pod with its attachments in the order of their mount paths.</summary>
    public static async Task<PodAndDisks> LoadAsync(MooringDb db, PodId id, CancellationToken ct)
    {
        var pod = await db.Pods.AsNoTracking().SingleOrDefaultAsync(pod => pod.Id == id, ct);
        return new PodAndDisks(
            pod,
            pod is null
                ? []
                : await db.Attachments.AsNoTracking()
                    .Where(attachment => attachment.PodId == id)
                    .OrderBy(attachment => attachment.Ordinal)
                    .ToListAsync(ct));
    }

    /// <summary>Pods with their attachments, in the pods' order: one query, however many there are.</summary>
    public static async Task<IReadOnlyList<PodAndDisks>> WithAttachmentsAsync(
        MooringDb db, IReadOnlyCollection<Pod> pods, CancellationToken ct)
    {
        var ids = pods.Select(pod => pod.Id).ToList();
        var attachments = (await db.Attachments.AsNoTracking()
            .Where(attachment => ids.Contains(attachment.PodId))
            .OrderBy(attachment => attachment.Ordinal)
            .ToListAsync(ct)).ToLookup(attachment => attachment.PodId);
        return [.. pods.Select(pod => new PodAndDisks(pod, [.. attachments[pod.Id]]))];
    }

    /// <summary>
    /// How many instances of some accounts are not gone, and a page of them, newest first: one bounded scan an account.
    /// </summary>
    public static async Task<(int Total, List<Pod> Page)> CurrentAsync(
        MooringDb db, IReadOnlyList<AccountId> owners, Slice slice, CancellationToken ct)
    {
        var total = await db.Accounts.Where(account => owners.Contains(account.Id))
            .SumAsync(account => account.CurrentPods, ct);
        var page = await AccountScans.Across(owners, owner => Sort(
                db.Pods.AsNoTracking().Where(pod => pod.AccountId == owner && pod.TerminatedAt == null)), Sort, slice)
            .ToListAsync(ct);
        return (total, page);

        static IOrderedQueryable<Pod> Sort(IQueryable<Pod> pods) =>
            pods.OrderByDescending(pod => pod.CreatedAt).ThenByDescending(pod => pod.Id);
    }

    public static InstanceRef RefOf(Pod pod) => new(pod.RemoteName, pod.RemoteId, pod.HostId?.Value);
}
