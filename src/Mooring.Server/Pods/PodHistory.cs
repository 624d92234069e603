using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Server.Http;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;

namespace Mooring.Server.Pods;

/// <summary>Past instances with what each has cost (contract 6.3).</summary>
internal static class PodHistory
{
    private static IQueryable<Pod> Sort(IQueryable<Pod> pods, bool byEnd, bool isDescending) =>
        (byEnd, isDescending) switch
        {
            (true, true) => pods.OrderByDescending(pod => pod.TerminatedAt).ThenByDescending(pod => pod.Id),
            (true, false) => pods.OrderBy(pod => pod.TerminatedAt).ThenBy(pod => pod.Id),
            (false, true) => pods.OrderByDescending(pod => pod.CreatedAt).ThenByDescending(pod => pod.Id),
            (false, false) => pods.OrderBy(pod => pod.CreatedAt).ThenBy(pod => pod.Id),
        };

    /// <summary>How many instances of some accounts are gone, and a page of them.</summary>
    public static async Task<(int Total, List<Pod> Page)> PageAsync(
        MooringDb db, IReadOnlyList<AccountId> owners, Slice slice, bool byEnd, bool isDescending, CancellationToken ct)
    {
        var total = await db.Pods.CountAsync(pod => owners.Contains(pod.AccountId) && pod.TerminatedAt != null, ct);
        var page = await AccountScans.Across(
                owners,
                owner => Sort(db.Pods.AsNoTracking().Where(pod => pod.AccountId == owner && pod.TerminatedAt != null)),
                Sort,
                slice)
            .ToListAsync(ct);
        return (total, page);

        IQueryable<Pod> Sort(IQueryable<Pod> pods) => PodHistory.Sort(pods, byEnd, isDescending);
    }

    /// <summary>A page of rows: two queries more, however many rows there are.</summary>
    public static async Task<IReadOnlyList<PodHistoryEntry>> OfAsync(
        MooringDb db, IReadOnlyList<Pod> pods, DateTimeOffset now, CancellationToken ct)
    {
        List<string> ids = [.. pods.Select(pod => pod.Id.Value)];
        var spans = (await db.UsageSpans.AsNoTracking().Where(span => ids.Contains(span.ResourceId)).ToListAsync(ct))
            .ToLookup(span => span.ResourceId);
        List<UserId> creators = [.. pods.Select(pod => pod.CreatorId).Distinct()];
        var names = await db.Users.Where(user => creators.Contains(user.Id))
            .ToDictionaryAsync(user => user.Id, user => user.Name, ct);
        return [.. pods.Select(pod => new PodHistoryEntry
        {
            Id = pod.Id.Value,
            Name = pod.Name,
            ProviderType = pod.ProviderType,
            Type = "Instance",
            CreatedAt = pod.CreatedAt,
            TerminatedAt = pod.TerminatedAt,
            GpuName = pod.GpuType,
            GpuCount = pod.GpuCount,
            Socket = pod.Socket,
            PriceHr = pod.PriceHr.Usd,
            UserId = pod.CreatorId.Value,
            TeamId = pod.TeamId?.Value,
            TotalBilledPrice = Accrual.Usd(spans[pod.Id.Value], now),
            ProvisionedBy = names.GetValueOrDefault(pod.CreatorId),
        })];
    }
}
