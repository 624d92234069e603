using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Inventory;

// The disks of an account. One that differs is told of by an event when that begins and when it is over, and by a
// finding in between; one that is not there, or in another state, is looked at closely as well.
internal sealed partial class Sweep
{
    private const string ForeignWords = "Somebody else made it: it can be registered as a disk, by its id.";
    private const string DoublesWords =
        "It bears the name of a disk of ours and is another: it costs, and nobody uses it. It goes when that disk is "
        + "deleted; to look into it, or to delete it alone, register it by its id.";

    private async Task SweepDisksAsync(Provider provider, CancellationToken ct)
    {
        if (provider.Disks is not { } disks)
        {
            return;
        }

        var begunAt = time.Now();
        var (all, failure) = await calls.MakeAsync(
            provider.Type,
            "ListDisks",
            $"provider account {provider.Id}",
            async token => await (disks is IForeignDisks foreign
                ? foreign.ListAllAsync(token)
                : disks.ListAsync(token)).ToListAsync(token),
            ct);
        await NoteReadabilityAsync(provider.Id, failure, ct);
        if (all is null)
        {
            return;
        }

        var listed = new ListedDisks(installation.Value, all);
        var listedAt = time.Now();
        await using var db = await database.ReadAsync(ct);
        var compared = await CompareAsync(db, provider, listed, begunAt, ct);

        // What is left is on its way, gone by our records, or nobody's.
        var missed = await TakeOutKnownIdsAsync(db, provider, listed, ct);
        var known = await NamedAsync(db, listed, ct);
        var orphans = listed.Ours
            .Where(disk => !known.ContainsKey(disk.Name))
            .Select(disk => FindingOf(FindingKind.OrphanDisk, provider, disk.Name, disk, OrphansWords));
        var doubles = listed.Ours
            .Where(disk => known.GetValueOrDefault(disk.Name)?.IsDoubledBy(disk) is true)
            .Select(disk => FindingOf(FindingKind.DoubleDisk, provider, disk.Name, disk, DoublesWords));
        var foreign = listed.Foreign.Select(disk => FindingOf(
            FindingKind.ForeignDisk, provider, Printable.Name(disk.Name), disk, ForeignWords));
        Tell(findings.Report(
            provider.Id, ofDisks: true, [.. compared.Found, .. orphans, .. doubles], listedAt, [.. foreign]));
        await WriteAsync(compared.Changed, ct);
        var strays = known.Values.Where(disk => disk.IsGone).Select(disk => disk.RemoteName);
        await MakeDueAsync("disk", [.. compared.LookCloser, .. missed, .. strays], WorkKinds.Disks, ct);
    }

    /// <summary>Holds every record of a disk that is there against the list, and takes it off the list.</summary>
    private static async Task<Compared> CompareAsync(
        MooringDb db, Provider provider, ListedDisks listed, DateTimeOffset begunAt, CancellationToken ct)
    {
        var holders = listed.TellsHolders ? await HoldersAsync(db, provider, begunAt, ct) : [];
        Compared compared = new();
        var recorded = db.Disks
            .Where(disk => disk.ProviderAccountId == provider.Id
                && disk.IsAtProvider
                && (disk.DueAt == null || disk.Status == DiskStatus.Active || disk.Status == DiskStatus.Stopped
                    || disk.Status == DiskStatus.Pending))
            .Select(disk => new Recorded(
                disk.Id,
                disk.RemoteName,
                disk.RemoteId,
                disk.ForeignName,
                disk.SizeGiB,
                disk.Status,
                disk.Drift,
                disk.DueAt == null,
                disk.UpdatedAt))
            .AsAsyncEnumerable();
        await foreach (var disk in recorded.WithCancellation(ct))
        {
            if (listed.Take(disk.RemoteName, disk.RemoteId) is not { } there)
            {
                compared.LookCloser.AddRange(disk.IsAtRest ? [disk.RemoteName] : []);
                continue;
            }

            // One that has changed hands since the list was begun may be shown as it was before.
            var seen = disk.Against(
                there, disk.UpdatedAt <= begunAt ? holders.GetValueOrDefault(disk.Id, Holders.None) : null);
            compared.Note(provider, disk, there, seen);
        }

        return compared;
    }

    /// <summary>
    /// Which instances hold which disks of an account, by the records; null of a disk with an instance whose id there
    /// is not known, or is about to be another.
    /// </summary>
    private static async Task<Dictionary<DiskId, Holders?>> HoldersAsync(
        MooringDb db, Provider provider, DateTimeOffset begunAt, CancellationToken ct)
    {
        var holds = await (
            from attachment in db.Attachments
            join pod in db.Pods on attachment.PodId equals pod.Id
            where pod.ProviderAccountId == provider.Id && attachment.Status != AttachmentStatus.Released
            select new
            {
                attachment.DiskId,
                attachment.Status,
                pod.RemoteId,
                IsInDoubt = pod.RemoteId == null || pod.IsRestarting || pod.UpdatedAt > begunAt,
            }).ToListAsync(ct);
        return holds.GroupBy(hold => hold.DiskId).ToDictionary(
            group => group.Key,
            group => group.Any(hold => hold.IsInDoubt)
                ? null
                : new Holders(
                    group.Select(hold => hold.RemoteId!).ToHashSet(),
                    group.Where(hold => hold.Status == AttachmentStatus.Attached)
                        .Select(hold => hold.RemoteId!)
                        .ToHashSet()));
    }

    /// <summary>
    /// Takes off the list what has the id of a disk of ours that is not gone: whatever it is called, it is that. At
    /// another account of the same cloud the name has to say so too.
    /// </summary>
    /// <returns>Remote names of those that were missing, and are there after all.</returns>
    private async Task<IReadOnlyList<string>> TakeOutKnownIdsAsync(
        MooringDb db, Provider provider, ListedDisks listed, CancellationToken ct)
    {
        List<string> missed = [];
        var accounts = providers.SharingIds(provider.Id);
        foreach (var chunk in listed.Ids.ToList().Chunk(IdsPerQuery))
        {
            var ours = await db.Disks.WithRemoteIds(accounts, chunk)
                .Select(disk => new
                {
                    IsHere = disk.ProviderAccountId == provider.Id,
                    disk.RemoteName,
                    disk.RemoteId,
                    disk.ForeignName,
                    IsMissed = disk.Status == DiskStatus.Error && !disk.IsAtProvider && disk.DueAt == null,
                })
                .ToListAsync(ct);
            foreach (var disk in ours)
            {
                var name = listed.NameOf(disk.RemoteId!) ?? "";
                var isSure = name == disk.RemoteName || name == disk.ForeignName;
                if (disk.IsHere || isSure)
                {
                    listed.Take(disk.RemoteName, disk.RemoteId);
                }

                // A look refuses one whose name contradicts its id.
                var isSeen = isSure || !RemoteName.IsOfMooring(name);
                missed.AddRange(disk.IsHere && disk.IsMissed && isSeen ? [disk.RemoteName] : []);
            }
        }

        return missed;
    }

    /// <summary>The disks of ours whose names are left on the list, by the name.</summary>
    private static async Task<Dictionary<string, NamedDisk>> NamedAsync(
        MooringDb db, ListedDisks listed, CancellationToken ct)
    {
        Dictionary<string, NamedDisk> known = [];
        foreach (var chunk in listed.Ours.Select(disk => disk.Name).Distinct().Chunk(IdsPerQuery))
        {
            await foreach (var disk in db.Disks
                .Where(disk => chunk.Contains(disk.RemoteName))
                .Select(disk => new NamedDisk(
                    disk.RemoteName,
                    disk.RemoteId,
                    // In ERROR it is billed if it is there: what was missing may have been brought back.
                    (disk.Status == DiskStatus.Terminated
                        || (disk.Status == DiskStatus.Error && !disk.IsAtProvider && disk.RemoteId == null))
                        && disk.DueAt == null,
                    disk.Status == DiskStatus.Active || disk.Status == DiskStatus.Stopped
                        || disk.Status == DiskStatus.Pending || disk.Status == DiskStatus.Error))
                .AsAsyncEnumerable().WithCancellation(ct))
            {
                known[disk.RemoteName] = disk;
            }
        }

        return known;
    }

    // Each in a transaction of its own: what is told of one disk hangs on no other.
    private async Task WriteAsync(IReadOnlyList<(DiskId Id, Comparison Seen)> changed, CancellationToken ct)
    {
        foreach (var (id, seen) in changed)
        {
            await database.WriteAsync(
                async (db, token) =>
                {
                    var disk = await db.Disks.AsNoTracking().SingleAsync(row => row.Id == id, token);
                    await db.WriteAsync(disk.Compare(seen, time.Now()), null, token);
                },
                ct);
        }
    }

    private static Finding FindingOf(
        FindingKind kind, Provider provider, string name, RemoteDisk disk, string words) => new(
        kind, provider.Id, name, disk.RemoteId, disk.Size, disk.CloudId, disk.DataCenter, words);

    /// <summary>A disk of ours, by its name there.</summary>
    /// <param name="RemoteName">Its name.</param>
    /// <param name="RemoteId">Its id, or null.</param>
    /// <param name="IsGone">Whether, by our records, it is not there, and nothing is to be done for it.</param>
    /// <param name="IsSettled">Whether all of its creation is over, and it is not on its way out.</param>
    private sealed record NamedDisk(string RemoteName, string? RemoteId, bool IsGone, bool IsSettled)
    {
        public bool IsDoubledBy(RemoteDisk there) =>
            IsSettled && RemoteId is not null && there.RemoteId is not null && there.RemoteId != RemoteId;
    }

    /// <summary>What came of holding the records against a list.</summary>
    private sealed class Compared
    {
        public List<Finding> Found { get; } = [];

        /// <summary>Remote names of what is not there, or in another state.</summary>
        public List<string> LookCloser { get; } = [];

        /// <summary>What is not as the last list had it.</summary>
        public List<(DiskId Id, Comparison Seen)> Changed { get; } = [];

        public void Note(Provider provider, Recorded disk, RemoteDisk there, Comparison seen)
        {
            Found.AddRange(seen.Found.Select(difference => FindingOf(
                FindingKinds.Of(difference.What), provider, disk.RemoteName, there, difference.Words)));
            var now = seen.Found.Aggregate(DiskDrift.None, (all, difference) => all | difference.What);
            if ((disk.Drift & seen.Compared) != now)
            {
                Changed.Add((disk.Id, seen));
            }

            if (now.HasFlag(DiskDrift.Status))
            {
                LookCloser.Add(disk.RemoteName);
            }
        }
    }
}
