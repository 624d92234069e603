using Mooring.Providers.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Disks;

/// <summary>
/// A disk's life, from top to bottom. For each status two things stand side by side: what is asked of the provider
/// (<see cref="Next"/>), and what the answer means (<see cref="Apply"/>). Nothing here reads a clock, a database or a
/// network, so that a history can be played in any order: the reconciler makes the call between the two.
///
/// <para>Every step may run twice, and every answer may be lost or come late: a step says what shall be true, the
/// provider's verb looks before it acts, and an answer is applied to the disk as it is <em>now</em>, which may have
/// been renamed or deleted meanwhile. Three rules keep a disk from being lost, doubled or resurrected:</para>
/// <list type="number">
/// <item>a missing answer is not absence: only a complete, successful look that found nothing is;</item>
/// <item>while a create call of unknown outcome may still take effect, absence counts only after the provider's
/// settling time and two complete looks;</item>
/// <item>TERMINATED is final. What turns up later under the disk's name is a stray, and is removed.</item>
/// </list>
/// A fourth keeps it from being taken for another: what bears its name and has the id of another disk of ours is that
/// one, and nothing is done to it.
/// </summary>
internal static class DiskLifecycle
{
    /// <summary>What to do for this disk at this time.</summary>
    public static DiskStep Next(Disk disk, DateTimeOffset now)
    {
        now = disk.Later(now);
        return disk.Status switch
        {
            DiskStatus.Provisioning => NextOfProvisioning(disk, now),
            DiskStatus.Pending =>
                disk.Deadline <= now ? DiskStep.LetTimePass : new DiskStep.WaitUntil(disk.Deadline!.Value),
            DiskStatus.Active or DiskStatus.Stopped => NextOfSettled(disk, now),
            DiskStatus.Error => NextOfError(disk, now),
            DiskStatus.Deleting => IsOverdueUntold(disk, now) ? DiskStep.LetTimePass : DiskStep.EnsureDeleted,
            DiskStatus.Terminated when disk.DueAt is null => DiskStep.Rest,
            DiskStatus.Terminated => disk.IsAtProvider ? DiskStep.EnsureDeleted : DiskStep.Observe,
            _ => throw new InvalidOperationException($"Disk {disk.Id} has no status {disk.Status}."),
        };
    }

    /// <summary>What an answer means for the disk as it is now.</summary>
    public static DiskChange Apply(Disk disk, DiskAnswer answer, DiskLimits limits, DateTimeOffset now)
    {
        now = disk.Later(now);
        answer = answer is DiskAnswer.Saw { Other: { } other } saw ? Swapped(disk, saw, other) : answer;
        return disk.Status switch
        {
            DiskStatus.Provisioning => WhileProvisioning(disk, answer, now),
            DiskStatus.Pending => WhilePending(disk, answer, limits, now),
            DiskStatus.Active or DiskStatus.Stopped => WhileSettled(disk, answer, limits, now),
            DiskStatus.Error when disk.IsBeingRetried => WhileRetried(disk, answer, limits, now),
            DiskStatus.Error => WhileInError(disk, answer, now),
            DiskStatus.Deleting => WhileDeleting(disk, answer, limits, now),
            DiskStatus.Terminated => AfterTheEnd(disk, answer, now),
            _ => throw new InvalidOperationException($"Disk {disk.Id} has no status {disk.Status}."),
        };
    }

    // PROVISIONING: ask for it until it is there, is refused for good, or has taken too long. While an earlier call may
    // still make it, it is only looked for: where names are not unique, asking again would make a second one.

    private static DiskStep NextOfProvisioning(Disk disk, DateTimeOffset now) =>
        disk.Deadline <= now ? DiskStep.LetTimePass
        : disk.Presence.IsInDoubt ? DiskStep.Observe
        : DiskStep.EnsureCreated;

    private static DiskChange WhileProvisioning(Disk disk, DiskAnswer answer, DateTimeOffset now) => answer switch
    {
        DiskAnswer.TimePassed => Fail(
            disk, now, $"It was not ready in time{(disk.Reason is null ? "." : $": {disk.Reason}")}"),
        DiskAnswer.Saw { Seen: var seen } => seen.State switch
        {
            // Of several one is to be left before anybody has it: to ask for it again does that.
            RemoteDiskState.Ready when !seen.IsDoubled => Become(
                Found(disk, seen, now) with { Reason = null }, disk, DiskStatus.Active, now, Happened.Ready, null),
            RemoteDiskState.Ready or RemoteDiskState.Creating or RemoteDiskState.Changing =>
                LookAgain(disk, Found(disk, seen, now) with { Reason = seen.Words }, now),
            RemoteDiskState.Failed =>
                Fail(disk, Found(disk, seen, now), now, seen.Words ?? "The provider says that it failed."),
            RemoteDiskState.Deleting =>
                Fail(disk, Found(disk, seen, now), now, seen.Words ?? "Somebody is deleting it at the provider."),
            _ when disk.Presence.IsInDoubt => StillInDoubt(disk, now),
            // Asked for, and not there: the provider is behind. Ask again.
            _ => LookAgain(disk, disk with { Reason = seen.Words ?? "The provider does not show it yet." }, now),
        },
        DiskAnswer.Failed failed => failed.Kind switch
        {
            FailureKind.Refused => Fail(disk, now, failed.Words),
            _ => PutOff(disk, failed, now),
        },
        _ => throw Unexpected(disk, answer),
    };

    private static DiskChange StillInDoubt(Disk disk, DateTimeOffset now)
    {
        var after = disk with { Presence = disk.Presence.NotFound(now) };
        return disk.SettlesAt > now
            ? DiskChange.Of(
                disk,
                after with { Attempt = disk.Attempt + 1 },
                new Due.BackOff(disk.SettlesAt < disk.Deadline ? disk.SettlesAt : disk.Deadline))
            // What is asked next is another question, and has its own attempts.
            : DiskChange.Of(disk, after with { Attempt = 0 }, Due.AtOnce);
    }

    // PENDING: the holder's pod drives it; here it is only watched over.

    private static DiskChange WhilePending(Disk disk, DiskAnswer answer, DiskLimits limits, DateTimeOffset now) =>
        answer is DiskAnswer.TimePassed && disk.Deadline <= now
            ? TellOverdue(disk, disk with { Deadline = now + limits.Ceiling }, now, new Due.At(now + limits.Ceiling))
            // What was asked or decided before it moved says nothing about the move.
            : DiskChange.Of(disk, disk, new Due.At(disk.Deadline ?? (now + limits.Pending)));

    // ACTIVE and STOPPED: nothing is asked until something gives reason to look.

    private static DiskStep NextOfSettled(Disk disk, DateTimeOffset now) =>
        disk.DueAt is null && disk.UnreadableSince is null ? DiskStep.Rest
        : IsOverdueUntold(disk, now) ? DiskStep.LetTimePass
        : DiskStep.Observe;

    private static DiskChange WhileSettled(Disk disk, DiskAnswer answer, DiskLimits limits, DateTimeOffset now) =>
        answer switch
        {
            DiskAnswer.TimePassed => TellIfOverdue(disk, now),
            DiskAnswer.Saw { Seen: var seen } => seen.State switch
            {
                RemoteDiskState.Absent => Fail(
                    disk,
                    Readable(disk) with { Presence = disk.Presence.Vanished() },
                    now,
                    seen.Words ?? "Its data is missing at the provider, without our doing."),
                _ when IsAnother(disk, seen) => Fail(
                    disk,
                    Readable(disk) with { Presence = disk.Presence.Vanished() },
                    now,
                    $"Its data is missing at the provider, without our doing. {WordsOnAnother(disk, seen)}"),
                RemoteDiskState.Failed =>
                    Fail(disk, Readable(disk), now, seen.Words ?? "The provider says that it failed."),
                RemoteDiskState.Deleting =>
                    LookAgain(disk, Readable(disk) with { Reason = "Somebody is deleting it at the provider." }, now),
                _ => disk.UnreadableSince is null
                    ? DiskChange.Of(disk, Settled(Found(disk, seen, now)), Due.Nothing)
                    : DiskChange.Of(
                        disk,
                        Readable(Found(disk, seen, now)) with { Reason = null, UpdatedAt = now },
                        Due.Nothing,
                        new Happening(Happened.Readable, null)),
            },
            DiskAnswer.Failed failed => Unreadable(disk, failed, limits, now),
            _ => throw Unexpected(disk, answer),
        };

    // A delete at the provider that came to nothing, say, is no reason any more.
    private static Disk Settled(Disk disk) => disk.Status == DiskStatus.Active ? disk with { Reason = null } : disk;

    // ERROR: only the creation's open ends are followed up; the rest is the user's wish. A retry of a disk that held
    // data looks whether it is there again, and makes nothing.

    private static DiskStep NextOfError(Disk disk, DateTimeOffset now) =>
        disk.DueAt is null ? DiskStep.Rest
        : disk.Deadline <= now ? DiskStep.LetTimePass
        : DiskStep.Observe;

    private static DiskChange WhileInError(Disk disk, DiskAnswer answer, DateTimeOffset now) => answer switch
    {
        DiskAnswer.Saw { Seen: var seen } when seen.State == RemoteDiskState.Absent || IsAnother(disk, seen) =>
            Absent(disk, now) is var absent && absent.Presence.IsOpen
                ? DiskChange.Of(disk, absent, absent.Presence.NextLook(now))
                : Note(disk, absent, Happened.Missing, now),
        DiskAnswer.Saw { Seen: var seen } => Note(disk, Found(disk, seen, now), Happened.Found, now),
        DiskAnswer.Failed { Kind: FailureKind.Refused } when !disk.Presence.IsOpen =>
            DiskChange.Of(disk, disk, Due.Nothing),
        DiskAnswer.Failed => DiskChange.Of(disk, disk with { Attempt = disk.Attempt + 1 }, new Due.BackOff(null)),
        DiskAnswer.TimePassed => DiskChange.Nothing(disk),
        _ => throw Unexpected(disk, answer),
    };

    private static DiskChange WhileRetried(Disk disk, DiskAnswer answer, DiskLimits limits, DateTimeOffset now) =>
        answer switch
        {
            DiskAnswer.TimePassed => disk.Deadline <= now
                ? StayInError(disk, disk, now, $"It could not be seen in time: {disk.Reason}")
                : DiskChange.Of(disk, disk, Due.AtOnce),
            DiskAnswer.Saw { Seen: var seen } when IsAnother(disk, seen) => StayInError(
                disk, disk with { Presence = disk.Presence.Vanished() }, now, WordsOnAnother(disk, seen)),
            DiskAnswer.Saw { Seen: var seen } => seen.State switch
            {
                RemoteDiskState.Ready => Become(
                    Found(disk, seen, now) with { Reason = null }, disk, DiskStatus.Active, now, Happened.Ready, null),
                RemoteDiskState.Creating or RemoteDiskState.Changing => Noted(
                    disk,
                    Found(disk, seen, now) with { Attempt = disk.Attempt + 1 },
                    new Due.BackOff(now + limits.Ceiling),
                    Happened.Found,
                    now),
                RemoteDiskState.Absent when Absent(disk, now) is { Presence.IsOpen: true } absent =>
                    DiskChange.Of(disk, absent, absent.Presence.NextLook(now)),
                RemoteDiskState.Absent => StayInError(
                    disk, Absent(disk, now), now, seen.Words ?? "Its data is still missing at the provider."),
                RemoteDiskState.Deleting => StayInError(
                    disk, Found(disk, seen, now), now, seen.Words ?? "Somebody is deleting it at the provider."),
                _ => StayInError(
                    disk, Found(disk, seen, now), now, seen.Words ?? "The provider says that it failed."),
            },
            DiskAnswer.Failed { Kind: FailureKind.Refused } failed when !disk.Presence.IsOpen =>
                StayInError(disk, disk, now, failed.Words),
            DiskAnswer.Failed failed => PutOff(disk, failed, now, limits.Ceiling),
            _ => throw Unexpected(disk, answer),
        };

    private static bool IsAnother(Disk disk, DiskObservation seen) =>
        seen.State != RemoteDiskState.Absent
        && seen.RemoteId is not null
        && disk.RemoteId is not null
        && seen.RemoteId != disk.RemoteId;

    private static string WordsOnAnother(Disk disk, DiskObservation seen) =>
        $"What the provider has under its name is not what held its data: its id there is {seen.RemoteId}, "
        + $"and was {disk.RemoteId}.";

    private static DiskChange StayInError(Disk before, Disk after, DateTimeOffset now, string words)
    {
        var failed = Fail(before, after, now, words);
        return failed with { After = failed.After with { StatusSince = before.StatusSince } };
    }

    // DELETING: ask until its absence is certain. Nothing ends this but that.

    private static DiskChange WhileDeleting(Disk disk, DiskAnswer answer, DiskLimits limits, DateTimeOffset now) =>
        answer switch
        {
            DiskAnswer.TimePassed => TellIfOverdue(disk, now),
            // The creation that the delete overtook has ended: now its outcome is known.
            DiskAnswer.Saw { Asked: DiskCall.EnsureCreated, Seen: var seen } =>
                DiskChange.Of(disk, Overtaken(disk, seen, now), Due.AtOnce),
            DiskAnswer.Failed { Asked: DiskCall.EnsureCreated } failed =>
                DiskChange.Of(disk, Unsettled(Overtaken(disk, null, now), failed, now), Due.AtOnce),
            DiskAnswer.Saw { Seen: var seen } when seen.State == RemoteDiskState.Absent =>
                Absent(disk, now) is var absent && absent.Presence.IsOpen
                    ? DiskChange.Of(disk, absent, absent.Presence.NextLook(now))
                    : Terminate(absent, disk, now),
            DiskAnswer.Saw { Seen: var seen } =>
                LookAgain(disk, Found(disk, seen, now) with { Reason = seen.Words }, now, limits.Ceiling),
            DiskAnswer.Failed failed => PutOff(disk, failed, now, limits.Ceiling),
            _ => throw Unexpected(disk, answer),
        };

    private static Disk Overtaken(Disk disk, DiskObservation? seen, DateTimeOffset now) =>
        (seen is null or { State: RemoteDiskState.Absent } ? disk : Found(disk, seen, now)) with { Attempt = 0 };

    // TERMINATED: final. A stray under its name is found, told, and removed; the disk stays gone.

    private static DiskChange AfterTheEnd(Disk disk, DiskAnswer answer, DateTimeOffset now) => answer switch
    {
        DiskAnswer.Saw { Asked: DiskCall.Observe, Seen.State: RemoteDiskState.Absent } =>
            DiskChange.Of(disk, disk with { Presence = Presence.Gone, Attempt = 0 }, Due.Nothing),
        DiskAnswer.Saw { Asked: DiskCall.Observe, Seen: var seen } => DiskChange.Of(
            disk,
            disk with { IsAtProvider = true, Attempt = 0, UpdatedAt = now },
            Due.AtOnce,
            new Happening(Happened.StrayFound, seen.Words)),
        DiskAnswer.Saw { Asked: DiskCall.EnsureDeleted, Seen: var seen } when seen.State == RemoteDiskState.Absent =>
            DiskChange.Of(
                disk,
                disk with { Presence = Presence.Gone, Attempt = 0, UpdatedAt = now },
                Due.Nothing,
                new Happening(Happened.StrayRemoved, null)),
        DiskAnswer.Saw { Asked: DiskCall.EnsureDeleted }
            or DiskAnswer.Failed { Asked: DiskCall.EnsureDeleted or DiskCall.Observe } =>
            DiskChange.Of(disk, disk with { Attempt = disk.Attempt + 1 }, new Due.BackOff(null)),
        _ => DiskChange.Nothing(disk),
    };

    // What several statuses share.

    // Of what is gone for good nothing is left to be had; as long as it is not, somebody has to say which is which.
    private static DiskAnswer Swapped(Disk disk, DiskAnswer.Saw saw, DiskId other) =>
        disk.Status == DiskStatus.Terminated
            ? new DiskAnswer.Saw(saw.Asked, DiskObservation.Absent)
            : new DiskAnswer.Failed(
                saw.Asked,
                FailureKind.Refused,
                $"What bears its name at the provider is disk {other}, by its id {saw.Seen.RemoteId}, and is left "
                + "alone. Names were swapped there: give each its own again.",
                RetryAfter: null,
                SettlingTime: TimeSpan.Zero);

    // While it is made, of several the one that is kept is it. From then on its id is what tells it from any other.
    private static Disk Found(Disk disk, DiskObservation seen, DateTimeOffset now) => disk with
    {
        Presence = disk.Presence.Found(now),
        RemoteId = disk.Status == DiskStatus.Provisioning
            ? seen.RemoteId ?? disk.RemoteId
            : disk.RemoteId ?? seen.RemoteId,
    };

    private static Disk Absent(Disk disk, DateTimeOffset now) =>
        disk with { Presence = disk.Presence.NotFound(now), Attempt = 0 };

    private static Disk Unsettled(Disk disk, DiskAnswer.Failed failed, DateTimeOffset now) =>
        failed is { Asked: DiskCall.EnsureCreated, Kind: FailureKind.Unknown }
            ? disk with { Presence = disk.Presence.Unsettled(now + failed.SettlingTime) }
            : disk;

    private static DiskChange Note(Disk before, Disk after, Happened what, DateTimeOffset now) =>
        Noted(before, after, Due.Nothing, what, now);

    // In ERROR the price hangs on whether it is there.
    private static DiskChange Noted(Disk before, Disk after, Due due, Happened what, DateTimeOffset now) =>
        before.IsAtProvider == after.IsAtProvider
            ? DiskChange.Of(before, after, due)
            : DiskChange.Of(before, after with { UpdatedAt = now }, due, new Happening(what, null));

    private static Disk Readable(Disk disk) =>
        disk.UnreadableSince is null
            ? disk
            : disk with { UnreadableSince = null, Deadline = null, IsOverdueTold = false };

    private static DiskChange Unreadable(Disk disk, DiskAnswer.Failed failed, DiskLimits limits, DateTimeOffset now)
    {
        var since = disk.UnreadableSince ?? now;
        var after = disk with
        {
            UnreadableSince = since,
            Deadline = since + limits.UnreadableAlert,
            Attempt = disk.Attempt + 1,
            Reason = failed.Words,
            UpdatedAt = disk.UnreadableSince is null ? now : disk.UpdatedAt,
        };
        return DiskChange.Of(
            disk,
            after,
            WhenToRetry(failed, now, limits.Ceiling),
            disk.UnreadableSince is null ? [new Happening(Happened.Unreadable, failed.Words)] : []);
    }

    private static DiskChange Become(
        Disk after,
        Disk before,
        DiskStatus status,
        DateTimeOffset now,
        Happened what,
        string? words,
        Due? due = null) =>
        DiskChange.Of(
            before,
            after with
            {
                Status = status,
                StatusSince = now,
                UpdatedAt = now,
                Deadline = null,
                IsOverdueTold = false,
                Attempt = 0,
            },
            due ?? Due.Nothing,
            new Happening(what, words));

    private static DiskChange Fail(Disk disk, DateTimeOffset now, string words) => Fail(disk, disk, now, words);

    private static DiskChange Fail(Disk before, Disk after, DateTimeOffset now, string words) => Become(
        // That it is shown so there is no difference any more; of what is not there nothing differs.
        after with
        {
            Reason = words,
            UnreadableSince = null,
            Drift = after.IsAtProvider ? after.Drift & ~DiskDrift.Status : DiskDrift.None,
        },
        before,
        DiskStatus.Error,
        now,
        Happened.Failed,
        words,
        // What a create call of unknown outcome may have left is looked for when it can't come any more.
        after.SettlesAt is { } settles ? new Due.At(settles) : Due.Nothing);

    private static DiskChange Terminate(Disk after, Disk before, DateTimeOffset now) => Become(
        after with { Reason = null, TerminatedAt = now, UnreadableSince = null },
        before,
        DiskStatus.Terminated,
        now,
        Happened.Gone,
        null);

    private static DiskChange LookAgain(Disk before, Disk after, DateTimeOffset now, TimeSpan? ceiling = null) =>
        DiskChange.Of(
            before,
            after with { Attempt = after.Presence.NextAttempt(before.Presence, before.Attempt) },
            new Due.BackOff(NoLater(before, now, ceiling)));

    private static DiskChange PutOff(Disk disk, DiskAnswer.Failed failed, DateTimeOffset now, TimeSpan? ceiling = null)
    {
        // The same words again are no new fact: a history doesn't grow with every attempt.
        var isNews = disk.Reason != failed.Words;
        var after = Unsettled(disk, failed, now) with
        {
            Reason = failed.Words,
            Attempt = disk.Attempt + 1,
            UpdatedAt = isNews ? now : disk.UpdatedAt,
        };
        return DiskChange.Of(
            disk,
            after,
            WhenToRetry(
                failed,
                now,
                ceiling,
                disk.Status is DiskStatus.Provisioning or DiskStatus.Error ? disk.Deadline : null),
            isNews ? [new Happening(Happened.StepFailed, failed.Words)] : []);
    }

    private static Due WhenToRetry(
        DiskAnswer.Failed failed, DateTimeOffset now, TimeSpan? ceiling, DateTimeOffset? deadline = null) =>
        failed.RetryAfter is { } after ? new Due.At(deadline < now + after ? deadline.Value : now + after)
        : new Due.BackOff(ceiling is { } most ? now + most : deadline);

    private static DateTimeOffset? NoLater(Disk disk, DateTimeOffset now, TimeSpan? ceiling) =>
        ceiling is { } most ? now + most : disk.Deadline;

    private static DiskChange TellOverdue(Disk before, Disk after, DateTimeOffset now, Due due) => before.IsOverdueTold
        ? DiskChange.Of(before, after, due)
        : DiskChange.Of(
            before,
            after with { IsOverdueTold = true, UpdatedAt = now },
            due,
            new Happening(Happened.Overdue, $"It has been so since {before.StatusSince:u}, longer than it should."));

    // Between the decision that time has passed and its writing, a wish may have given the disk new time.
    private static DiskChange TellIfOverdue(Disk disk, DateTimeOffset now) => IsOverdueUntold(disk, now)
        ? TellOverdue(disk, disk, now, Due.AtOnce)
        : DiskChange.Of(disk, disk, Due.AtOnce);

    private static bool IsOverdueUntold(Disk disk, DateTimeOffset now) => disk.Deadline <= now && !disk.IsOverdueTold;

    private static InvalidOperationException Unexpected(Disk disk, DiskAnswer answer) =>
        new($"Disk {disk.Id} is {disk.Status} and can't take {answer.GetType().Name}.");
}
