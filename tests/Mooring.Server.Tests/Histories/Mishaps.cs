using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Server.Disks;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Histories;

/// <summary>What happens at the providers without Mooring's doing.</summary>
internal static class Mishaps
{
    public static void Happen(History history, Act act)
    {
        switch (act.Kind)
        {
            case ActKind.Progress:
                history.Disks.Progress();
                history.Host.Progress();
                break;
            case ActKind.DiskMishap when act.How % 3 == 0:
                PutStrayDisk(history, act.Which);
                break;
            case ActKind.PodMishap when act.How % 4 == 1:
                PutStrayPod(history, act.Which);
                break;
            case ActKind.DiskMishap when History.Pick(history.Disks.Place.Things, act.Which) is { } thing:
                if (act.How % 3 == 1)
                {
                    history.Disks.Place.Remove(thing);
                }
                else
                {
                    thing.State = RemoteDiskState.Failed;
                }

                break;
            case ActKind.PodMishap when History.Pick(history.Host.Place.Things, act.Which) is { } thing:
                if (act.How % 4 == 0)
                {
                    history.Host.Place.Remove(thing);
                }
                else if (thing.State is RemoteInstanceState.Starting or RemoteInstanceState.Ready)
                {
                    thing.State = RemoteInstanceState.Ended;
                }

                break;
            case ActKind.Reboot:
                history.Host.Reboot();
                break;
        }
    }

    // Somebody brings back, from a backup say, what was ours, or is missing.
    private static void PutStrayDisk(History history, int which)
    {
        if (History.Pick(history.Store.Disks.Where(IsMissed), which) is { } gone
            && !history.Disks.Place.MayHold(gone.RemoteName))
        {
            history.Disks.Place.PutStray(gone.RemoteName, RemoteDiskState.Ready);
        }
    }

    private static bool IsMissed(Disk disk) =>
        disk.Status == DiskStatus.Terminated || disk is { Status: DiskStatus.Error, IsAtProvider: false };

    private static void PutStrayPod(History history, int which)
    {
        var gone = history.Store.Pods.Select(work => work.Pod!).Where(pod => pod.Status == PodStatus.Terminated);
        if (History.Pick(gone, which) is { } pod && !history.Host.Place.MayHold(pod.RemoteName))
        {
            history.Host.Place.PutStray(pod.RemoteName, RemoteInstanceState.Created);
        }
    }
}
