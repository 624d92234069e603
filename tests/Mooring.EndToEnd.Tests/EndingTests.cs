using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>Instances that end without anybody having asked for it.</summary>
[Collection(HouseGroup.Name)]
public sealed class EndingTests(House house)
{
    // The engine's signal comes at once; the list that would find out without it, once a minute.
    private static readonly TimeSpan BySignal = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Installation Installation => house.Installation;

    [Fact]
    public async Task Instance_that_ends_by_itself_is_TERMINATED_and_gives_its_disk_back()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);

        await tenant.TryRunAsync(pod, "kill -TERM 1");

        var ended = await tenant.WaitForPodEndAsync(pod.Id);
        ended.TerminatedAt.ShouldNotBeNull();
        await tenant.WaitUntilFreeAsync(disk.Id);
        var events = await Installation.Records.EventsAsync(pod.Id);
        var end = events.Where(e => IsCalled(e, "ended")).ShouldHaveSingleItem();
        end.Words.ShouldNotBeNull().ShouldContain("exit code", Case.Insensitive);
        (await Installation.Engine.ContainersAsync()).ShouldBeEmpty();
        await tenant.DeleteDiskAsync(disk.Id);
    }

    [Fact]
    public async Task Instance_with_autoRestart_is_started_again_with_its_disk()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        var request = await tenant.PodRequestAsync(disk.Id);
        var pod = await tenant.StartPodAsync(request with { Pod = request.Pod! with { AutoRestart = true } });
        await tenant.RunAsync(pod, "echo kept >/workspace/note; echo gone >/root/note; sync");

        await tenant.TryRunAsync(pod, "kill -TERM 1");

        await Until.HoldsAsync(
            async () => (await Installation.Records.EventsAsync(pod.Id)).Count(e => IsCalled(e, "ready")) == 2,
            "it is ready a second time");
        var again = await tenant.WaitUntilActiveAsync(pod.Id);
        again.AttachedResources.Single().Status.ShouldBe("MOUNTED");
        (await tenant.RunAsync(again, "cat /workspace/note; test -e /root/note || echo a new root")).Output
            .ShouldBe("kept\na new root\n");
        var held = await Installation.Client.GetDiskAsync(disk.Id, Ct);
        held.Pods.ShouldBe([pod.Id]);
        held.Status.ShouldBe(Statuses.Active);
        (await Installation.Engine.ContainersAsync()).Count.ShouldBe(1);

        await tenant.EndPodAsync(pod.Id);
        await tenant.WaitUntilFreeAsync(disk.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    [Fact]
    public async Task Killed_instance_is_noticed_within_seconds()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);
        var main = (await Installation.Engine.ProcessesAsync(Installation.NameOf(pod.Id))).Main;

        await Processes.KillAsync(main);

        await Until.HoldsAsync(
            async () => (await Installation.Client.GetPodAsync(pod.Id, Ct)).Status != Statuses.Active,
            "the end is noticed",
            BySignal);
        await tenant.WaitForPodEndAsync(pod.Id);
        await tenant.WaitUntilFreeAsync(disk.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    private static bool IsCalled(Recorded e, string what) => e.What.Equals(what, StringComparison.OrdinalIgnoreCase);
}
