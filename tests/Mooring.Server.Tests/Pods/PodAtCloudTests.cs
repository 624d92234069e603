using Mooring.Providers.Instances;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Pods;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Histories;

namespace Mooring.Server.Tests.Pods;

/// <summary>A pod at a provider that is no host of ours: it is made with its disks (docs/adr/0006).</summary>
public sealed class PodAtCloudTests
{
    private static readonly PodLimits Limits = new();
    private static readonly DateTimeOffset Now = Rows.Noon + TimeSpan.FromMinutes(1);

    private static PodAndDisks Accepted(bool autoRestart = false)
    {
        var pod = Rows.Pod(autoRestart: autoRestart, isAtCloud: true);
        Attachment[] holds = [Rows.Attachment(pod, Rows.Disk(1)), Rows.Attachment(pod, Rows.Disk(2), 1)];
        var accepted = Pod.Accept(pod, holds, Limits).After;
        return accepted with { Pod = accepted.Pod! with { DueAt = Rows.Noon } };
    }

    private static PodAndDisks Active(bool autoRestart = false) =>
        Answer(Accepted(autoRestart), Saw(PodCall.EnsureCreated, RemoteInstanceState.Ready)).After;

    [Fact]
    public void Is_created_without_an_attach_and_has_its_disks_when_it_runs()
    {
        Next(Accepted()).ShouldBe(PodStep.EnsureCreated);
        var starting = Answer(Accepted(), Saw(PodCall.EnsureCreated, RemoteInstanceState.Starting));
        starting.DiskEffects.ShouldBeEmpty();
        starting.After.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Claimed);
        Next(starting.After).ShouldBe(PodStep.EnsureCreated);

        var active = Answer(starting.After, Saw(PodCall.EnsureCreated, RemoteInstanceState.Ready));

        active.Pod.Status.ShouldBe(PodStatus.Active);
        active.After.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Attached);
        active.After.Attachments.ShouldAllBe(hold => hold.AttachedAt == Now);
        active.DiskEffects.ShouldBe([(Rows.Disk(1).Id, DiskEffect.Attached), (Rows.Disk(2).Id, DiskEffect.Attached)]);
    }

    [Fact]
    public void Keeps_a_disk_that_its_provider_is_still_detaching()
    {
        var deleting = PodLifecycle.Delete(Active(), Limits, Now).After;
        Next(deleting).ShouldBe(PodStep.EnsureDeleted);
        var gone = Answer(deleting, Saw(PodCall.EnsureDeleted, RemoteInstanceState.Absent)).After;
        Next(gone).ShouldBe(new PodStep.AskAbout(PodCall.Detach, 0));

        var stuck = Answer(gone, Detach(0, AttachmentState.Working));
        stuck.DiskEffects.ShouldBeEmpty();
        stuck.Pod.Status.ShouldBe(PodStatus.Deleting);
        Next(stuck.After).ShouldBe(
            new PodStep.AskAbout(PodCall.Detach, 1), "one that is stuck does not keep the others");

        var first = Answer(stuck.After, Detach(1, AttachmentState.Detached));
        first.DiskEffects.ShouldBe([(Rows.Disk(2).Id, DiskEffect.Released)]);
        var last = Answer(first.After, Detach(0, AttachmentState.Detached));
        last.DiskEffects.ShouldBe([(Rows.Disk(1).Id, DiskEffect.Released)]);
        last.Pod.Status.ShouldBe(PodStatus.Terminated);
        last.GivesBackReservation.ShouldBeTrue();
    }

    [Fact]
    public void Is_made_anew_with_its_disks_when_it_restarts()
    {
        var ended = Answer(Active(autoRestart: true), Saw(PodCall.Observe, RemoteInstanceState.Ended)).After;
        ended.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Claimed);
        Next(ended).ShouldBe(PodStep.EnsureDeleted);
        var removed = Answer(ended, Saw(PodCall.EnsureDeleted, RemoteInstanceState.Absent)).After;
        Next(removed).ShouldBe(PodStep.EnsureCreated);
        var ready = Answer(removed, Saw(PodCall.EnsureCreated, RemoteInstanceState.Ready)).After;
        ready.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Attached);
    }

    [Fact]
    public void That_was_refused_gives_its_disks_back_when_it_is_certain_that_it_is_not_there()
    {
        var refused = Answer(Accepted(), new PodAnswer.Failed(
            PodCall.EnsureCreated, FailureKind.Refused, "None of these.", null, TimeSpan.Zero)).After;
        refused.Pod!.Status.ShouldBe(PodStatus.Error);
        Next(refused).ShouldBe(PodStep.EnsureDeleted);
        var gone = Answer(refused, Saw(PodCall.EnsureDeleted, RemoteInstanceState.Absent)).After;
        var first = Answer(gone, Detach(0, AttachmentState.Detached)).After;
        var done = Answer(first, Detach(1, AttachmentState.Detached));
        done.After.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Released);
        done.Pod.Status.ShouldBe(PodStatus.Error);
    }

    private static PodStep Next(PodAndDisks work) => PodLifecycle.Next(work, Now);

    private static PodChange Answer(PodAndDisks work, PodAnswer answer) =>
        PodLifecycle.Apply(work, answer, Limits, Now);

    private static PodAnswer.SawAttachment Detach(int ordinal, AttachmentState state) =>
        new(PodCall.Detach, ordinal, new AttachmentObservation(state, "busy"));

    private static PodAnswer.Saw Saw(PodCall asked, RemoteInstanceState state) =>
        new(asked, new InstanceObservation(state, "instance-1"));
}
