using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// After a crash: what the users were told is compared with what the server says that there is, and what they were not
/// told is learnt from it.
/// </summary>
internal sealed class Reckoning(Installation installation, Workload workload)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MooringClient Client => installation.Client;

    /// <summary>Every answer still holds; every open wish was fulfilled once or not at all.</summary>
    public async Task CompareAsync()
    {
        var disks = await Client.ListDisksAsync(ct: Ct).ToListAsync(Ct);
        var pods = await Client.ListPodsAsync(ct: Ct).ToListAsync(Ct);
        disks.Select(disk => disk.Id).ShouldBeUnique();
        disks.Select(disk => disk.Name).ShouldBeUnique();
        pods.Select(pod => pod.Name).ShouldBeUnique();
        foreach (var own in workload.Disks)
        {
            await CompareAsync(own, disks);
            await CompareHolderAsync(own, pods);
        }

        workload.Forget();
        var known = workload.Disks.Select(disk => disk.Id).ToList();
        disks.Where(disk => disk.Status != Statuses.Deleting && !known.Contains(disk.Id))
            .ShouldBeEmpty("nobody asked for these");
    }

    /// <summary>Waits until nobody is working on anything, and gives back what there is then.</summary>
    public async Task<(IReadOnlyList<Disk> Disks, IReadOnlyList<Pod> Pods)> SettleAsync()
    {
        List<Disk> disks = [];
        List<Pod> pods = [];
        await Until.HoldsAsync(
            async () =>
            {
                disks = await Client.ListDisksAsync(ct: Ct).ToListAsync(Ct);
                pods = await Client.ListPodsAsync(ct: Ct).ToListAsync(Ct);
                disks.ShouldNotContain(disk => disk.Status == Statuses.Error);
                pods.ShouldNotContain(pod => pod.Status == Statuses.Error);
                return disks.TrueForAll(disk => disk.Status == Statuses.Active)
                    && pods.TrueForAll(pod => pod.Status == Statuses.Active);
            },
            "every disk and instance is settled");
        disks.Select(disk => disk.Id).ShouldBe(workload.Disks.Select(disk => disk.Id!), ignoreOrder: true);
        pods.Select(pod => pod.Id).ShouldBe(
            workload.Disks.Select(disk => disk.Holder?.Id).OfType<string>(), ignoreOrder: true);
        return (disks, pods);
    }

    private async Task CompareAsync(OwnDisk own, List<Disk> disks)
    {
        if (own.Created == Wish.Open)
        {
            own.Id = disks.Find(disk => own.Names.Contains(disk.Name))?.Id;
            own.Created = own.Id is null ? Wish.None : Wish.Accepted;
        }

        if (own.Created == Wish.None)
        {
            return;
        }

        var disk = await Client.GetDiskAsync(own.Id!, Ct);
        own.Names.ShouldContain(disk.Name);
        own.Names.RemoveAll(name => name != disk.Name);
        var isGoing = disk.Status is Statuses.Deleting or Statuses.Terminated;
        (isGoing ? Wish.None : Wish.Accepted).ShouldNotBe(own.Deleted, $"disk {disk.Id} is {disk.Status}");
        own.Deleted = isGoing ? Wish.Accepted : Wish.None;
    }

    private async Task CompareHolderAsync(OwnDisk own, List<Pod> pods)
    {
        if (own.Holder is not { } holder)
        {
            return;
        }

        if (holder.Created == Wish.Open)
        {
            holder.Id = pods.Find(pod => pod.Name == holder.Name)?.Id;
            holder.Created = holder.Id is null ? Wish.None : Wish.Accepted;
        }

        if (holder.Created == Wish.None)
        {
            own.Holder = null;
            return;
        }

        var pod = await Client.GetPodAsync(holder.Id!, Ct);
        var isGoing = pod.Status is Statuses.Deleting or Statuses.Terminated;
        (isGoing && holder.Deleted == Wish.None).ShouldBeFalse($"instance {pod.Id} is {pod.Status}, and nobody asked");
        own.Holder = isGoing ? null : holder;
        holder.Deleted = Wish.None;
    }
}
