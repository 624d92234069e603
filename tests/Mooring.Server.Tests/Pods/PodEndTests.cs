using Mooring.Providers.Instances;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Pods;

/// <summary>A pod on its way down: the instance first, then each disk, then nothing of it is left.</summary>
public sealed class PodEndTests
{
    private static readonly PodLimits Limits = new();
    private static readonly DateTimeOffset Now = Rows.Noon + TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);
    private static readonly PodAnswer InstanceGone = new PodAnswer.Saw(
        PodCall.EnsureDeleted, InstanceObservation.Absent);

    private static PodAndDisks Accepted
    {
        get
        {
            var pod = Rows.Pod();
            Attachment[] holds = [Rows.Attachment(pod, Rows.Disk(1)), Rows.Attachment(pod, Rows.Disk(2), 1)];
            return Pod.Accept(pod, holds, Limits).After;
        }
    }

    private static PodAndDisks Active => new(
        Accepted.Pod! with
        {
            Status = PodStatus.Active,
            Presence = Presence.Gone.Found(Rows.Noon),
            Deadline = null,
            ReadySince = Rows.Noon,
        },
        [.. Accepted.Attachments.Select(hold => hold with { Status = AttachmentStatus.Attached })]);

    private static PodAndDisks Failed => Apply(
        Accepted,
        new PodAnswer.Failed(PodCall.EnsureCreated, FailureKind.Refused, "no such image", null, Settling)).After;

    [Fact]
    public void A_delete_ends_the_bill_and_begins_to_release_the_disks()
    {
        var change = Delete(Active);

        change.Pod.Status.ShouldBe(PodStatus.Deleting);
        change.Pod.Rate.ShouldBeNull();
        change.Pod.Deadline.ShouldBe(Now + TimeSpan.FromMinutes(30));
        change.Due.ShouldBe(Due.AtOnce);
        change.DiskEffects.Select(effect => effect.Effect).ShouldBe([DiskEffect.ReleaseBegun, DiskEffect.ReleaseBegun]);
        Next(change.After).ShouldBe(PodStep.EnsureDeleted);
        PodLifecycle.Delete(change.After, Limits, Now).Happenings.ShouldBeEmpty("it is asked for already");
    }

    [Fact]
    public void No_disk_is_released_before_the_instance_is_gone()
    {
        var deleting = Delete(Active).After;

        Apply(deleting, Detached(0)).After.Attachments[0].Status.ShouldBe(AttachmentStatus.Releasing);

        var gone = Apply(deleting, InstanceGone);
        gone.Due.ShouldBe(Due.AtOnce);
        Next(gone.After).ShouldBe(new PodStep.AskAbout(PodCall.Detach, 0));
        var released = Apply(gone.After, Detached(0));
        released.DiskEffects.ShouldBe([(Rows.Disk(1).Id, DiskEffect.Released)]);
        released.Pod.UpdatedAt.ShouldBe(Now, "its disk's history gets this time");
        Next(released.After).ShouldBe(new PodStep.AskAbout(PodCall.Detach, 1));
    }

    [Theory]
    [InlineData(nameof(AttachmentState.Working))]
    [InlineData(nameof(AttachmentState.Attached))]
    public void A_disk_that_its_host_still_has_is_not_released(string state)
    {
        var gone = Apply(Delete(Active).After, InstanceGone).After;

        var seen = new AttachmentObservation(Enum.Parse<AttachmentState>(state), "the loop device is busy");

        var change = Apply(gone, new PodAnswer.SawAttachment(PodCall.Detach, 0, seen));

        change.After.Attachments[0].Status.ShouldBe(AttachmentStatus.Releasing);
        change.After.Attachments[0].Reason.ShouldBe("the loop device is busy");
        change.Due.ShouldBe(new Due.BackOff(Now + Limits.Ceiling));
    }

    [Fact]
    public void Deleting_ends_when_the_last_disk_is_released_and_gives_the_reservation_back()
    {
        var gone = Apply(Delete(Active).After, InstanceGone).After;
        var first = Apply(gone, Detached(0));
        first.GivesBackReservation.ShouldBeFalse();

        var last = Apply(first.After, Detached(1));

        last.Pod.Status.ShouldBe(PodStatus.Terminated);
        last.Pod.TerminatedAt.ShouldBe(Now);
        last.GivesBackReservation.ShouldBeTrue();
        last.Due.ShouldBe(Due.Nothing);
        last.Happenings.ShouldBe([new Happening(Happened.Gone, null)]);
    }

    [Fact]
    public void Error_gives_disks_and_reservation_back_and_rests_until_it_is_deleted()
    {
        Failed.Pod!.Status.ShouldBe(PodStatus.Error);
        var gone = Apply(Failed, InstanceGone).After;
        var last = Apply(Apply(gone, Detached(0)).After, Detached(1));

        last.Pod.Status.ShouldBe(PodStatus.Error);
        last.Pod.Reason.ShouldBe("no such image");
        last.GivesBackReservation.ShouldBeTrue();
        last.Due.ShouldBe(Due.Nothing);
        Next(last.After).ShouldBe(PodStep.Rest);

        var deleted = Delete(last.After);
        Next(deleted.After).ShouldBe(PodStep.LetTimePass, "nothing of it is left to be asked for");
        var end = Apply(deleted.After, new PodAnswer.TimePassed());
        end.Pod.Status.ShouldBe(PodStatus.Terminated);
        end.GivesBackReservation.ShouldBeFalse("it was given back before");
    }

    [Theory]
    [InlineData(nameof(FailureKind.Refused))]
    [InlineData(nameof(FailureKind.OutOfStock))]
    [InlineData(nameof(FailureKind.Unauthorized))]
    [InlineData(nameof(FailureKind.Throttled))]
    [InlineData(nameof(FailureKind.Unreachable))]
    [InlineData(nameof(FailureKind.Unknown))]
    public void A_missing_answer_ends_nothing_on_the_way_down(string kind)
    {
        foreach (var call in new[] { PodCall.EnsureDeleted, PodCall.Detach })
        {
            var answer = new PodAnswer.Failed(call, Enum.Parse<FailureKind>(kind), "no", null, Settling);

            var change = Apply(Delete(Active).After, answer);

            change.Pod.IsInstanceGone.ShouldBeFalse();
            change.After.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Releasing);
            change.Due.ShouldBe(new Due.BackOff(Now + Limits.Ceiling));
        }
    }

    [Fact]
    public void A_delete_during_the_create_call_goes_by_what_the_call_did()
    {
        var claimed = Accepted.Pod! with { ClaimToken = "t", ClaimUntil = Now + TimeSpan.FromSeconds(75) };
        var deleting = Delete(Accepted with { Pod = claimed }).After;
        deleting.Pod!.SettlesAt.ShouldBeNull("whoever holds the claim says what became of the call");

        foreach (var known in new PodAnswer[]
        {
            new PodAnswer.Saw(PodCall.EnsureCreated, new InstanceObservation(RemoteInstanceState.Ready)),
            new PodAnswer.Failed(PodCall.EnsureCreated, FailureKind.OutOfStock, "no", null, Settling),
            new PodAnswer.SawAttachment(PodCall.Attach, 0, new AttachmentObservation(AttachmentState.Attached)),
            new PodAnswer.Failed(PodCall.Attach, FailureKind.Unknown, "?", null, Settling),
        })
        {
            var after = Apply(deleting, known);
            after.Due.ShouldBe(Due.AtOnce);
            Apply(after.After, InstanceGone).Pod.IsInstanceGone.ShouldBeTrue();
        }

        var unknown = Apply(
            deleting, new PodAnswer.Failed(PodCall.EnsureCreated, FailureKind.Unknown, "?", null, Settling));
        unknown.Pod.SettlesAt.ShouldBe(Now + Settling);
        Apply(unknown.After, InstanceGone).Pod.IsInstanceGone.ShouldBeFalse();
    }

    [Fact]
    public void An_instance_that_may_still_come_is_gone_after_two_looks_past_the_settling_time()
    {
        var open = Accepted.Pod! with { Presence = Presence.Gone.Unsettled(Now + Settling) };
        var deleting = Delete(Accepted with { Pod = open }).After;
        var past = Now + Settling;

        var early = Apply(deleting, InstanceGone);
        early.Due.ShouldBe(new Due.At(past));
        var first = PodLifecycle.Apply(early.After, InstanceGone, Limits, past);
        first.Pod.IsInstanceGone.ShouldBeFalse();
        PodLifecycle.Apply(first.After, InstanceGone, Limits, past).Pod.IsInstanceGone.ShouldBeTrue();
    }

    [Fact]
    public void A_claim_that_was_cut_off_opens_what_may_still_be_created()
    {
        Accepted.CutOff(Settling, Now).Pod.SettlesAt.ShouldBe(Now + Settling);
        Delete(Active).After.CutOff(Settling, Now).Pod.SettlesAt.ShouldBe(Now + Settling);
        var restarting = Active with { Pod = Active.Pod! with { IsRestarting = true } };
        restarting.CutOff(Settling, Now).Pod.SettlesAt.ShouldBe(Now + Settling);

        Active.CutOff(Settling, Now).Pod.SettlesAt.ShouldBeNull();
        Failed.CutOff(Settling, Now).Pod.SettlesAt.ShouldBeNull();
        var gone = Apply(Delete(Active).After, InstanceGone).After;
        gone.CutOff(Settling, Now).Pod.SettlesAt.ShouldBeNull();
    }

    [Fact]
    public void On_the_way_down_an_overdue_is_told_once_and_it_goes_on()
    {
        var deleting = Delete(Active).After;
        var late = deleting.Pod!.Deadline!.Value;
        PodLifecycle.Next(deleting, late).ShouldBe(PodStep.LetTimePass);
        var told = PodLifecycle.Apply(deleting, new PodAnswer.TimePassed(), Limits, late);
        told.Happenings.Single().What.ShouldBe(Happened.Overdue);
        PodLifecycle.Next(told.After, late).ShouldBe(PodStep.EnsureDeleted);
    }

    [Fact]
    public void Terminated_is_final_and_a_stray_under_its_name_is_found_told_and_removed()
    {
        var terminated = Apply(
            Apply(Apply(Delete(Active).After, InstanceGone).After, Detached(0)).After, Detached(1)).After;
        Next(terminated).ShouldBe(PodStep.Rest);
        var due = terminated with { Pod = terminated.Pod! with { DueAt = Now } };
        Next(due).ShouldBe(PodStep.Observe);
        Apply(due, new PodAnswer.Saw(PodCall.Observe, InstanceObservation.Absent)).Happenings.ShouldBeEmpty();

        var found = Apply(due, new PodAnswer.Saw(PodCall.Observe, new InstanceObservation(RemoteInstanceState.Ready)));
        found.Pod.Status.ShouldBe(PodStatus.Terminated);
        found.Happenings.Single().What.ShouldBe(Happened.StrayFound);
        Next(found.After with { Pod = found.Pod with { DueAt = Now } }).ShouldBe(PodStep.EnsureDeleted);
        var removed = Apply(found.After, InstanceGone);
        removed.Happenings.Single().What.ShouldBe(Happened.StrayRemoved);
        removed.Due.ShouldBe(Due.Nothing);
    }

    [Fact]
    public void Every_status_has_its_wire_name_and_comes_back_from_it()
    {
        Enum.GetValues<PodStatus>().Select(PodStatusNames.ToWire)
            .ShouldBe(["PROVISIONING", "ACTIVE", "ERROR", "DELETING", "TERMINATED"]);
        Enum.GetValues<PodStatus>().ShouldAllBe(status => PodStatusNames.FromWire(status.ToWire()) == status);
    }

    private static PodStep Next(PodAndDisks work) => PodLifecycle.Next(work, Now);

    private static PodChange Apply(PodAndDisks work, PodAnswer answer) => PodLifecycle.Apply(work, answer, Limits, Now);

    private static PodChange Delete(PodAndDisks work) => PodLifecycle.Delete(work, Limits, Now);

    private static PodAnswer.SawAttachment Detached(int ordinal) =>
        new(PodCall.Detach, ordinal, new AttachmentObservation(AttachmentState.Detached));
}
