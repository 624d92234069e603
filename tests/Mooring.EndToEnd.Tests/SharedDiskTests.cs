using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class SharedDiskTests(House house)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shared_disk_is_read_and_written_by_two_instances_at_once_and_stays_ACTIVE_throughout()
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var disk = await tenant.CreateDiskAsync("shared");
        disk.Info!.IsMultinode.ShouldBe(true);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var statuses = WatchAsync(disk.Id, watching.Token);

        var pods = await Task.WhenAll(tenant.StartPodAsync(disk.Id), tenant.StartPodAsync(disk.Id));
        (await client.GetDiskAsync(disk.Id, Ct)).Pods.ShouldBe(pods.Select(pod => pod.Id), ignoreOrder: true);
        pods.ShouldAllBe(pod => pod.AttachedResources.Single().IsShared);
        await tenant.RunAsync(pods[0], "echo from the first >/workspace/first");
        await tenant.RunAsync(pods[1], "echo from the second >/workspace/second");
        (await tenant.RunAsync(pods[1], "cat /workspace/first")).Output.ShouldBe("from the first\n");
        (await tenant.RunAsync(pods[0], "cat /workspace/second")).Output.ShouldBe("from the second\n");

        await tenant.EndPodAsync(pods[0].Id);
        (await client.GetDiskAsync(disk.Id, Ct)).Pods.ShouldBe([pods[1].Id]);
        (await tenant.RunAsync(pods[1], "echo more >>/workspace/first; cat /workspace/first")).Output
            .ShouldBe("from the first\nmore\n");
        await Refusal.OfAsync(409, () => client.DeleteDiskAsync(disk.Id, Ct));
        (await LoopDevices.OfAsync(house.Installation.ImageOf(disk.Id))).Count.ShouldBe(1);

        await tenant.EndPodAsync(pods[1].Id);
        (await LoopDevices.OfAsync(house.Installation.ImageOf(disk.Id))).ShouldBeEmpty();
        await watching.CancelAsync();
        (await statuses).ShouldBe([Statuses.Active]);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    /// <summary>Every status that the disk shows until told to stop.</summary>
    private async Task<IReadOnlyCollection<string>> WatchAsync(string id, CancellationToken ct)
    {
        HashSet<string> seen = [];
        while (!ct.IsCancellationRequested)
        {
            seen.Add((await house.Installation.Client.GetDiskAsync(id, CancellationToken.None)).Status);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return seen;
    }
}
