using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Inventory;

/// <summary>Gives rows reason to be looked at now, by their remote names.</summary>
internal static class DueNow
{
    public static Task MakeAsync(
        Database database, IReadOnlyCollection<string> names, WorkKinds kind, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync(
            async (db, token) =>
            {
                List<string> wanted = [.. names];
                if (kind == WorkKinds.Disks)
                {
                    await db.Disks.Where(disk => wanted.Contains(disk.RemoteName)).ExecuteUpdateAsync(
                        set => set.SetProperty(disk => disk.DueAt, now), token);
                }
                else
                {
                    await db.Pods.Where(pod => wanted.Contains(pod.RemoteName)).ExecuteUpdateAsync(
                        set => set.SetProperty(pod => pod.DueAt, now), token);
                }

                db.Wakes |= kind;
            },
            ct);
}
