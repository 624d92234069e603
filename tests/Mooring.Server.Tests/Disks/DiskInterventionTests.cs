using Mooring.Providers.Disks;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Disks;

/// <summary>What an operator may do to a disk, and what comes of it.</summary>
public sealed class DiskInterventionTests
{
    private static readonly DateTimeOffset Now = Rows.Noon.AddHours(2);
    private static readonly DiskLimits Limits = new();
    private static readonly PodId Holder = new(Rows.Id(1001));

    [Fact]
    public void A_suspended_disk_is_billed_at_its_stopped_price_and_takes_no_pod()
    {
        var change = Active().Suspend([], Now).Value;

        change.After.Status.ShouldBe(DiskStatus.Stopped);
        change.After.Rate.ShouldBe(Rows.StoppedPrice);
        change.After.StatusSince.ShouldBe(Now);
        change.Happenings.Single().What.ShouldBe(Happened.Suspended);
        change.After.Attach([], Limits, Now).Error.ShouldBeOfType<DiskNotActive>().Message.ShouldContain("resume");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_disk_that_is_held_is_not_suspended(bool isMultinode)
    {
        var held = Active() with { IsMultinode = isMultinode };

        held.Suspend([Holder], Now).Error.ShouldBeOfType<DiskNotSuspendable>().Message.ShouldContain(Holder.Value);
    }

    [Fact]
    public void Only_an_active_disk_is_suspended_and_as_often_as_asked()
    {
        foreach (var status in Enum.GetValues<DiskStatus>())
        {
            var result = (Active() with { Status = status }).Suspend([], Now);

            result.Failed.ShouldBe(status is not (DiskStatus.Active or DiskStatus.Stopped), $"{status}");
        }

        (Active() with { Status = DiskStatus.Stopped }).Suspend([], Now).Value.IsNothing.ShouldBeTrue();
    }

    [Fact]
    public void A_resumed_disk_is_active_at_its_price()
    {
        var change = Active().Suspend([], Now).Value.After.Resume(Now.AddHours(1)).Value;

        change.After.Status.ShouldBe(DiskStatus.Active);
        change.After.Rate.ShouldBe(Rows.Price);
        change.Happenings.Single().What.ShouldBe(Happened.Resumed);
        change.After.Resume(Now.AddHours(2)).Value.IsNothing.ShouldBeTrue();
        (Active() with { Status = DiskStatus.Error }).Resume(Now).Error.ShouldBeOfType<DiskNotSuspended>();
    }

    [Fact]
    public void What_can_not_be_read_is_looked_at_also_while_it_rests()
    {
        var unreadable = Active() with
        {
            UnreadableSince = Now.AddMinutes(-2),
            Deadline = Now.AddMinutes(58),
            DueAt = Now,
            Reason = "No answer.",
        };

        var rests = unreadable.Suspend([], Now).Value;

        rests.Due.ShouldBeNull("when it is looked at stays as it was");
        rests.After.Deadline.ShouldBe(unreadable.Deadline);
        rests.After.Reason.ShouldBe("No answer.");
        DiskLifecycle.Next(rests.After, Now).ShouldBe(DiskStep.Observe);
    }

    [Fact]
    public void An_error_of_a_disk_that_never_was_ready_is_created_again_under_the_same_name()
    {
        var failed = Rows.Disk() with { Status = DiskStatus.Error, Reason = "Refused.", RemoteId = "r-1" };

        var change = failed.Retry(false, null, Limits, Now).Value;

        change.After.Status.ShouldBe(DiskStatus.Provisioning);
        change.After.RemoteName.ShouldBe(failed.RemoteName);
        change.After.Reason.ShouldBeNull();
        change.After.Deadline.ShouldBe(Now + Limits.Provisioning);
        change.After.Rate.ShouldBe(Rows.ProvisioningPrice);
        change.Due.ShouldBe(Due.AtOnce);
        change.Happenings.Single().What.ShouldBe(Happened.Retried);
        DiskLifecycle.Next(change.After, Now).ShouldBe(DiskStep.EnsureCreated);
    }

    [Fact]
    public void While_its_first_creation_is_in_doubt_a_retry_only_looks()
    {
        var failed =
            Rows.Disk() with { Status = DiskStatus.Error, Reason = "Refused.", SettlesAt = Now.AddMinutes(1) };

        var retried = failed.Retry(false, null, Limits, Now).Value.After;

        DiskLifecycle.Next(retried, Now).ShouldBe(DiskStep.Observe);
    }

    [Fact]
    public void Data_that_is_missing_is_looked_for_and_never_made_anew()
    {
        var retried = Retried();

        retried.Status.ShouldBe(DiskStatus.Error);
        retried.IsBeingRetried.ShouldBeTrue();
        DiskLifecycle.Next(retried, Now).ShouldBe(DiskStep.Observe);
    }

    [Fact]
    public void Data_that_is_there_again_makes_the_disk_active_again()
    {
        var change = Apply(Retried(), Saw(RemoteDiskState.Ready));

        change.After.Status.ShouldBe(DiskStatus.Active);
        change.After.Reason.ShouldBeNull();
        change.After.Deadline.ShouldBeNull();
        change.After.Rate.ShouldBe(Rows.Price);
        change.Happenings.Single().What.ShouldBe(Happened.Ready);
    }

    [Fact]
    public void Data_that_is_on_its_way_back_is_waited_for_and_billed_again()
    {
        var change = Apply(Retried(), Saw(RemoteDiskState.Changing));

        change.After.IsBeingRetried.ShouldBeTrue();
        change.After.Rate.ShouldBe(Rows.Price);
        change.After.Attempt.ShouldBe(1);
        change.Due.ShouldBe(new Due.BackOff(Now + Limits.Ceiling));
        change.Happenings.Single().What.ShouldBe(Happened.Found);
    }

    [Theory]
    [InlineData(RemoteDiskState.Absent)]
    [InlineData(RemoteDiskState.Failed)]
    [InlineData(RemoteDiskState.Deleting)]
    public void A_retry_that_finds_no_good_disk_ends_in_error_with_a_reason(RemoteDiskState state)
    {
        var change = Apply(Retried(), Saw(state, "the provider's words"));

        change.After.Status.ShouldBe(DiskStatus.Error);
        change.After.IsBeingRetried.ShouldBeFalse();
        change.After.Reason.ShouldBe("the provider's words");
        change.After.StatusSince.ShouldBe(Rows.Noon, "it has been in ERROR all along");
        change.Due.ShouldBe(Due.Nothing);
        change.Happenings.Single().What.ShouldBe(Happened.Failed);
    }

    [Fact]
    public void Another_disk_under_its_name_is_not_taken_for_it()
    {
        var change = Apply(Retried() with { RemoteId = "r-1" }, Saw(RemoteDiskState.Ready, id: "r-2"));

        change.After.Status.ShouldBe(DiskStatus.Error);
        change.After.RemoteId.ShouldBe("r-1");
        change.After.Reason!.ShouldContain("r-2");
    }

    [Fact]
    public void A_retry_outlasts_a_provider_that_does_not_answer_until_its_time_is_over()
    {
        var failed = new DiskAnswer.Failed(DiskCall.Observe, FailureKind.Unreachable, "No answer.", null, default);

        var waiting = Apply(Retried(), failed);

        waiting.After.IsBeingRetried.ShouldBeTrue();
        waiting.Due.ShouldBeOfType<Due.BackOff>();
        var late = Now + Limits.Provisioning;
        DiskLifecycle.Next(waiting.After with { DueAt = late }, late).ShouldBe(DiskStep.LetTimePass);
        var over = DiskLifecycle.Apply(waiting.After, new DiskAnswer.TimePassed(), Limits, late);
        over.After.IsBeingRetried.ShouldBeFalse();
        over.After.Reason!.ShouldContain("No answer.");
    }

    [Fact]
    public void A_data_less_look_before_an_open_creation_has_settled_proves_nothing()
    {
        var open = Retried() with { SettlesAt = Now.AddMinutes(1) };

        var change = Apply(open, Saw(RemoteDiskState.Absent));

        change.After.IsBeingRetried.ShouldBeTrue();
        change.Due.ShouldBe(new Due.At(Now.AddMinutes(1)));
    }

    [Theory]
    [InlineData("Provisioning")]
    [InlineData("Deleting")]
    public void What_waits_is_due_at_once_with_its_deadline_as_it_was(string status)
    {
        var waiting = Active() with
        {
            Status = Enum.Parse<DiskStatus>(status),
            Attempt = 9,
            DueAt = Now.AddMinutes(1),
            Deadline = Now.AddMinutes(3),
        };

        var change = waiting.Retry(true, null, Limits, Now).Value;

        (change.After.Attempt, change.After.Deadline, change.Due).ShouldBe((0, waiting.Deadline, Due.AtOnce));
        change.After.Status.ShouldBe(waiting.Status);
    }

    [Fact]
    public void A_disk_that_waits_for_nothing_is_not_retried_and_what_is_gone_stays_gone()
    {
        Active().Retry(true, null, Limits, Now).Error.ShouldBeOfType<DiskNeedsNoRetry>();
        Active().Retry(true, Now, Limits, Now).Value.Due.ShouldBe(Due.AtOnce, "its account can't be read");
        var gone = Active() with { Status = DiskStatus.Terminated, TerminatedAt = Now };
        gone.Retry(true, Now, Limits, Now).Error.ShouldBeOfType<DiskNeedsNoRetry>().Message.ShouldContain("for good");
    }

    [Fact]
    public void A_forced_detach_leaves_the_disk_with_its_holder()
    {
        var change = Active().ForceDetach([Holder], Now).Value;

        (change.After with { UpdatedAt = Rows.Noon }).ShouldBe(Active(), "only its holder's end gives it back");
        change.Happenings.Single().Words!.ShouldContain(Holder.Value);
        Active().ForceDetach([], Now).Error.ShouldBeOfType<DiskNotHeld>();
    }

    private static Disk Active() => Rows.Disk() with { Status = DiskStatus.Active, IsAtProvider = true };

    private static Disk Retried()
    {
        var missing = Rows.Disk() with { Status = DiskStatus.Error, Reason = "Its data is missing." };
        return missing.Retry(true, null, Limits, Now).Value.After with { DueAt = Now };
    }

    private static DiskAnswer.Saw Saw(RemoteDiskState state, string? words = null, string? id = null) =>
        new(DiskCall.Observe, new DiskObservation(state, id, words));

    private static DiskChange Apply(Disk disk, DiskAnswer answer) => DiskLifecycle.Apply(disk, answer, Limits, Now);
}
