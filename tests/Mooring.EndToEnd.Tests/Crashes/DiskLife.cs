using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// One disk's whole life, lived by a user who does not give up: created, renamed, held by an instance, given back,
/// deleted. What was not answered is looked for by its name before it is asked for again.
/// </summary>
internal sealed class DiskLife(Installation installation, IPlace place, Reviver reviver)
{
    private const string Note = "kept";

    private readonly string _name = $"life-{Path.GetRandomFileName()}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private MooringClient Client => installation.Client;

    /// <param name="withInstance">Whether an instance holds it in between.</param>
    public async Task LiveAsync(bool withInstance)
    {
        var disk = await reviver.InsistAsync(() => EnsureDiskAsync(_name));
        var renamed = $"{_name}-renamed";
        await reviver.InsistAsync(() => Client.RenameDiskAsync(disk.Id, renamed, Ct));
        if (withInstance)
        {
            await HoldAsync(disk.Id, $"{_name}-holder");
        }

        (await reviver.InsistAsync(() => Client.GetDiskAsync(disk.Id, Ct))).Name.ShouldBe(renamed);
        await reviver.InsistAsync(() => Client.DeleteDiskAsync(disk.Id, Ct));
        await WaitForDiskAsync(disk.Id, seen => seen.Status == Statuses.Terminated);
        (await installation.Records.CountAsync(renamed)).ShouldBe(1);
        (await installation.Records.CountAsync(_name)).ShouldBe(0);
    }

    private async Task HoldAsync(string disk, string name)
    {
        var pod = await reviver.InsistAsync(() => EnsurePodAsync(disk, name));
        await place.UseAsync(pod, wroteLast: "", write: Note);
        await place.AssertHoldsExactlyAsync([await WaitForDiskAsync(disk, _ => true)], [pod]);
        await reviver.InsistAsync(() => Client.DeletePodAsync(pod.Id, Ct));
        await Client.WaitForPodAsync(
            pod.Id, seen => seen.Status == Statuses.Terminated, Until.Patience, Hasty.Time, ct: Ct);
        await WaitForDiskAsync(disk, seen => seen is { Status: Statuses.Active, Pods.Count: 0 });
        (await installation.Records.CountAsync(name)).ShouldBe(1);
        if (place is LocalPlace)
        {
            // The file system itself is asked: it was let go cleanly, and has what was written.
            (await Tool.RunAsync("debugfs", "-R", "cat /note", installation.ImageOf(disk))).Output
                .ShouldBe(Note + "\n");
        }
    }

    private async Task<Disk> EnsureDiskAsync(string name)
    {
        var disk = await Client.ListDisksAsync(ct: Ct).FirstOrDefaultAsync(one => one.Name == name, Ct)
            ?? await Client.CreateDiskAsync(place.DiskRequest(name), ct: Ct);
        return await WaitForDiskAsync(disk.Id, seen => seen.Status != Statuses.Provisioning);
    }

    private async Task<Pod> EnsurePodAsync(string disk, string name)
    {
        var pod = await Client.ListPodsAsync(ct: Ct).FirstOrDefaultAsync(one => one.Name == name, Ct);
        if (pod is null)
        {
            await installation.WaitForInstancesAsync();
            pod = await Client.CreatePodAsync(place.PodRequest(name, disk), ct: Ct);
        }

        pod = await Client.WaitForPodAsync(
            pod.Id,
            seen => seen.Status is not (Statuses.Provisioning or Statuses.Pending),
            Until.Patience,
            Hasty.Time,
            ct: Ct);
        pod.Status.ShouldBe(Statuses.Active);
        return pod;
    }

    // Waiting goes on through a restart by itself: the client asks again what only reads.
    private Task<Disk> WaitForDiskAsync(string id, Func<Disk, bool> condition) => reviver.InsistAsync(
        () => Client.WaitForDiskAsync(id, condition, Until.Patience, Hasty.Time, ct: Ct));
}
