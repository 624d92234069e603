using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Histories;

/// <summary>What must hold of each single write, held against the truth at the model providers.</summary>
internal sealed class WriteRules(ModelDisks disks, ModelHost host)
{
    public void Check(DiskChange change, DateTimeOffset now)
    {
        var (before, after) = (change.Before, change.After);
        CheckTime(before?.UpdatedAt ?? now, after.UpdatedAt, change.Happenings.Count > 0, now, after);
        if (before?.Status == DiskStatus.Terminated)
        {
            after.Status.ShouldBe(DiskStatus.Terminated, "TERMINATED is final");
            after.TerminatedAt.ShouldBe(before.TerminatedAt);
        }

        if (before is not null && before.Status != after.Status)
        {
            change.Happenings.ShouldNotBeEmpty("a status changes only with an event");
            after.StatusSince.ShouldBe(after.UpdatedAt);
            if (after.Status == DiskStatus.Terminated)
            {
                disks.Place.MayHold(after.RemoteName)
                    .ShouldBeFalse("TERMINATED only when nothing of it can be at the provider");
            }
        }

        (after.Status == DiskStatus.Terminated).ShouldBe(after.TerminatedAt is not null);
        Rule.Holds(
            !after.IsDeletionForbidden || after.Status is not (DiskStatus.Deleting or DiskStatus.Terminated),
            "what may not be deleted is not",
            after);
        Rule.Holds(
            before is null || before.IsDeletionForbidden == after.IsDeletionForbidden
                || change.Happenings.Any(happening =>
                    happening.What is Happened.DeletionForbidden or Happened.DeletionAllowed),
            "nothing but a wish forbids a deletion, or allows it",
            after);
    }

    public void Check(PodChange change, DateTimeOffset now)
    {
        var (before, after) = (change.Before.Pod, change.Pod);
        CheckTime(before?.UpdatedAt ?? now, after.UpdatedAt, change.Happenings.Count > 0, now, after);
        if (before?.Status == PodStatus.Terminated)
        {
            after.Status.ShouldBe(PodStatus.Terminated, "TERMINATED is final");
        }

        if (before is not null && before.Status != after.Status && after.Status == PodStatus.Terminated)
        {
            host.Place.MayHold(after.RemoteName)
                .ShouldBeFalse("TERMINATED only when nothing of it can be at the provider");
            change.After.Attachments.ShouldAllBe(hold => !hold.IsUnreleased);
        }

        foreach (var (old, changed) in before is null ? [] : change.ChangedAttachments)
        {
            old.Status.ShouldNotBe(AttachmentStatus.Released, "a released attachment never changes");
            if (changed.Status == AttachmentStatus.Released)
            {
                host.Place.MayHold(after.RemoteName).ShouldBeFalse("a disk is released only when the instance is gone");
                host.IsMounted(after.RemoteName, changed.Ordinal)
                    .ShouldBeFalse("a disk is released only when it is detached");
            }
        }
    }

    /// <summary>What has until its deadline to get somewhere is looked at by then.</summary>
    public static void CheckDue(Disk disk, DateTimeOffset now) => Rule.Holds(
        disk.Status is not (DiskStatus.Provisioning or DiskStatus.Pending)
            || IsDueInTime(disk.DueAt, disk.Deadline, disk.Later(now)),
        "it is due by its deadline",
        disk);

    public static void CheckDue(Pod pod, DateTimeOffset now) => Rule.Holds(
        (pod.Status != PodStatus.Provisioning && !pod.IsRestarting)
            || IsDueInTime(pod.DueAt, pod.Deadline, pod.Later(now)),
        "it is due by its deadline",
        pod);

    private static bool IsDueInTime(DateTimeOffset? due, DateTimeOffset? deadline, DateTimeOffset now) =>
        due is not null && deadline is { } end && due <= Clock.Later(end, now);

    private static void CheckTime(
        DateTimeOffset before, DateTimeOffset after, bool hasHappened, DateTimeOffset now, object row)
    {
        Rule.Holds(after >= before, "per resource, time never runs backwards", row);
        Rule.Holds(!hasHappened || after == Clock.Later(before, now), "an event's time is when it happened", row);
    }
}
