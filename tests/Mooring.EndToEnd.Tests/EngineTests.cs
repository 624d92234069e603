using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>The container engine's own processes fail.</summary>
[Collection(HouseGroup.Name)]
public sealed class EngineTests(House house)
{
    private Installation Installation => house.Installation;

    [Fact]
    public async Task Killed_engine_is_started_again_and_its_instances_run_on()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);
        var boot = (await tenant.RunAsync(pod, "stat -c %Z /proc/1")).Output;
        var engine = Installation.Engine.ServicePid().ShouldNotBeNull();

        await Processes.KillAsync(engine);

        (await tenant.RunAsync(pod, "stat -c %Z /proc/1")).Output.ShouldBe(boot);
        await Until.HoldsAsync(
            async () => Installation.Engine.ServicePid() is { } pid && pid != engine && await Installation.Engine.AnswersAsync(),
            "another engine answers");
        var seen = await Installation.Client.GetPodAsync(pod.Id, TestContext.Current.CancellationToken);
        seen.Status.ShouldBe(Statuses.Active);
        seen.SshConnection.ShouldBe(pod.SshConnection);
        var other = await tenant.StartPodAsync();
        await tenant.EndPodAsync(other.Id);
        await tenant.EndPodAsync(pod.Id);
        await tenant.WaitUntilFreeAsync(disk.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    [Fact]
    public async Task Instance_whose_monitor_was_killed_can_be_ended()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);
        var processes = await Installation.Engine.ProcessesAsync(Installation.NameOf(pod.Id));

        await Processes.KillAsync(processes.Monitor);
        await tenant.RunAsync(pod, "echo still here >/workspace/note");

        await tenant.EndPodAsync(pod.Id);
        await tenant.WaitUntilFreeAsync(disk.Id);
        Processes.IsAlive(processes.Main).ShouldBeFalse();
        (await LoopDevices.OfAsync(Installation.ImageOf(disk.Id))).ShouldBeEmpty();
        await tenant.DeleteDiskAsync(disk.Id);
    }
}
