using Microsoft.EntityFrameworkCore;
using Mooring.Providers.Instances;
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

    public static InstanceRef RefOf(Pod pod) => new(pod.RemoteName, pod.RemoteId, pod.HostId?.Value);
}
