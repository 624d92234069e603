using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Hosts;
using Mooring.Server.Ledger;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Pods;

/// <summary>Steps pods: asks <see cref="PodLifecycle"/>, makes the call, writes what the answer means.</summary>
internal sealed partial class PodWorker(
    Database database,
    ProviderRegistry providers,
    ProviderCall calls,
    PodLimits limits,
    DiskLimits diskLimits,
    BackOff backOff,
    TimeProvider time,
    ILogger<PodWorker> logger) : IWorker
{
    private static readonly Func<ILogger, PodId, string, int, IDisposable?> BeginScope =
        LoggerMessage.DefineScope<PodId, string, int>("Pod {Pod} under claim {Claim}, attempt {Attempt}");

    public WorkKinds Kind => WorkKinds.Pods;

    public int Concurrency => 16;

    public async Task<bool> StepAsync(string id, string token, bool isLast, CancellationToken ct)
    {
        var podId = new PodId(id);
        PodAndDisks work;
        IReadOnlyList<Disk> disks;
        IReadOnlyList<string> gpus;
        await using (var db = await database.ReadAsync(ct))
        {
            work = await PodQueries.LoadAsync(db, podId, ct);
            var ids = work.Attachments.Select(attachment => attachment.DiskId).ToList();
            disks = ids.Count == 0
                ? []
                : await db.Disks.AsNoTracking().Where(disk => ids.Contains(disk.Id)).ToListAsync(ct);
            gpus = work.Pod!.GpuType == GpuTypes.None
                ? []
                : await db.HostGpus.Where(gpu => gpu.PodId == podId).OrderBy(gpu => gpu.Id).Select(gpu => gpu.Id)
                    .ToListAsync(ct);
        }

        if (work.Pod!.ClaimToken != token)
        {
            return false;
        }

        using var scope = BeginScope(logger, podId, token, work.Pod.Attempt);
        if (work.Pod.IsCutOff)
        {
            work = await NoteCutOffAsync(podId, ct);
        }

        switch (PodLifecycle.Next(work, time.Now()))
        {
            case PodStep.Ask ask:
                return await WriteAsync(work.Pod!, token, await AskAsync(work, disks, gpus, ask.Call, ct), isLast, ct);
            case PodStep.AskAbout ask:
                return await WriteAsync(work.Pod!, token, await AskAboutAsync(work, disks, ask, ct), isLast, ct);
            case PodStep.TimePasses:
                return await WriteAsync(work.Pod!, token, new PodAnswer.TimePassed(), isLast, ct);
            default:
                await ReleaseAsync(work.Pod!, token, Due.Nothing, ct);
                return false;
        }
    }

    /// <summary>Writes down, before anything else is asked, that an earlier call may still have effects.</summary>
    private Task<PodAndDisks> NoteCutOffAsync(PodId id, CancellationToken ct) => database.WriteAsync(
        async (db, token) =>
        {
            var work = await PodQueries.LoadAsync(db, id, token);
            var change = work.CutOff(providers.Instances(work.Pod!.ProviderAccountId).SettlingTime, time.Now());
            LogCutOff(id);
            var noted = change with { After = change.After with { Pod = change.Pod with { IsCutOff = false } } };
            return await db.WriteAsync(noted, diskLimits, null, token);
        },
        ct);

    public async Task PutOffAsync(string id, string token, CancellationToken ct)
    {
        await database.WriteAsync(
            async (db, token2) =>
            {
                var work = await PodQueries.LoadAsync(db, new PodId(id), token2);
                if (work.Pod!.ClaimToken == token)
                {
                    // The claim ends but is not given back: a call may have been made, and is taken for cut off.
                    var ended = work with { Pod = work.Pod with { ClaimUntil = time.Now() } };
                    var due = new Due.At(time.Now() + backOff.Ceiling);
                    await db.WriteAsync(PodChange.Of(work, ended, due), diskLimits, null, token2);
                }
            },
            ct);
    }

    private async Task<PodAnswer> AskAsync(
        PodAndDisks work, IReadOnlyList<Disk> disks, IReadOnlyList<string> gpus, PodCall call, CancellationToken ct)
    {
        var pod = work.Pod!;
        var provider = providers.Instances(pod.ProviderAccountId);
        var reference = PodQueries.RefOf(pod);
        CrashPoint.Pass("pod.call.before", call.ToString());
        var (seen, failure) = await calls.MakeAsync(
            pod.ProviderType,
            call.ToString(),
            $"pod {pod.Id}",
            async token => call switch
            {
                PodCall.EnsureCreated => await provider.EnsureCreatedAsync(
                    await SpecAsync(work, disks, gpus, token), token),
                PodCall.EnsureDeleted => await provider.EnsureDeletedAsync(reference, token),
                _ => await provider.ObserveAsync(reference, token),
            },
            ct);
        CrashPoint.Pass("pod.call.after", call.ToString());
        return failure is null
            ? new PodAnswer.Saw(call, seen! with { Words = Printable.Words(seen.Words) })
            : new PodAnswer.Failed(call, failure.Kind, failure.Words, failure.RetryAfter, provider.SettlingTime);
    }

    private async Task<PodAnswer> AskAboutAsync(
        PodAndDisks work, IReadOnlyList<Disk> disks, PodStep.AskAbout ask, CancellationToken ct)
    {
        var pod = work.Pod!;
        var provider = providers.Instances(pod.ProviderAccountId);
        var attachment = work.Attachments.First(attachment => attachment.Ordinal == ask.Ordinal);
        var disk = disks.Single(disk => disk.Id == attachment.DiskId);
        CrashPoint.Pass("pod.call.before", ask.Call.ToString());
        var (seen, failure) = await calls.MakeAsync(
            pod.ProviderType,
            ask.Call.ToString(),
            $"disk {disk.Id} of pod {pod.Id}",
            token => pod.NamesDisksAtCreation
                ? ReadAttachmentAsync(disk, token)
                : AskHostAsync(provider, pod, attachment, disk, ask.Call, token),
            ct);
        CrashPoint.Pass("pod.call.after", ask.Call.ToString());
        return failure is null
            ? new PodAnswer.SawAttachment(
                ask.Call, ask.Ordinal, seen! with { Words = Printable.Words(seen.Words) })
            : new PodAnswer.Failed(ask.Call, failure.Kind, failure.Words, failure.RetryAfter, provider.SettlingTime);
    }

    private async Task<AttachmentObservation> AskHostAsync(
        IInstanceProvider provider, Pod pod, Attachment attachment, Disk disk, PodCall call, CancellationToken ct)
    {
        var attacher = provider as IAttachBeforeStart
            ?? throw new InvalidOperationException($"Provider account {pod.ProviderAccountId} attaches no disks.");
        return call == PodCall.Attach
            ? await attacher.EnsureAttachedAsync(await SpecAsync(pod, attachment, disk, ct), ct)
            : await attacher.EnsureDetachedAsync(
                SpecOf(pod, attachment, disk, HostAttachable(disk).Identify(disk.Ref)), ct);
    }

    // The instance that held it is gone, and a cloud may take its time to let go of the disk. One that is not there any
    // more, or failed, nothing can write to.
    private async Task<AttachmentObservation> ReadAttachmentAsync(Disk disk, CancellationToken ct)
    {
        var seen = await providers.Disks(disk.ProviderAccountId).ObserveAsync(disk.Ref, ct);
        return seen.State == RemoteDiskState.Changing
            ? new AttachmentObservation(AttachmentState.Working, seen.Words ?? "The provider is detaching it.")
            : new AttachmentObservation(AttachmentState.Detached);
    }

    private async Task<InstanceSpec> SpecAsync(
        PodAndDisks work, IReadOnlyList<Disk> disks, IReadOnlyList<string> gpus, CancellationToken ct)
    {
        var pod = work.Pod!;
        List<AttachmentSpec> attachments = [];
        foreach (var attachment in work.Attachments)
        {
            attachments.Add(await SpecAsync(pod, attachment, disks.Single(disk => disk.Id == attachment.DiskId), ct));
        }

        return new InstanceSpec(
            pod.RemoteName,
            pod.CloudId,
            pod.DataCenter,
            pod.ImageReference,
            pod.Vcpus,
            ByteSize.FromGiB(pod.MemoryGiB),
            gpus,
            pod.Environment,
            pod.AuthorizedKeys,
            attachments,
            pod.AccountId.Value,
            Reservations.UserNamespaceBase(pod.UserNamespaceSlot),
            pod.Name,
            pod.HostId?.Value);
    }

    private async Task<AttachmentSpec> SpecAsync(Pod pod, Attachment attachment, Disk disk, CancellationToken ct) =>
        SpecOf(
            pod,
            attachment,
            disk,
            pod.NamesDisksAtCreation
                ? NamedAtCreation.Source
                : await HostAttachable(disk).DescribeAttachAsync(disk.Ref, ct));

    private static AttachmentSpec SpecOf(Pod pod, Attachment attachment, Disk disk, HostAttachSource source) => new(
        disk.Ref,
        source,
        pod.RemoteName,
        attachment.Ordinal,
        attachment.MountPath,
        attachment.Generation,
        disk.IsMultinode,
        Reservations.UserNamespaceBase(pod.UserNamespaceSlot),
        pod.HostId?.Value);

    private IHostAttachable HostAttachable(Disk disk) => providers.Disks(disk.ProviderAccountId) as IHostAttachable
        ?? throw new RefusedException($"Disks of provider '{disk.ProviderType}' can't be attached to hosts of ours.");

    /// <summary>No agent brings the disk: it is named in the call that creates the instance.</summary>
    private sealed record NamedAtCreation : HostAttachSource
    {
        public static readonly NamedAtCreation Source = new();
    }

    private async Task<bool> WriteAsync(
        Pod asked, string token, PodAnswer answer, bool isLast, CancellationToken ct)
    {
        var (change, keeps) = await database.WriteAsync<(PodChange? Change, bool Keeps)>(
            async (db, token2) =>
            {
                // The pod may have been deleted meanwhile: the answer is applied to what it is now.
                var work = await PodQueries.LoadAsync(db, asked.Id, token2);
                var pod = work.Pod!;
                if (pod.ClaimToken != token)
                {
                    return (null, false);
                }

                var change = PodLifecycle.Apply(work, answer, limits, time.Now());
                if (pod.DueAt != asked.DueAt && change.Due is not Due.Now)
                {
                    // Somebody gave it reason to be looked at during the call.
                    change = change with { Due = Due.AtOnce };
                }

                var keeps = !isLast && change.Due is Due.Now;
                var held = change with { After = change.After with { Pod = Held(change.Pod, keeps) } };
                await db.WriteAsync(held, diskLimits, DueAt, token2);
                return (change, keeps);
            },
            ct);
        // Told once it is so, and where the scopes of this step are.
        Tell(asked.Id, change);
        return keeps;
    }

    private void Tell(PodId id, PodChange? change)
    {
        if (change is null)
        {
            LogClaimLost(id);
            return;
        }

        var (before, after) = (change.Before.Pod!, change.Pod);
        if (change.Happenings.Any(happening => happening.What == Happened.Overdue))
        {
            LogOverdue(id, before.Status, before.StatusSince, before.Attempt, before.Reason ?? "none told");
        }

        if (before.Status != after.Status)
        {
            LogMoved(id, before.Status, after.Status, after.Reason ?? "as asked");
        }

        foreach (var (disk, effect) in change.DiskEffects)
        {
            LogDisk(disk, effect, id);
        }
    }

    private Task ReleaseAsync(Pod asked, string token, Due due, CancellationToken ct) => database.WriteAsync(
        async (db, token2) =>
        {
            var work = await PodQueries.LoadAsync(db, asked.Id, token2);
            if (work.Pod!.ClaimToken == token)
            {
                var isNews = work.Pod.DueAt != asked.DueAt;
                var change = PodChange.Of(
                    work, work with { Pod = Held(work.Pod, false) }, isNews ? Due.AtOnce : due);
                await db.WriteAsync(change, diskLimits, null, token2);
            }
        },
        ct);

    private static Pod Held(Pod pod, bool isKept) => isKept ? pod : pod with { ClaimToken = null, ClaimUntil = null };

    private DateTimeOffset DueAt(Due.BackOff due, int attempt, DateTimeOffset now)
    {
        var at = now + backOff.Delay(attempt);
        return due.NoLaterThan < at ? due.NoLaterThan.Value : at;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pod {Pod} went from {Before} to {After}: {Reason}")]
    private partial void LogMoved(PodId pod, PodStatus before, PodStatus after, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "Pod {Pod} has been {Status} since {Since:O}, longer than it should; attempt {Attempt}, reason: {Reason}")]
    private partial void LogOverdue(PodId pod, PodStatus status, DateTimeOffset since, int attempt, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Disk {Disk}: {Effect} by pod {Pod}")]
    private partial void LogDisk(DiskId disk, DiskEffect effect, PodId pod);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last claim on pod {Pod} was cut off; what it did is looked for")]
    private partial void LogCutOff(PodId pod);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The claim on pod {Pod} was lost during a call; its outcome is read back")]
    private partial void LogClaimLost(PodId pod);
}
