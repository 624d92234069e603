using Mooring.Contract.V1;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>Where disks and instances live through crashes.</summary>
internal interface IPlace
{
    /// <summary>Instances at once that it has room for in a random workload.</summary>
    int PodsAtMost { get; }

    /// <summary>Asks for a disk of this name.</summary>
    CreateDiskRequest DiskRequest(string name);

    /// <summary>Asks for an instance of this name that holds the disk.</summary>
    CreatePodRequest PodRequest(string name, string disk);

    /// <summary>
    /// In an instance that is ACTIVE, where one can be logged in to: what is written on its disk is what the last one
    /// wrote, and is written anew.
    /// </summary>
    Task UseAsync(Pod pod, string wroteLast, string write);

    /// <summary>The place has exactly these, and nothing more is promised.</summary>
    Task AssertHoldsExactlyAsync(IReadOnlyCollection<Disk> disks, IReadOnlyCollection<Pod> pods);
}
