using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// One disk's whole life, lived by a user who does not give up: created, renamed, held by an instance that writes to
/// it, given back, deleted. What was not answered is looked for by its name before it is asked for again.
/// </summary>
internal sealed class DiskLife(Installation installation, Tenant tenant, Reviver reviver)
{
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
        await reviver.InsistAsync(async () =>
        {
            await tenant.DeleteDiskAsync(disk.Id);
            return true;
        });
        (await installation.Records.CountAsync(renamed)).ShouldBe(1);
        (await installation.Records.CountAsync(_name)).ShouldBe(0);
    }

    private async Task HoldAsync(string disk, string name)
    {
        var pod = await reviver.InsistAsync(() => EnsurePodAsync(disk, name));
        await tenant.RunAsync(pod, "echo kept >/workspace/note");
        await Holdings.AssertExactlyAsync(
            installation, [await reviver.InsistAsync(() => Client.GetDiskAsync(disk, Ct))], [pod]);
        await reviver.InsistAsync(async () =>
        {
            await tenant.EndPodAsync(pod.Id);
            return await tenant.WaitUntilFreeAsync(disk);
        });
        (await installation.Records.CountAsync(name)).ShouldBe(1);
        // The file system itself is asked: it was let go cleanly, and has what was written.
        (await Tool.RunAsync("debugfs", "-R", "cat /note", installation.ImageOf(disk))).Output.ShouldBe("kept\n");
    }

    private async Task<Disk> EnsureDiskAsync(string name)
    {
        var disk = await Client.ListDisksAsync(ct: Ct).FirstOrDefaultAsync(one => one.Name == name, Ct)
            ?? await Client.CreateDiskAsync(Tenant.DiskRequest(name: name), ct: Ct);
        return await tenant.WaitForDiskAsync(disk.Id, Statuses.Active);
    }

    private async Task<Pod> EnsurePodAsync(string disk, string name)
    {
        if (await Client.ListPodsAsync(ct: Ct).FirstOrDefaultAsync(one => one.Name == name, Ct) is { } present)
        {
            return await tenant.WaitUntilActiveAsync(present.Id);
        }

        await installation.WaitForInstancesAsync();
        var request = await tenant.PodRequestAsync(disk);
        return await tenant.StartPodAsync(request with { Pod = request.Pod! with { Name = name } });
    }
}
