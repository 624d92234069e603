using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Disks;

/// <summary>The table of the architecture's section 3, row by row: entered, asked, left, overdue, billed at.</summary>
public sealed class DiskLifecycleTests
{
    private static readonly DiskLimits Limits = new();
    private static readonly DateTimeOffset Now = Rows.Noon + TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);
    private static readonly DiskObservation Ready = new(RemoteDiskState.Ready, "r1");

    private static Disk Provisioning => Disk.Accept(Rows.Disk(), Limits).After with { DueAt = Rows.Noon };

    private static Disk Active => Answer(Provisioning, Saw(DiskCall.EnsureCreated, Ready)).After with { DueAt = null };


    private static Disk Error =>
        Answer(Provisioning, Failure(DiskCall.EnsureCreated, FailureKind.Refused)).After with { DueAt = null };

    [Fact]
    public void Provisioning_is_entered_by_a_create_and_asks_for_the_disk()
    {
        var created = Disk.Accept(Rows.Disk(), Limits);

        created.After.Status.ShouldBe(DiskStatus.Provisioning);
        created.After.Deadline.ShouldBe(Rows.Noon + TimeSpan.FromMinutes(30));
        created.After.Rate.ShouldBe(Rows.ProvisioningPrice);
        created.Due.ShouldBe(Due.AtOnce);
        Next(created.After).ShouldBe(DiskStep.EnsureCreated);
    }

    [Fact]
    public void Provisioning_becomes_active_when_it_is_ready()
    {
        var change = Answer(Provisioning, Saw(DiskCall.EnsureCreated, Ready));

        change.After.Status.ShouldBe(DiskStatus.Active);
        change.After.RemoteId.ShouldBe("r1");
        change.After.IsAtProvider.ShouldBeTrue();
        change.After.Deadline.ShouldBeNull();
        change.After.Rate.ShouldBe(Rows.Price);
        change.Due.ShouldBe(Due.Nothing);
        change.Happenings.ShouldBe([new Happening(Happened.Ready, null)]);
    }

    [Theory]
    [InlineData(RemoteDiskState.Creating)]
    [InlineData(RemoteDiskState.Changing)]
    [InlineData(RemoteDiskState.Absent)]
    public void Provisioning_looks_again_until_its_deadline(RemoteDiskState state)
    {
        var change = Answer(Provisioning, Saw(DiskCall.EnsureCreated, new DiskObservation(state, null, "copying")));

        change.After.Status.ShouldBe(DiskStatus.Provisioning);
        change.After.Reason.ShouldBe("copying");
        change.After.Attempt.ShouldBe(1);
        change.Due.ShouldBe(new Due.BackOff(Provisioning.Deadline));
        change.Happenings.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_waited_for_until_a_disk_came_does_not_lengthen_the_waits_after()
    {
        var unknown = Answer(Provisioning, Failure(DiskCall.EnsureCreated, FailureKind.Unknown)).After;

        Answer(
            unknown with { Attempt = 9 },
            Saw(DiskCall.Observe, new DiskObservation(RemoteDiskState.Creating, "r1"))).After.Attempt.ShouldBe(1);
        Answer(
            unknown with { Attempt = 9, SettlesAt = Now },
            Saw(DiskCall.Observe, new DiskObservation(RemoteDiskState.Absent))).After.Attempt.ShouldBe(0);
    }

    [Theory]
    [InlineData(RemoteDiskState.Failed)]
    [InlineData(RemoteDiskState.Deleting)]
    public void Provisioning_becomes_error_when_it_failed_at_the_provider_and_is_billed_as_it_is_there(
        RemoteDiskState state)
    {
        var change = Answer(Provisioning, Saw(DiskCall.EnsureCreated, new DiskObservation(state, "r1", "no luck")));

        change.After.Status.ShouldBe(DiskStatus.Error);
        change.After.Reason.ShouldBe("no luck");
        change.After.Rate.ShouldBe(Rows.Price);
        change.Due.ShouldBe(Due.Nothing);
    }

    [Fact]
    public void Provisioning_becomes_error_when_it_is_refused_and_costs_nothing_any_more()
    {
        var change = Answer(Provisioning, Failure(DiskCall.EnsureCreated, FailureKind.Refused));

        change.After.Status.ShouldBe(DiskStatus.Error);
        change.After.Reason.ShouldBe("Refused, it says");
        change.After.Rate.ShouldBeNull();
        change.Happenings.ShouldBe([new Happening(Happened.Failed, "Refused, it says")]);
    }

    [Theory]
    [InlineData(nameof(FailureKind.OutOfStock))]
    [InlineData(nameof(FailureKind.Unauthorized))]
    [InlineData(nameof(FailureKind.Throttled))]
    [InlineData(nameof(FailureKind.Unreachable))]
    public void Provisioning_is_tried_again_after_a_failure_that_may_end(string kind)
    {
        var change = Answer(Provisioning, Failure(DiskCall.EnsureCreated, Enum.Parse<FailureKind>(kind)));

        change.After.Status.ShouldBe(DiskStatus.Provisioning);
        change.After.SettlesAt.ShouldBeNull();
        change.Due.ShouldBe(new Due.BackOff(Provisioning.Deadline));
        change.Happenings.ShouldBe([new Happening(Happened.StepFailed, $"{kind}, it says")]);
        Answer(change.After, Failure(DiskCall.EnsureCreated, Enum.Parse<FailureKind>(kind))).Happenings.ShouldBeEmpty();
        Next(change.After).ShouldBe(DiskStep.EnsureCreated);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(3600, 29 * 60)]
    public void Provisioning_waits_as_long_as_the_provider_asks_but_not_past_its_deadline(
        int askedSeconds, int waitsSeconds)
    {
        var answer = new DiskAnswer.Failed(
            DiskCall.EnsureCreated, FailureKind.Throttled, "slow down", TimeSpan.FromSeconds(askedSeconds), Settling);

        Answer(Provisioning, answer).Due.ShouldBe(new Due.At(Now + TimeSpan.FromSeconds(waitsSeconds)));
    }

    [Fact]
    public void Provisioning_is_only_looked_for_while_an_earlier_call_may_still_make_it()
    {
        var unknown = Answer(Provisioning, Failure(DiskCall.EnsureCreated, FailureKind.Unknown)).After;
        unknown.SettlesAt.ShouldBe(Now + Settling);
        Next(unknown).ShouldBe(DiskStep.Observe);

        var early = Answer(unknown, Saw(DiskCall.Observe, DiskObservation.Absent));
        early.Due.ShouldBe(new Due.BackOff(Now + Settling));
        Next(early.After).ShouldBe(DiskStep.Observe);

        var once = DiskLifecycle.Apply(
            early.After, Saw(DiskCall.Observe, DiskObservation.Absent), Limits, Now + Settling);
        once.Due.ShouldBe(Due.AtOnce);
        DiskLifecycle.Next(once.After, Now + Settling).ShouldBe(DiskStep.Observe, "one look may have missed it");

        var twice = DiskLifecycle.Apply(
            once.After, Saw(DiskCall.Observe, DiskObservation.Absent), Limits, Now + Settling);
        DiskLifecycle.Next(twice.After, Now + Settling).ShouldBe(DiskStep.EnsureCreated);
    }

    [Fact]
    public void Provisioning_that_is_overdue_becomes_error_and_follows_up_an_open_creation()
    {
        var overdue = Provisioning.Deadline!.Value;
        var unknown = DiskLifecycle.Apply(
            Provisioning,
            Failure(DiskCall.EnsureCreated, FailureKind.Unknown),
            Limits,
            overdue - TimeSpan.FromSeconds(1)).After;
        DiskLifecycle.Next(unknown, overdue).ShouldBe(DiskStep.LetTimePass);

        var change = DiskLifecycle.Apply(unknown, new DiskAnswer.TimePassed(), Limits, overdue);

        change.After.Status.ShouldBe(DiskStatus.Error);
        change.After.Reason.ShouldBe("It was not ready in time: Unknown, it says");
        change.Due.ShouldBe(new Due.At(unknown.SettlesAt!.Value));
    }

    [Fact]
    public void Pending_waits_for_its_pod_and_when_overdue_it_tells_once_and_stays()
    {
        var pending = Active.Attach([], Limits, Now).Value.After with { DueAt = Now };
        Next(pending).ShouldBe(new DiskStep.WaitUntil(Now + Limits.Pending));
        pending.Rate.ShouldBe(Rows.Price);
        var late = Now + Limits.Pending;
        DiskLifecycle.Next(pending, late).ShouldBe(DiskStep.LetTimePass);

        var told = DiskLifecycle.Apply(pending, new DiskAnswer.TimePassed(), Limits, late);

        told.After.Status.ShouldBe(DiskStatus.Pending);
        told.Happenings.Single().What.ShouldBe(Happened.Overdue);
        told.Due.ShouldBe(new Due.At(late + Limits.Ceiling));
        DiskLifecycle.Apply(told.After, new DiskAnswer.TimePassed(), Limits, late + Limits.Ceiling).Happenings
            .ShouldBeEmpty();
    }

    [Fact]
    public void Pending_takes_no_answer_that_was_asked_for_before()
    {
        var pending = Active.Attach([], Limits, Now).Value.After;

        Answer(pending, Saw(DiskCall.Observe, DiskObservation.Absent)).After.ShouldBe(pending);
        Answer(pending, new DiskAnswer.TimePassed()).After.ShouldBe(pending, "its time is not over");
    }

    [Theory]
    [InlineData(nameof(DiskStatus.Active))]
    [InlineData(nameof(DiskStatus.Stopped))]
    public void A_settled_disk_rests_and_looks_only_when_it_is_made_due(string status)
    {
        var settled = Active with { Status = Enum.Parse<DiskStatus>(status) };
        Next(settled).ShouldBe(DiskStep.Rest);
        Next(settled with { DueAt = Now }).ShouldBe(DiskStep.Observe);
        settled.Rate.ShouldBe(settled.Status == DiskStatus.Active ? Rows.Price : Rows.StoppedPrice);

        var change = Answer(settled with { DueAt = Now }, Saw(DiskCall.Observe, Ready));
        change.Due.ShouldBe(Due.Nothing);
        change.Happenings.ShouldBeEmpty();
        change.After.Status.ShouldBe(settled.Status);
    }

    [Fact]
    public void A_settled_disk_whose_data_is_missing_becomes_error_and_costs_nothing_any_more()
    {
        var change = Answer(Active, Saw(DiskCall.Observe, DiskObservation.Absent));

        change.After.Status.ShouldBe(DiskStatus.Error);
        change.After.Reason.ShouldBe("Its data is missing at the provider, without our doing.");
        change.After.Rate.ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(FailureKind.Unreachable))]
    [InlineData(nameof(FailureKind.Refused))]
    [InlineData(nameof(FailureKind.Unknown))]
    public void A_settled_disk_that_cant_be_read_keeps_status_and_price_and_is_shown_unknown_after_its_limit(
        string kind)
    {
        var change = Answer(Active with { DueAt = Now }, Failure(DiskCall.Observe, Enum.Parse<FailureKind>(kind)));

        change.After.Status.ShouldBe(DiskStatus.Active);
        change.After.Rate.ShouldBe(Rows.Price);
        change.After.UnreadableSince.ShouldBe(Now);
        change.After.Deadline.ShouldBe(Now + TimeSpan.FromHours(1));
        change.Due.ShouldBe(new Due.BackOff(Now + Limits.Ceiling));
        change.After.ShownStatus(Limits, null, Now + TimeSpan.FromMinutes(5)).ShouldBe("ACTIVE");
        change.After.ShownStatus(Limits, null, Now + TimeSpan.FromMinutes(5.1)).ShouldBe("UNKNOWN");
    }

    [Fact]
    public void An_unreadable_disk_is_told_overdue_once_and_is_readable_again_with_the_first_answer()
    {
        var unreadable = Answer(Active with { DueAt = Now }, Failure(DiskCall.Observe, FailureKind.Unreachable)).After;
        var late = Now + TimeSpan.FromHours(1);
        DiskLifecycle.Next(unreadable, late).ShouldBe(DiskStep.LetTimePass);
        var told = DiskLifecycle.Apply(unreadable, new DiskAnswer.TimePassed(), Limits, late);
        told.Happenings.Single().What.ShouldBe(Happened.Overdue);
        DiskLifecycle.Next(told.After, late).ShouldBe(DiskStep.Observe);

        var change = DiskLifecycle.Apply(told.After, Saw(DiskCall.Observe, Ready), Limits, late);

        change.After.UnreadableSince.ShouldBeNull();
        change.After.Deadline.ShouldBeNull();
        change.After.IsOverdueTold.ShouldBeFalse();
        change.Due.ShouldBe(Due.Nothing);
        change.Happenings.ShouldBe([new Happening(Happened.Readable, null)]);
    }

    [Fact]
    public void Error_rests_and_when_looked_at_is_billed_from_when_it_is_found()
    {
        Next(Error).ShouldBe(DiskStep.Rest);
        Next(Error with { DueAt = Now }).ShouldBe(DiskStep.Observe);

        var found = Answer(Error with { DueAt = Now }, Saw(DiskCall.Observe, Ready));
        found.After.Status.ShouldBe(DiskStatus.Error);
        found.After.Rate.ShouldBe(Rows.Price);
        found.Happenings.ShouldBe([new Happening(Happened.Found, null)]);

        var missing = Answer(found.After, Saw(DiskCall.Observe, DiskObservation.Absent));
        missing.After.Rate.ShouldBeNull();
        missing.Happenings.ShouldBe([new Happening(Happened.Missing, null)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Error_that_cant_be_looked_at_goes_on_only_as_long_as_a_creation_is_open(bool isOpen)
    {
        var error = isOpen ? Error with { Presence = Presence.Gone.Unsettled(Now) } : Error;

        Answer(error, Failure(DiskCall.Observe, FailureKind.Refused)).Due
            .ShouldBe(isOpen ? new Due.BackOff(null) : Due.Nothing);
        Answer(error, Failure(DiskCall.Observe, FailureKind.Unreachable)).Due.ShouldBe(new Due.BackOff(null));
    }

    private static DiskStep Next(Disk disk) => DiskLifecycle.Next(disk, Now);

    private static DiskChange Answer(Disk disk, DiskAnswer answer) => DiskLifecycle.Apply(disk, answer, Limits, Now);

    private static DiskAnswer.Saw Saw(DiskCall asked, DiskObservation seen) => new(asked, seen);

    private static DiskAnswer.Failed Failure(DiskCall asked, FailureKind kind) =>
        new(asked, kind, $"{kind}, it says", null, Settling);
}
