using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Histories;

/// <summary>What must hold of the rows and of the world, whatever happened before.</summary>
internal static class StateRules
{
    /// <summary>After every act.</summary>
    public static void Check(History history)
    {
        foreach (var disk in history.Store.Disks)
        {
            Check(disk);
            CheckHolders(history, disk);
            Rule.Holds(history.Disks.Place.Named(disk.RemoteName).Count() < 2, "a disk is never doubled", disk);
        }

        foreach (var work in history.Store.Pods)
        {
            Check(work);
            Rule.Holds(history.Host.Place.Named(work.Pod!.RemoteName).Count() < 2, "a pod is never doubled", work.Pod);
            Rule.Holds(
                work.Pod.HoldsReservation
                    || work.Pod.Status == PodStatus.Terminated
                    || !history.Host.Place.MayHold(work.Pod.RemoteName),
                "what may still run has its reservation",
                work.Pod);
        }
    }

    /// <summary>When the faults have ended and nothing more is to be done.</summary>
    public static void CheckAtRest(History history)
    {
        foreach (var disk in history.Store.Disks)
        {
            CheckAtRest(history, disk);
        }

        foreach (var work in history.Store.Pods)
        {
            CheckAtRest(history, work);
        }

        var names = history.Store.Disks.Select(disk => disk.RemoteName).ToHashSet();
        history.Disks.Place.Things.ShouldAllBe(thing => names.Contains(thing.Name));
        history.Store.GivenBack.ShouldBeUnique();
        history.Store.Bill.ShouldEqual(history.Store.Spans);
    }

    private static void Check(Disk disk)
    {
        if (disk.Status is DiskStatus.Provisioning or DiskStatus.Pending or DiskStatus.Deleting
            || disk is { UnreadableSince: not null, Status: not (DiskStatus.Error or DiskStatus.Terminated) })
        {
            Rule.Holds(
                disk is { DueAt: not null, Deadline: not null }, "on the way, it is due and has a deadline", disk);
        }
        else
        {
            Rule.Holds(
                !string.IsNullOrWhiteSpace(DiskAdvice.For(disk.Status)), "at rest, the user is told what to do", disk);
        }

        Rule.Holds(
            disk.Status != DiskStatus.Error || disk.Deadline is null || disk.DueAt is not null,
            "a retry is due until it has ended",
            disk);
        Rule.Holds(
            disk.Status != DiskStatus.Error || !string.IsNullOrWhiteSpace(disk.Reason), "an ERROR has a reason", disk);
        Rule.Holds(
            disk.UnreadableSince is null || disk.Status is not (DiskStatus.Error or DiskStatus.Terminated),
            "what is done with is not read",
            disk);
    }

    private static void Check(PodAndDisks work)
    {
        var pod = work.Pod!;
        if (pod.Status is PodStatus.Provisioning or PodStatus.Deleting || pod.IsRestarting
            || pod is { Status: PodStatus.Error, HoldsReservation: true }
            || pod.UnreadableSince is not null)
        {
            Rule.Holds(pod is { DueAt: not null, Deadline: not null }, "on the way, it is due and has a deadline", pod);
        }
        else
        {
            Rule.Holds(!string.IsNullOrWhiteSpace(pod.Status.Advice()), "at rest, the user is told what to do", pod);
        }

        Rule.Holds(
            pod.Status != PodStatus.Error || !string.IsNullOrWhiteSpace(pod.Reason), "an ERROR has a reason", pod);
    }

    private static void CheckHolders(History history, Disk disk)
    {
        var holds = history.Store.HoldsOn(disk.Id).ToList();
        Rule.Holds(
            holds.Count == 0 || disk.Status is not (DiskStatus.Deleting or DiskStatus.Terminated),
            "a disk that is held is not deleted",
            disk);
        Rule.Holds(holds.Count == 0 || disk.Status != DiskStatus.Stopped, "what rests is held by nobody", disk);
        var generations = history.Store.Pods
            .SelectMany(work => work.Attachments)
            .Where(hold => hold.DiskId == disk.Id)
            .Select(hold => hold.Generation)
            .ToList();
        Rule.Holds(
            generations.Zip(generations.Skip(1)).All(pair => pair.First < pair.Second),
            "the generation grows each time the disk changes hands",
            disk);
        if (disk.IsMultinode)
        {
            Rule.Holds(disk.Status != DiskStatus.Pending, "a shared disk stays ACTIVE while holders come and go", disk);
            return;
        }

        Rule.Holds(holds.Count < 2, "a single-holder disk has one holder", disk);
        Rule.Holds(
            disk.Status != DiskStatus.Pending || holds.Count == 1, "PENDING is on its way to or from a holder", disk);
        var writers =
            from work in history.Store.Pods
            from hold in work.Attachments
            where hold.DiskId == disk.Id
            where history.Host.IsMounted(work.Pod!.RemoteName, hold.Ordinal) || history.Host.Runs(work.Pod.RemoteName)
            select work.Pod!.Id;
        Rule.Holds(writers.Distinct().Count() < 2, "a single-holder disk has one writer", disk);
    }

    private static void CheckAtRest(History history, Disk disk)
    {
        disk.DueAt.ShouldBeNull();
        disk.UnreadableSince.ShouldBeNull();
        var isThere = history.Disks.Place.Named(disk.RemoteName).Any();
        switch (disk.Status)
        {
            case DiskStatus.Active or DiskStatus.Stopped:
                isThere.ShouldBeTrue($"{disk.Id} is {disk.Status}, and nothing is at the provider");
                break;
            case DiskStatus.Error:
                disk.Deadline.ShouldBeNull("a retry ends");
                isThere.ShouldBe(disk.IsAtProvider, "in ERROR it is billed exactly if it is there");
                break;
            case DiskStatus.Terminated:
                isThere.ShouldBeFalse($"{disk.Id} is gone, and the provider has it");
                break;
            default:
                Assert.Fail($"Disk {disk.Id} rests in {disk.Status}.");
                break;
        }

        history.Store.GivenBack.Contains(disk.Id.Value).ShouldBe(disk.Status == DiskStatus.Terminated);
    }

    private static void CheckAtRest(History history, PodAndDisks work)
    {
        var pod = work.Pod!;
        pod.DueAt.ShouldBeNull();
        pod.UnreadableSince.ShouldBeNull();
        var isThere = history.Host.Place.Named(pod.RemoteName).Any();
        switch (pod.Status)
        {
            case PodStatus.Active:
                pod.IsRestarting.ShouldBeFalse();
                history.Host.Runs(pod.RemoteName).ShouldBeTrue($"{pod.Id} is ACTIVE and does not run");
                work.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Attached);
                work.Attachments.ShouldAllBe(hold => history.Host.IsMounted(pod.RemoteName, hold.Ordinal));
                break;
            case PodStatus.Error or PodStatus.Terminated:
                isThere.ShouldBeFalse($"{pod.Id} is {pod.Status}, and its instance is there");
                work.Attachments.ShouldAllBe(hold => hold.Status == AttachmentStatus.Released);
                pod.HoldsReservation.ShouldBeFalse();
                break;
            default:
                Assert.Fail($"Pod {pod.Id} rests in {pod.Status}.");
                break;
        }

        history.Store.GivenBack.Contains(pod.Id.Value).ShouldBe(!pod.HoldsReservation);
    }
}
