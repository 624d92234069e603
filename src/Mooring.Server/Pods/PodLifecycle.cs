using Mooring.Providers.Instances;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Pods;

/// <summary>
/// A pod's life, from top to bottom, in the form of <see cref="DiskLifecycle"/>: what is asked, and what the answer
/// means. Its steps drive its attachments, and through them its disks.
///
/// <para>On the way up: each disk to the host, then the container, until it is ready. On the way down, whatever was the
/// cause: the container first, and only when that is certainly gone each disk. A disk is given back only when nothing
/// of this pod can write to it: that, and nothing else, is what keeps two writers apart.</para>
/// </summary>
internal static class PodLifecycle
{
    /// <summary>What to do for this pod at this time.</summary>
    public static PodStep Next(PodAndDisks work, DateTimeOffset now)
    {
        var pod = work.Pod!;
        now = pod.Later(now);
        return pod.Status switch
        {
            PodStatus.Provisioning => NextUp(work, now),
            PodStatus.Active when pod.IsRestarting => NextUp(work, now),
            PodStatus.Active => NextOfRunning(pod, now),
            PodStatus.Error or PodStatus.Deleting => NextDown(work, now),
            PodStatus.Terminated when pod.DueAt is null => PodStep.Rest,
            PodStatus.Terminated => pod.IsAtProvider ? PodStep.EnsureDeleted : PodStep.Observe,
            _ => throw new InvalidOperationException($"Pod {pod.Id} has no status {pod.Status}."),
        };
    }

    /// <summary>What an answer means for the pod as it is now.</summary>
    public static PodChange Apply(PodAndDisks work, PodAnswer answer, PodLimits limits, DateTimeOffset now)
    {
        var pod = work.Pod!;
        now = pod.Later(now);
        return pod.Status switch
        {
            PodStatus.Provisioning => OnTheWayUp(work, answer, limits, now),
            PodStatus.Active when pod.IsRestarting => OnTheWayUp(work, answer, limits, now),
            PodStatus.Active => WhileRunning(work, answer, limits, now),
            PodStatus.Error or PodStatus.Deleting => OnTheWayDown(work, answer, limits, now),
            PodStatus.Terminated => AfterTheEnd(work, answer, now),
            _ => throw new InvalidOperationException($"Pod {pod.Id} has no status {pod.Status}."),
        };
    }

    /// <summary>
    /// The user wants it gone. Accepted in every status, as often as it is asked for; the disks live on.
    /// </summary>
    public static PodChange Delete(PodAndDisks work, PodLimits limits, DateTimeOffset now, string? why = null)
    {
        var pod = work.Pod!;
        if (pod.Status is PodStatus.Deleting or PodStatus.Terminated)
        {
            return new PodChange(work, work, null, []);
        }

        now = pod.Later(now);
        var isGone = pod is { Status: PodStatus.Error, IsInstanceGone: true };
        return End(
            work with { Pod = pod with { Reason = why } },
            work,
            PodStatus.Deleting,
            isGone,
            limits,
            now,
            new Happening(Happened.DeleteAccepted, why));
    }

    // On the way up: PROVISIONING, and ACTIVE while it is started again.

    public static bool IsGoingUp(Pod pod) => pod.Status == PodStatus.Provisioning || pod.IsRestarting;

    private static PodStep NextUp(PodAndDisks work, DateTimeOffset now)
    {
        var pod = work.Pod!;
        if (pod.Deadline <= now)
        {
            return PodStep.LetTimePass;
        }

        // What ended is removed before it is made anew: its mounts were of before.
        if (pod.IsRestarting && !pod.IsInstanceGone)
        {
            return PodStep.EnsureDeleted;
        }

        // While an earlier call may still make it, it is only looked for: where names are not unique, asking again
        // would make a second one.
        if (pod.Presence.IsInDoubt)
        {
            return PodStep.Observe;
        }

        // Where we have no host of ours, the disks are named in the creating call, and come with the instance.
        return !pod.NamesDisksAtCreation
            && work.Attachments.FirstOrDefault(attachment => attachment.Status == AttachmentStatus.Claimed)
                is { } waiting
            ? new PodStep.AskAbout(PodCall.Attach, waiting.Ordinal)
            : PodStep.EnsureCreated;
    }

    private static PodChange OnTheWayUp(PodAndDisks work, PodAnswer answer, PodLimits limits, DateTimeOffset now)
    {
        var pod = work.Pod!;
        return answer switch
        {
            PodAnswer.TimePassed => Fail(
                work, limits, now, $"It was not ready in time{(pod.Reason is null ? "." : $": {pod.Reason}")}"),
            PodAnswer.SawAttachment { Asked: PodCall.Attach, Seen.State: AttachmentState.Attached } saw =>
                Then(work, At(now, With(work, saw.Ordinal, attachment => attachment with
                {
                    Status = AttachmentStatus.Attached,
                    AttachedAt = now,
                    Reason = null,
                }))),
            PodAnswer.SawAttachment saw => LookAgain(
                work,
                With(work, saw.Ordinal, attachment => attachment with { Reason = saw.Seen.Words }),
                pod.Deadline,
                saw.Seen.Words),
            PodAnswer.Saw { Asked: PodCall.EnsureDeleted, Seen.State: RemoteInstanceState.Absent } =>
                pod.Presence.NotFound(now) is var presence && presence.IsOpen
                    ? StillInDoubt(work, presence, now)
                    : Then(work, work with { Pod = pod with { Presence = presence, IsInstanceGone = true } }),
            PodAnswer.Saw { Asked: PodCall.EnsureDeleted } saw => LookAgain(work, work, pod.Deadline, saw.Seen.Words),
            PodAnswer.Saw { Seen: var seen } => seen.State switch
            {
                RemoteInstanceState.Ready => BecomeActive(work, seen, now),
                RemoteInstanceState.Created => Then(work, work with { Pod = Found(pod, seen, now) }),
                RemoteInstanceState.Starting => LookAgain(
                    work,
                    work with { Pod = Found(pod, seen, now) },
                    pod.Deadline,
                    seen.Words ?? "It has started; its SSH server does not answer yet."),
                RemoteInstanceState.Ended => Ended(work with { Pod = Found(pod, seen, now) }, work, seen, limits, now),
                RemoteInstanceState.Absent when pod.Presence.IsInDoubt =>
                    StillInDoubt(work, pod.Presence.NotFound(now), now),
                _ => LookAgain(work, work, pod.Deadline, seen.Words ?? "The provider does not show it yet."),
            },
            PodAnswer.Failed { Kind: FailureKind.Refused } failed => Fail(work, limits, now, failed.Words),
            PodAnswer.Failed failed => PutOff(work, failed, now, pod.Deadline),
            _ => throw Unexpected(pod, answer),
        };
    }

    private static PodChange StillInDoubt(PodAndDisks work, Presence presence, DateTimeOffset now)
    {
        var pod = work.Pod!;
        if (pod.SettlesAt <= now)
        {
            return Then(work, work with { Pod = pod with { Presence = presence } });
        }

        var after = work with { Pod = pod with { Presence = presence, Attempt = pod.Attempt + 1 } };
        return PodChange.Of(
            work, after, new Due.BackOff(pod.SettlesAt < pod.Deadline ? pod.SettlesAt : pod.Deadline));
    }

    private static PodChange BecomeActive(PodAndDisks work, InstanceObservation seen, DateTimeOffset now)
    {
        var pod = Found(work.Pod!, seen, now) with
        {
            Status = PodStatus.Active,
            StatusSince = work.Pod!.Status == PodStatus.Active ? work.Pod.StatusSince : now,
            UpdatedAt = now,
            ReadySince = now,
            IsRestarting = false,
            IsInstanceGone = false,
            Deadline = null,
            IsOverdueTold = false,
            Attempt = 0,
            Reason = null,
            ExitCode = null,
        };
        var after = work with { Pod = pod };
        return PodChange.Of(
            work,
            pod.NamesDisksAtCreation ? WithDisksOf(after, now) : after,
            Due.Nothing,
            new Happening(Happened.Ready, null));
    }

    // An instance that was made with its disks, and runs, has them.
    private static PodAndDisks WithDisksOf(PodAndDisks work, DateTimeOffset now) => work with
    {
        Attachments = [.. work.Attachments.Select(hold => hold.Status == AttachmentStatus.Claimed
            ? hold with { Status = AttachmentStatus.Attached, AttachedAt = now, Reason = null }
            : hold)],
    };

    // ACTIVE: the engine signals, and a list a minute is the backstop; nothing is asked until one of them gives reason.

    private static PodStep NextOfRunning(Pod pod, DateTimeOffset now) =>
        pod.DueAt is null && pod.UnreadableSince is null ? PodStep.Rest
        : IsOverdueUntold(pod, now) ? PodStep.LetTimePass
        : PodStep.Observe;

    private static PodChange WhileRunning(PodAndDisks work, PodAnswer answer, PodLimits limits, DateTimeOffset now)
    {
        var pod = work.Pod!;
        return answer switch
        {
            PodAnswer.TimePassed => IsOverdueUntold(pod, now) ? TellOverdue(work, now) : Then(work, work),
            PodAnswer.Saw { Seen: var seen } => seen.State switch
            {
                RemoteInstanceState.Ready or RemoteInstanceState.Starting => PodChange.Of(
                    work,
                    work with { Pod = Readable(Found(pod, seen, now), now) },
                    Due.Nothing,
                    pod.UnreadableSince is null ? [] : [new Happening(Happened.Readable, null)]),
                RemoteInstanceState.Deleting => LookAgain(work, work, now + limits.Ceiling, seen.Words),
                _ => Ended(work with { Pod = Readable(pod, now) }, work, seen, limits, now),
            },
            PodAnswer.Failed failed => Unreadable(work, failed, limits, now),
            _ => throw Unexpected(pod, answer),
        };
    }

    private static PodChange Ended(
        PodAndDisks work, PodAndDisks before, InstanceObservation seen, PodLimits limits, DateTimeOffset now)
    {
        var pod = work.Pod!;
        var words = Describe(seen);
        if (pod.AutoRestart)
        {
            return StartAgain(work, before, words, seen.ExitCode, limits, now);
        }

        var ended = work with { Pod = pod with { Reason = words, ExitCode = seen.ExitCode } };
        // A main process that failed before the pod was ready never gave the user what was asked for.
        return pod.Status == PodStatus.Provisioning && seen.ExitCode != 0
            ? End(ended, before, PodStatus.Error, false, limits, now, new Happening(Happened.Failed, words))
            : End(ended, before, PodStatus.Deleting, false, limits, now, new Happening(Happened.Ended, words));
    }

    private static PodChange StartAgain(
        PodAndDisks work, PodAndDisks before, string words, int? exitCode, PodLimits limits, DateTimeOffset now)
    {
        var pod = work.Pod!;
        var ranForLong = !IsGoingUp(pod) && now - pod.ReadySince > limits.RanForLong;
        var restarts = ranForLong ? 0 : pod.Restarts;
        var delay = limits.RestartDelay * Math.Pow(2, Math.Min(restarts, 20));
        var startAt = now + (delay < limits.RestartDelayMost ? delay : limits.RestartDelayMost);
        // As long as it does not get ready, the time for that runs on; each restart after that has its own.
        var deadline = IsGoingUp(pod) ? pod.Deadline!.Value : now + limits.Provisioning;
        var after = work with
        {
            Pod = pod with
            {
                IsRestarting = true,
                IsInstanceGone = false,
                Restarts = restarts + 1,
                Reason = words,
                ExitCode = exitCode,
                UpdatedAt = now,
                Deadline = deadline,
                Attempt = 0,
            },
            // What its mounts are worth now, only the host can say.
            Attachments = [.. work.Attachments.Select(attachment =>
                attachment.Status == AttachmentStatus.Attached
                    ? attachment with { Status = AttachmentStatus.Claimed }
                    : attachment)],
        };
        return PodChange.Of(
            before,
            after,
            new Due.At(startAt < deadline ? startAt : deadline),
            new Happening(Happened.Restarting, words));
    }

    // On the way down: ERROR and DELETING. The container first, then each disk; then nothing of it is left.

    private static PodStep NextDown(PodAndDisks work, DateTimeOffset now)
    {
        var pod = work.Pod!;
        if (IsOverdueUntold(pod, now))
        {
            return PodStep.LetTimePass;
        }

        if (!pod.IsInstanceGone)
        {
            return PodStep.EnsureDeleted;
        }

        var held = work.Attachments.Where(attachment => attachment.IsUnreleased).ToList();
        if (held.Count > 0)
        {
            // In turn: one disk that can't be let go does not keep the others.
            return new PodStep.AskAbout(PodCall.Detach, held[pod.Attempt % held.Count].Ordinal);
        }

        return pod.Status == PodStatus.Error && !pod.HoldsReservation ? PodStep.Rest : PodStep.LetTimePass;
    }

    private static PodChange OnTheWayDown(PodAndDisks work, PodAnswer answer, PodLimits limits, DateTimeOffset now)
    {
        var pod = work.Pod!;
        var ceiling = now + limits.Ceiling;
        return answer switch
        {
            PodAnswer.TimePassed => IsOverdueUntold(pod, now) ? TellOverdue(work, now) : FinishIfDone(work, work, now),
            // The creation that the end overtook is over; now its outcome is known.
            PodAnswer.Saw { Asked: PodCall.EnsureCreated, Seen: var seen } =>
                Then(work, work with { Pod = Overtaken(pod, seen, now) }),
            PodAnswer.Failed { Asked: PodCall.EnsureCreated } failed =>
                Then(work, work with { Pod = Unsettled(Overtaken(pod, null, now), failed, now) }),
            PodAnswer.SawAttachment { Asked: PodCall.Attach } or PodAnswer.Failed { Asked: PodCall.Attach } =>
                Then(work, work with { Pod = Overtaken(pod, null, now) }),
            PodAnswer.Saw { Asked: PodCall.Observe, Seen: var seen } =>
                Then(work, work with { Pod = seen.State == RemoteInstanceState.Absent ? pod : Found(pod, seen, now) }),
            PodAnswer.Failed { Asked: PodCall.Observe } => Then(work, work),
            PodAnswer.Saw { Asked: PodCall.EnsureDeleted, Seen.State: RemoteInstanceState.Absent } =>
                pod.Presence.NotFound(now) is var presence && presence.IsOpen
                    ? PodChange.Of(
                        work, work with { Pod = pod with { Presence = presence, Attempt = 0 } }, presence.NextLook(now))
                    : FinishIfDone(
                        work with { Pod = pod with { Presence = presence, IsInstanceGone = true, Attempt = 0 } },
                        work,
                        now),
            PodAnswer.Saw saw =>
                LookAgain(work, work with { Pod = Found(pod, saw.Seen, now) }, ceiling, saw.Seen.Words),
            PodAnswer.SawAttachment { Seen.State: AttachmentState.Detached } saw
                when pod.IsInstanceGone => FinishIfDone(
                At(now, With(work, saw.Ordinal, attachment => attachment with
                {
                    Status = AttachmentStatus.Released,
                    ReleasedAt = now,
                    Reason = null,
                })),
                work,
                now),
            PodAnswer.SawAttachment saw => LookAgain(
                work,
                With(work, saw.Ordinal, attachment => attachment with { Reason = saw.Seen.Words }),
                ceiling,
                saw.Seen.Words),
            PodAnswer.Failed failed => PutOff(work, failed, now, ceiling),
            _ => throw Unexpected(pod, answer),
        };
    }

    private static Pod Overtaken(Pod pod, InstanceObservation? seen, DateTimeOffset now) =>
        seen is null or { State: RemoteInstanceState.Absent } ? pod : Found(pod, seen, now);

    private static PodChange FinishIfDone(PodAndDisks after, PodAndDisks before, DateTimeOffset now)
    {
        var pod = after.Pod!;
        if (!pod.IsInstanceGone || after.Attachments.Any(attachment => attachment.IsUnreleased))
        {
            return PodChange.Of(before, after with { Pod = pod with { Attempt = 0 } }, Due.AtOnce);
        }

        var done =
            pod with { HoldsReservation = false, UpdatedAt = now, Attempt = 0, Deadline = null, IsOverdueTold = false };
        return pod.Status == PodStatus.Error
            ? PodChange.Of(before, after with { Pod = done }, Due.Nothing)
            : PodChange.Of(
                before,
                after with
                {
                    Pod = done with
                    {
                        Status = PodStatus.Terminated,
                        StatusSince = now,
                        TerminatedAt = now,
                        UnreadableSince = null,
                    },
                },
                Due.Nothing,
                new Happening(Happened.Gone, null));
    }

    // TERMINATED: final. A stray under its name is found, told, and removed.

    private static PodChange AfterTheEnd(PodAndDisks work, PodAnswer answer, DateTimeOffset now)
    {
        var pod = work.Pod!;
        return answer switch
        {
            PodAnswer.Saw { Asked: PodCall.Observe, Seen.State: RemoteInstanceState.Absent } =>
                PodChange.Of(work, work with { Pod = pod with { Presence = Presence.Gone, Attempt = 0 } }, Due.Nothing),
            PodAnswer.Saw { Asked: PodCall.Observe, Seen: var seen } => PodChange.Of(
                work,
                work with { Pod = pod with { IsAtProvider = true, Attempt = 0, UpdatedAt = now } },
                Due.AtOnce,
                new Happening(Happened.StrayFound, seen.Words)),
            PodAnswer.Saw { Asked: PodCall.EnsureDeleted, Seen.State: RemoteInstanceState.Absent } => PodChange.Of(
                work,
                work with { Pod = pod with { Presence = Presence.Gone, Attempt = 0, UpdatedAt = now } },
                Due.Nothing,
                new Happening(Happened.StrayRemoved, null)),
            PodAnswer.Saw { Asked: PodCall.EnsureDeleted }
                or PodAnswer.Failed { Asked: PodCall.EnsureDeleted or PodCall.Observe } =>
                PodChange.Of(work, work with { Pod = pod with { Attempt = pod.Attempt + 1 } }, new Due.BackOff(null)),
            _ => new PodChange(work, work, null, []),
        };
    }

    // What several statuses share.

    private static PodChange Fail(PodAndDisks work, PodLimits limits, DateTimeOffset now, string words) => End(
        work with { Pod = work.Pod! with { Reason = words } },
        work,
        PodStatus.Error,
        false,
        limits,
        now,
        new Happening(Happened.Failed, words));

    private static PodChange End(
        PodAndDisks work,
        PodAndDisks before,
        PodStatus status,
        bool isGone,
        PodLimits limits,
        DateTimeOffset now,
        Happening why)
    {
        var after = new PodAndDisks(
            work.Pod! with
            {
                Status = status,
                StatusSince = now,
                UpdatedAt = now,
                Deadline = now + limits.Deleting,
                IsOverdueTold = false,
                IsInstanceGone = isGone,
                IsRestarting = false,
                UnreadableSince = null,
                Attempt = 0,
            },
            [.. work.Attachments.Select(attachment =>
                attachment.IsUnreleased ? attachment with { Status = AttachmentStatus.Releasing } : attachment)]);
        return PodChange.Of(before, after, Due.AtOnce, why);
    }

    private static PodAndDisks With(PodAndDisks work, int ordinal, Func<Attachment, Attachment> change) => work with
    {
        Attachments =
            [.. work.Attachments.Select(attachment => attachment.Ordinal == ordinal ? change(attachment) : attachment)],
    };

    // What a pod means for its disks happens at the pod's time.
    private static PodAndDisks At(DateTimeOffset now, PodAndDisks work) =>
        work with { Pod = work.Pod! with { UpdatedAt = now } };

    private static PodChange Then(PodAndDisks before, PodAndDisks after) =>
        PodChange.Of(before, after with { Pod = after.Pod! with { Attempt = 0 } }, Due.AtOnce);

    private static PodChange LookAgain(
        PodAndDisks before, PodAndDisks after, DateTimeOffset? noLaterThan, string? words)
    {
        var attempt = after.Pod!.Presence.NextAttempt(before.Pod!.Presence, before.Pod.Attempt);
        return PodChange.Of(
            before,
            after with { Pod = after.Pod with { Attempt = attempt, Reason = words } },
            new Due.BackOff(noLaterThan));
    }

    private static PodChange PutOff(
        PodAndDisks work, PodAnswer.Failed failed, DateTimeOffset now, DateTimeOffset? noLaterThan)
    {
        var pod = work.Pod!;
        var isNews = pod.Reason != failed.Words;
        var after = Unsettled(pod, failed, now) with
        {
            Reason = failed.Words,
            Attempt = pod.Attempt + 1,
            UpdatedAt = isNews ? now : pod.UpdatedAt,
        };
        return PodChange.Of(
            work,
            work with { Pod = after },
            failed.RetryAfter is { } wait
                ? new Due.At(noLaterThan < now + wait ? noLaterThan.Value : now + wait)
                : new Due.BackOff(noLaterThan),
            isNews ? [new Happening(Happened.StepFailed, failed.Words)] : []);
    }

    private static PodChange Unreadable(PodAndDisks work, PodAnswer.Failed failed, PodLimits limits, DateTimeOffset now)
    {
        var pod = work.Pod!;
        var since = pod.UnreadableSince ?? now;
        return PodChange.Of(
            work,
            work with
            {
                Pod = pod with
                {
                    UnreadableSince = since,
                    Deadline = since + limits.UnreadableAlert,
                    Attempt = pod.Attempt + 1,
                    Reason = failed.Words,
                    UpdatedAt = pod.UnreadableSince is null ? now : pod.UpdatedAt,
                },
            },
            failed.RetryAfter is { } wait ? new Due.At(now + wait) : new Due.BackOff(now + limits.Ceiling),
            pod.UnreadableSince is null ? [new Happening(Happened.Unreadable, failed.Words)] : []);
    }

    private static Pod Readable(Pod pod, DateTimeOffset now) => pod.UnreadableSince is null
        ? pod
        : pod with { UnreadableSince = null, Deadline = null, IsOverdueTold = false, Reason = null, UpdatedAt = now };

    private static Pod Found(Pod pod, InstanceObservation seen, DateTimeOffset now) => pod with
    {
        Presence = pod.Presence.Found(now),
        RemoteId = seen.RemoteId ?? pod.RemoteId,
        SshUser = seen.Ssh?.User ?? pod.SshUser,
        SshHost = seen.Ssh?.Host ?? pod.SshHost,
        SshPort = seen.Ssh?.Port ?? pod.SshPort,
    };

    private static Pod Unsettled(Pod pod, PodAnswer.Failed failed, DateTimeOffset now) =>
        failed is { Asked: PodCall.EnsureCreated, Kind: FailureKind.Unknown }
            ? pod with { Presence = pod.Presence.Unsettled(now + failed.SettlingTime) }
            : pod;

    private static PodChange TellOverdue(PodAndDisks work, DateTimeOffset now) => PodChange.Of(
        work,
        work with { Pod = work.Pod! with { IsOverdueTold = true, UpdatedAt = now } },
        Due.AtOnce,
        new Happening(Happened.Overdue, $"It has been so since {work.Pod!.StatusSince:u}, longer than it should."));

    private static bool IsOverdueUntold(Pod pod, DateTimeOffset now) => pod.Deadline <= now && !pod.IsOverdueTold;

    private static string Describe(InstanceObservation seen) => seen switch
    {
        { State: RemoteInstanceState.Absent } => seen.Words ?? "Its container is gone without our doing.",
        { ExitCode: { } code } => seen.Words is null
            ? $"Its main process ended with exit code {code}."
            : $"Its main process ended with exit code {code}: {seen.Words}",
        _ => seen.Words ?? "It ended.",
    };

    private static InvalidOperationException Unexpected(Pod pod, PodAnswer answer) =>
        new($"Pod {pod.Id} is {pod.Status} and can't take {answer.GetType().Name}.");
}
