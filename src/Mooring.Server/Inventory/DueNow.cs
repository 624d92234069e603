using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Inventory;

/// <summary>Gives rows reason to be looked at now, by their remote names.</summary>
internal static class DueNow
{
    /// <summary>
    /// Pods that a provider says have changed: only those that should be running can have news in that.
    /// </summary>
    public static Task HearAsync(Database database, string name, CancellationToken ct) =>
        database.WriteAsync(
            async (db, token) =>
            {
                var made = await db.Pods
                    .Where(pod => pod.RemoteName == name
                        && (pod.Status == Pods.PodStatus.Active || pod.Status == Pods.PodStatus.Provisioning)
                        // That it ended is known then; when it is started again is a matter of its delay.
                        && (!pod.IsRestarting || pod.IsInstanceGone))
                    .ExecuteUpdateAsync(set => set.SetProperty(pod => pod.DueAt, db.DueClock), token);
                db.Wakes |= made > 0 ? WorkKinds.Pods : WorkKinds.None;
            },
            ct);

    public static Task MakeAsync(
        Database database,
        IReadOnlyCollection<string> names,
        WorkKinds kind,
        CancellationToken ct) =>
        database.WriteAsync(
            async (db, token) =>
            {
                List<string> wanted = [.. names];
                if (kind == WorkKinds.Disks)
                {
                    await db.Disks.Where(disk => wanted.Contains(disk.RemoteName)).ExecuteUpdateAsync(
                        set => set.SetProperty(disk => disk.DueAt, db.DueClock), token);
                }
                else
                {
                    await db.Pods.Where(pod => wanted.Contains(pod.RemoteName)).ExecuteUpdateAsync(
                        set => set.SetProperty(pod => pod.DueAt, db.DueClock), token);
                }

                db.Wakes |= kind;
            },
            ct);
}
