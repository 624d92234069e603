using Mooring.Providers.Instances;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Pods;

/// <summary>A pod on its way up and while it runs.</summary>
public sealed class PodLifecycleTests
{
    private static readonly PodLimits Limits = new();
    private static readonly DateTimeOffset Now = Rows.Noon + TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);
    private static readonly SshEndpoint Ssh = new("root", "192.0.2.1", 22);

    private static PodAndDisks Accepted(bool autoRestart = false)
    {
        var pod = Rows.Pod(autoRestart: autoRestart);
        Attachment[] holds = [Rows.Attachment(pod, Rows.Disk(1)), Rows.Attachment(pod, Rows.Disk(2), 1)];
        return MadeDue(Pod.Accept(pod, holds, Limits).After);
    }

    private static PodAndDisks Attached(bool autoRestart = false) =>
        Answer(Answer(Accepted(autoRestart), Attach(0)).After, Attach(1)).After;

    private static PodAndDisks Active(bool autoRestart = false) =>
        Rest(Answer(Attached(autoRestart), Saw(PodCall.EnsureCreated, RemoteInstanceState.Ready)).After);

    [Fact]
    public void Provisioning_attaches_each_disk_then_creates_the_instance()
    {
        var accepted = Accepted();
        accepted.Pod!.Status.ShouldBe(PodStatus.Provisioning);
        accepted.Pod.Deadline.ShouldBe(Rows.Noon + TimeSpan.FromMinutes(15));
        accepted.Pod.Rate.ShouldBeNull();
        accepted.Pod.HoldsReservation.ShouldBeTrue();
        Next(accepted).ShouldBe(new PodStep.AskAbout(PodCall.Attach, 0));

        var first = Answer(accepted, Attach(0));
        first.DiskEffects.ShouldBe([(Rows.Disk(1).Id, DiskEffect.Attached)]);
        first.Pod.UpdatedAt.ShouldBe(Now, "its disk's history gets this time");
        Next(first.After).ShouldBe(new PodStep.AskAbout(PodCall.Attach, 1));
        Next(Answer(first.After, Attach(1)).After).ShouldBe(PodStep.EnsureCreated);
    }

    [Fact]
    public void Provisioning_goes_on_at_once_when_created_and_waits_while_it_starts()
    {
        Answer(Attached(), Saw(PodCall.EnsureCreated, RemoteInstanceState.Created)).Due.ShouldBe(Due.AtOnce);

        var starting = Answer(Attached(), Saw(PodCall.EnsureCreated, RemoteInstanceState.Starting));
        starting.Due.ShouldBe(new Due.BackOff(starting.Pod.Deadline));
        starting.Pod.Reason.ShouldBe("It has started; its SSH server does not answer yet.");
        starting.Pod.Attempt.ShouldBe(1);
    }

    [Fact]
    public void What_was_waited_for_until_an_instance_came_does_not_lengthen_the_waits_after()
    {
        var unknown = Answer(Attached(), Failure(PodCall.EnsureCreated, FailureKind.Unknown)).After;

        Answer(
            unknown with { Pod = unknown.Pod! with { Attempt = 9 } },
            Saw(PodCall.Observe, RemoteInstanceState.Starting)).Pod.Attempt.ShouldBe(1);
        Answer(
            unknown with { Pod = unknown.Pod! with { Attempt = 9, SettlesAt = Now } },
            Saw(PodCall.Observe, RemoteInstanceState.Absent)).Pod.Attempt.ShouldBe(0);
    }

    [Fact]
    public void Provisioning_becomes_active_when_ready_and_is_billed_from_then()
    {
        var change = Answer(Attached(), Saw(PodCall.EnsureCreated, RemoteInstanceState.Ready));

        change.Pod.Status.ShouldBe(PodStatus.Active);
        change.Pod.Rate.ShouldBe(Rows.PodPrice);
        change.Pod.Deadline.ShouldBeNull();
        (change.Pod.SshUser, change.Pod.SshHost, change.Pod.SshPort).ShouldBe(("root", "192.0.2.1", 22));
        change.Due.ShouldBe(Due.Nothing);
        change.Happenings.ShouldBe([new Happening(Happened.Ready, null)]);
    }

    [Fact]
    public void Provisioning_that_is_overdue_becomes_error_and_begins_to_release_its_disks()
    {
        var late = Accepted().Pod!.Deadline!.Value;
        PodLifecycle.Next(Accepted(), late).ShouldBe(PodStep.LetTimePass);

        var change = PodLifecycle.Apply(Accepted(), new PodAnswer.TimePassed(), Limits, late);

        change.Pod.Status.ShouldBe(PodStatus.Error);
        change.Pod.Reason.ShouldBe("It was not ready in time.");
        change.After.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Releasing);
        change.GivesBackReservation.ShouldBeFalse("it may still run");
        change.Due.ShouldBe(Due.AtOnce);
    }

    [Theory]
    [InlineData(nameof(PodCall.Attach))]
    [InlineData(nameof(PodCall.EnsureCreated))]
    public void Provisioning_becomes_error_when_it_is_refused(string call)
    {
        var change = Answer(Accepted(), Failure(Enum.Parse<PodCall>(call), FailureKind.Refused));

        change.Pod.Status.ShouldBe(PodStatus.Error);
        change.Pod.Reason.ShouldBe("Refused, it says");
        Next(change.After).ShouldBe(PodStep.EnsureDeleted);
    }

    [Theory]
    [InlineData(nameof(FailureKind.OutOfStock))]
    [InlineData(nameof(FailureKind.Unauthorized))]
    [InlineData(nameof(FailureKind.Throttled))]
    [InlineData(nameof(FailureKind.Unreachable))]
    public void Provisioning_is_tried_again_after_a_failure_that_may_end(string kind)
    {
        var change = Answer(Attached(), Failure(PodCall.EnsureCreated, Enum.Parse<FailureKind>(kind)));

        change.Pod.Status.ShouldBe(PodStatus.Provisioning);
        change.Pod.SettlesAt.ShouldBeNull();
        change.Due.ShouldBe(new Due.BackOff(change.Pod.Deadline));
        Next(change.After).ShouldBe(PodStep.EnsureCreated);
    }

    [Fact]
    public void Provisioning_is_only_looked_for_while_an_earlier_call_may_still_make_it()
    {
        var unknown = Answer(Attached(), Failure(PodCall.EnsureCreated, FailureKind.Unknown)).After;
        Next(unknown).ShouldBe(PodStep.Observe);

        var early = Answer(unknown, Saw(PodCall.Observe, RemoteInstanceState.Absent));
        early.Due.ShouldBe(new Due.BackOff(Now + Settling));
        var once = PodLifecycle.Apply(
            early.After, Saw(PodCall.Observe, RemoteInstanceState.Absent), Limits, Now + Settling).After;
        PodLifecycle.Next(once, Now + Settling).ShouldBe(PodStep.Observe, "one look may have missed it");
        var twice = PodLifecycle.Apply(
            once, Saw(PodCall.Observe, RemoteInstanceState.Absent), Limits, Now + Settling).After;
        PodLifecycle.Next(twice, Now + Settling).ShouldBe(PodStep.EnsureCreated);

        var found = Answer(unknown, Saw(PodCall.Observe, RemoteInstanceState.Created));
        Next(found.After).ShouldBe(PodStep.EnsureCreated, "it is there, and needs to be started");
    }

    [Theory]
    [InlineData(1, nameof(PodStatus.Error))]
    [InlineData(0, nameof(PodStatus.Deleting))]
    public void An_instance_that_ends_before_it_is_ready_failed_unless_its_exit_code_says_otherwise(
        int exitCode, string status)
    {
        var seen = new InstanceObservation(RemoteInstanceState.Ended, ExitCode: exitCode, Words: "bye");

        var change = Answer(Attached(), new PodAnswer.Saw(PodCall.EnsureCreated, seen));

        change.Pod.Status.ShouldBe(Enum.Parse<PodStatus>(status));
        change.Pod.Reason.ShouldBe($"Its main process ended with exit code {exitCode}: bye");
        change.Pod.ExitCode.ShouldBe(exitCode);
    }

    [Fact]
    public void Active_rests_and_looks_only_when_it_is_made_due()
    {
        Next(Active()).ShouldBe(PodStep.Rest);
        Next(MadeDue(Active())).ShouldBe(PodStep.Observe);
        var change = Answer(MadeDue(Active()), Saw(PodCall.Observe, RemoteInstanceState.Ready));
        change.Happenings.ShouldBeEmpty();
        change.Due.ShouldBe(Due.Nothing);
    }

    [Theory]
    [InlineData(nameof(RemoteInstanceState.Ended))]
    [InlineData(nameof(RemoteInstanceState.Absent))]
    [InlineData(nameof(RemoteInstanceState.Created))]
    public void Active_that_ended_is_deleted_and_no_longer_billed(string state)
    {
        var change = Answer(MadeDue(Active()), Saw(PodCall.Observe, Enum.Parse<RemoteInstanceState>(state)));

        change.Pod.Status.ShouldBe(PodStatus.Deleting);
        change.Pod.Rate.ShouldBeNull();
        change.Happenings.Single().What.ShouldBe(Happened.Ended);
        change.DiskEffects.Select(effect => effect.Effect).ShouldBe([DiskEffect.ReleaseBegun, DiskEffect.ReleaseBegun]);
    }

    [Fact]
    public void Active_that_cant_be_read_keeps_status_and_price_is_shown_unknown_and_told_overdue_once()
    {
        var unreadable = Answer(MadeDue(Active()), Failure(PodCall.Observe, FailureKind.Unreachable));
        unreadable.Pod.Rate.ShouldBe(Rows.PodPrice);
        unreadable.Pod.Deadline.ShouldBe(Now + TimeSpan.FromHours(1));
        unreadable.Due.ShouldBe(new Due.BackOff(Now + Limits.Ceiling));
        unreadable.Pod.ShownStatus(Limits, null, Now + TimeSpan.FromMinutes(6)).ShouldBe("UNKNOWN");

        var late = Now + TimeSpan.FromHours(1);
        PodLifecycle.Next(unreadable.After, late).ShouldBe(PodStep.LetTimePass);
        var told = PodLifecycle.Apply(unreadable.After, new PodAnswer.TimePassed(), Limits, late);
        told.Happenings.Single().What.ShouldBe(Happened.Overdue);
        PodLifecycle.Apply(told.After, new PodAnswer.TimePassed(), Limits, late).Happenings.ShouldBeEmpty();

        var readable = PodLifecycle.Apply(told.After, Saw(PodCall.Observe, RemoteInstanceState.Ready), Limits, late);
        readable.Pod.UnreadableSince.ShouldBeNull();
        readable.Pod.Deadline.ShouldBeNull();
        readable.Happenings.ShouldBe([new Happening(Happened.Readable, null)]);
    }

    [Fact]
    public void With_autoRestart_what_ended_is_removed_and_made_anew_and_billed_on()
    {
        var restarting = Answer(
            MadeDue(Active(autoRestart: true)), Saw(PodCall.Observe, RemoteInstanceState.Ended)).After;
        restarting.Pod!.Status.ShouldBe(PodStatus.Active);
        restarting.Pod.IsRestarting.ShouldBeTrue();
        restarting.Pod.Rate.ShouldBe(Rows.PodPrice);
        restarting.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Claimed);
        Next(restarting).ShouldBe(PodStep.EnsureDeleted);

        var removed = Answer(restarting, Saw(PodCall.EnsureDeleted, RemoteInstanceState.Absent)).After;
        removed.Pod!.IsAtProvider.ShouldBeFalse();
        Next(removed).ShouldBe(new PodStep.AskAbout(PodCall.Attach, 0));
        var attached = Answer(Answer(removed, Attach(0)).After, Attach(1)).After;
        Next(attached).ShouldBe(PodStep.EnsureCreated);
        var ready = Answer(attached, Saw(PodCall.EnsureCreated, RemoteInstanceState.Ready));
        ready.Pod.IsRestarting.ShouldBeFalse();
        ready.Pod.StatusSince.ShouldBe(Now, "it was ACTIVE all the time");
    }

    [Fact]
    public void Restarts_are_delayed_ever_longer_until_it_ran_for_long()
    {
        var work = Active(autoRestart: true);
        List<double> seconds = [];
        for (var i = 0; i < 11; i++)
        {
            var change = Answer(work, Saw(PodCall.Observe, RemoteInstanceState.Ended));
            seconds.Add((change.Due.ShouldBeOfType<Due.At>().Time - Now).TotalSeconds);
            work = Answer(change.After, Saw(PodCall.EnsureCreated, RemoteInstanceState.Ready)).After;
        }

        seconds.ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        var later = Now + Limits.RanForLong + TimeSpan.FromTicks(10);
        PodLifecycle.Apply(work, Saw(PodCall.Observe, RemoteInstanceState.Ended), Limits, later)
            .Due.ShouldBe(new Due.At(later + Limits.RestartDelay));
    }

    [Fact]
    public void Restarts_that_never_get_ready_share_one_deadline()
    {
        var later = Now + TimeSpan.FromHours(1);
        var first = PodLifecycle.Apply(
            Active(autoRestart: true), Saw(PodCall.Observe, RemoteInstanceState.Ended), Limits, later);
        first.Pod.Deadline.ShouldBe(later + Limits.Provisioning);

        var soon = later + TimeSpan.FromMinutes(1);
        var second = PodLifecycle.Apply(
            first.After, Saw(PodCall.EnsureCreated, RemoteInstanceState.Ended), Limits, soon);

        second.Pod.Deadline.ShouldBe(first.Pod.Deadline);
        second.Due.ShouldBe(new Due.At(soon + TimeSpan.FromSeconds(2)), "it did not run for long meanwhile");
        PodLifecycle.Next(second.After, first.Pod.Deadline!.Value).ShouldBe(PodStep.LetTimePass);
    }

    private static PodAndDisks MadeDue(PodAndDisks work) => work with { Pod = work.Pod! with { DueAt = Rows.Noon } };

    private static PodAndDisks Rest(PodAndDisks work) => work with { Pod = work.Pod! with { DueAt = null } };

    private static PodStep Next(PodAndDisks work) => PodLifecycle.Next(work, Now);

    private static PodChange Answer(PodAndDisks work, PodAnswer answer) =>
        PodLifecycle.Apply(work, answer, Limits, Now);

    private static PodAnswer.SawAttachment Attach(int ordinal) =>
        new(PodCall.Attach, ordinal, new AttachmentObservation(AttachmentState.Attached));

    private static PodAnswer.Saw Saw(PodCall asked, RemoteInstanceState state) =>
        new(asked, new InstanceObservation(state, "r1", Ssh));

    private static PodAnswer.Failed Failure(PodCall asked, FailureKind kind) =>
        new(asked, kind, $"{kind}, it says", null, Settling);
}
