using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Disks;

/// <summary>Steps disks: asks <see cref="DiskLifecycle"/>, makes the call, writes what the answer means.</summary>
internal sealed partial class DiskWorker(
    Database database,
    ProviderRegistry providers,
    ProviderCall calls,
    DiskLimits limits,
    BackOff backOff,
    TimeProvider time,
    ILogger<DiskWorker> logger) : IWorker
{
    private static readonly Func<ILogger, DiskId, string, int, IDisposable?> BeginScope =
        LoggerMessage.DefineScope<DiskId, string, int>("Disk {Disk} under claim {Claim}, attempt {Attempt}");

    public WorkKinds Kind => WorkKinds.Disks;

    public int Concurrency => 16;

    public async Task<bool> StepAsync(string id, string token, bool isLast, CancellationToken ct)
    {
        var diskId = new DiskId(id);
        var disk = await ReadAsync(diskId, ct);
        if (disk.ClaimToken != token)
        {
            return false;
        }

        using var scope = BeginScope(logger, diskId, token, disk.Attempt);
        if (disk.IsCutOff)
        {
            disk = await NoteCutOffAsync(disk.Id, ct);
        }

        switch (DiskLifecycle.Next(disk, time.Now()))
        {
            case DiskStep.Ask ask:
                return await WriteAsync(disk, token, await AskAsync(disk, ask.Call, ct), isLast, ct);
            case DiskStep.TimePasses:
                return await WriteAsync(disk, token, new DiskAnswer.TimePassed(), isLast, ct);
            case DiskStep.WaitUntil wait:
                await ReleaseAsync(disk, token, new Due.At(wait.Time), ct);
                return false;
            default:
                await ReleaseAsync(disk, token, Due.Nothing, ct);
                return false;
        }
    }

    /// <summary>Writes down, before anything else is asked, that an earlier call may still have effects.</summary>
    private Task<Disk> NoteCutOffAsync(DiskId id, CancellationToken ct) => database.WriteAsync(
        async (db, token) =>
        {
            var disk = await db.Disks.AsNoTracking().SingleAsync(row => row.Id == id, token);
            var change = disk.CutOff(providers.Disks(disk.ProviderAccountId).SettlingTime, time.Now());
            LogCutOff(id);
            return await db.WriteAsync(change with { After = change.After with { IsCutOff = false } }, null, token);
        },
        ct);

    public async Task PutOffAsync(string id, string token, CancellationToken ct)
    {
        var diskId = new DiskId(id);
        await database.WriteAsync(
            async (db, token2) =>
            {
                var disk = await db.Disks.AsNoTracking().SingleAsync(row => row.Id == diskId, token2);
                if (disk.ClaimToken == token)
                {
                    // The claim ends but is not given back: a call may have been made, and is taken for cut off.
                    var ended = disk with { ClaimUntil = time.Now() };
                    var due = new Due.At(time.Now() + backOff.Ceiling);
                    await db.WriteAsync(DiskChange.Of(disk, ended, due), null, token2);
                }
            },
            ct);
    }

    private async Task<DiskAnswer> AskAsync(Disk disk, DiskCall call, CancellationToken ct)
    {
        CrashPoint.Pass("disk.call.before", call.ToString());
        var answer = providers.Disks(disk.ProviderAccountId) is IForeignDisks
            ? await AskByIdAsync(disk, call, ct)
            : await CallAsync(disk, call, disk.Ref, ct);
        CrashPoint.Pass("disk.call.after", call.ToString());
        return answer;
    }

    /// <summary>
    /// Two calls at the most: what bears the disk's name under another id may be another disk, and only the records
    /// say whether. Not before they were asked is it deleted.
    /// </summary>
    private async Task<DiskAnswer> AskByIdAsync(Disk disk, DiskCall call, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var accounts = providers.SharingIds(disk.ProviderAccountId);
        var doubles = await db.Disks.Doubling(accounts, disk.RemoteName).Select(row => row.RemoteId!).ToListAsync(ct);
        var reference = disk.Ref with { Except = doubles };
        var asksById = call == DiskCall.EnsureDeleted && disk.RemoteId is null;
        var answer = await CallAsync(disk, call, reference, ct, asksById ? DiskCall.Observe : call);
        if (answer is not DiskAnswer.Saw { Seen: { RemoteId: { } id } seen } saw || id == disk.RemoteId)
        {
            return answer;
        }

        var other = await db.Disks
            .WithRemoteIds([disk.ProviderAccountId], [id])
            .Where(row => row.Id != disk.Id)
            .Select(row => new { row.Id })
            .FirstOrDefaultAsync(ct);
        return other is null && call == DiskCall.EnsureDeleted && seen.IsLeft
            ? await CallAsync(disk, call, reference with { RemoteId = id }, ct)
            : saw with { Other = other?.Id };
    }

    private async Task<DiskAnswer> CallAsync(
        Disk disk, DiskCall call, DiskRef reference, CancellationToken ct, DiskCall? by = null)
    {
        var provider = providers.Disks(disk.ProviderAccountId);
        var (seen, failure) = await calls.MakeAsync(
            disk.ProviderType,
            (by ?? call).ToString(),
            $"disk {disk.Id}",
            token => (by ?? call) switch
            {
                DiskCall.EnsureCreated => provider.EnsureCreatedAsync(SpecOf(disk, reference), token),
                DiskCall.EnsureDeleted => provider.EnsureDeletedAsync(reference, token),
                _ => provider.ObserveAsync(reference, token),
            },
            ct);
        return failure is null
            ? new DiskAnswer.Saw(call, seen! with { Words = Printable.Words(seen.Words) })
            : new DiskAnswer.Failed(call, failure.Kind, failure.Words, failure.RetryAfter, provider.SettlingTime);
    }

    private static DiskSpec SpecOf(Disk disk, DiskRef reference) => new(
        disk.RemoteName,
        ByteSize.FromGiB(disk.SizeGiB),
        disk.CloudId,
        disk.DataCenter,
        disk.IsMultinode,
        disk.RemoteId)
    {
        Except = reference.Except,
    };

    private async Task<bool> WriteAsync(
        Disk asked, string token, DiskAnswer answer, bool isLast, CancellationToken ct)
    {
        var (change, keeps) = await database.WriteAsync<(DiskChange? Change, bool Keeps)>(
            async (db, token2) =>
            {
                // The disk may have been renamed or deleted meanwhile: the answer is applied to what it is now.
                var disk = await db.Disks.AsNoTracking().SingleAsync(row => row.Id == asked.Id, token2);
                if (disk.ClaimToken != token)
                {
                    return (null, false);
                }

                var change = DiskLifecycle.Apply(disk, answer, limits, time.Now());
                if (disk.DueAt != asked.DueAt && change.Due is not Due.Now)
                {
                    // Somebody gave it reason to be looked at during the call.
                    change = change with { Due = Due.AtOnce };
                }

                var keeps = !isLast && change.Due is Due.Now;
                await db.WriteAsync(change with { After = Held(change.After, keeps) }, DueAt, token2);
                return (change, keeps);
            },
            ct);
        // Told once it is so, and where the scopes of this step are.
        Tell(asked.Id, change);
        return keeps;
    }

    private void Tell(DiskId id, DiskChange? change)
    {
        if (change is null)
        {
            LogClaimLost(id);
            return;
        }

        var (before, after) = (change.Before!, change.After);
        if (change.Happenings.Any(happening => happening.What == Happened.Overdue))
        {
            LogOverdue(id, before.Status, before.StatusSince, before.Attempt, before.Reason ?? "none told");
        }

        if (before.Status != after.Status)
        {
            LogMoved(id, before.Status, after.Status, after.Reason ?? "as asked");
        }
    }

    private Task ReleaseAsync(Disk asked, string token, Due due, CancellationToken ct) => database.WriteAsync(
        async (db, token2) =>
        {
            var disk = await db.Disks.AsNoTracking().SingleAsync(row => row.Id == asked.Id, token2);
            if (disk.ClaimToken == token)
            {
                var isNews = disk.DueAt != asked.DueAt;
                await db.WriteAsync(DiskChange.Of(disk, Held(disk, false), isNews ? Due.AtOnce : due), null, token2);
            }
        },
        ct);

    private async Task<Disk> ReadAsync(DiskId id, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        return await db.Disks.AsNoTracking().SingleAsync(disk => disk.Id == id, ct);
    }

    private static Disk Held(Disk disk, bool isKept) =>
        isKept ? disk : disk with { ClaimToken = null, ClaimUntil = null };

    private DateTimeOffset DueAt(Due.BackOff due, int attempt, DateTimeOffset now)
    {
        var at = now + backOff.Delay(attempt);
        return due.NoLaterThan < at ? due.NoLaterThan.Value : at;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Disk {Disk} went from {Before} to {After}: {Reason}")]
    private partial void LogMoved(DiskId disk, DiskStatus before, DiskStatus after, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Disk {Disk} has been {Status} since {Since:O}, longer than it should; "
            + "attempt {Attempt}, reason: {Reason}")]
    private partial void LogOverdue(DiskId disk, DiskStatus status, DateTimeOffset since, int attempt, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last claim on disk {Disk} was cut off; what it did is looked for")]
    private partial void LogCutOff(DiskId disk);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The claim on disk {Disk} was lost during a call; its outcome is read back")]
    private partial void LogClaimLost(DiskId disk);
}
