using Mooring.Server.Disks;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Histories;

/// <summary>An operator with wishes, carried out as <see cref="DiskInterventions"/> does.</summary>
internal sealed class ModelOperator(ModelClock clock, ModelStore store, DiskLimits diskLimits, PodLimits podLimits)
{
    private readonly HashSet<PodId> _mustEnd = [];

    public void Wish(ActKind kind, Disk disk)
    {
        var holders = store.Holders(disk.Id);
        switch (kind)
        {
            case ActKind.ForbidDeletion or ActKind.AllowDeletion:
                Write(disk.ForbidDeletion(kind == ActKind.ForbidDeletion, clock.Now));
                break;
            case ActKind.SuspendDisk:
                Write(disk.Suspend(holders, clock.Now));
                break;
            case ActKind.ResumeDisk:
                Write(disk.Resume(clock.Now));
                break;
            case ActKind.RetryDisk:
                Write(disk.Retry(store.WasReady(disk.Id), null, diskLimits, clock.Now));
                if (disk.Status == DiskStatus.Pending)
                {
                    holders.ForEach(holder => Retry(store.Pod(holder.Value)));
                }

                break;
            case ActKind.ForceDetach:
                Write(disk.ForceDetach(holders, clock.Now));
                holders.ForEach(End);
                break;
        }
    }

    public void Retry(PodAndDisks work)
    {
        var retried = PodRetry.Retry(work, null, clock.Now);
        if (!retried.Failed)
        {
            store.Write(retried.Value);
        }
    }

    /// <summary>Who was to let go of a disk is gone in the end.</summary>
    public void CheckAtRest() => store.Pods
        .Select(work => work.Pod!)
        .Where(pod => _mustEnd.Contains(pod.Id))
        .ShouldAllBe(pod => pod.Status == PodStatus.Terminated);

    private void End(PodId id)
    {
        _mustEnd.Add(id);
        var work = store.Pod(id.Value);
        if (work.Pod!.Status == PodStatus.Deleting)
        {
            Retry(work);
            return;
        }

        store.Write(PodLifecycle.Delete(work, podLimits, clock.Now));
    }

    private void Write(Result<DiskChange> decided)
    {
        if (!decided.Failed)
        {
            store.Write(decided.Value);
        }
    }
}
