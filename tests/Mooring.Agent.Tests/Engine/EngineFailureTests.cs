using Mooring.Agent.Engine;
using Mooring.Agent.Mounts;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class EngineFailureTests(AgentFixture agent) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Whatever a test did to the engine, the next one finds it running under its supervisor.</summary>
    public async ValueTask DisposeAsync()
    {
        await agent.ReplaceAgentAsync();
        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(CancellationToken.None)).CanRunPods, "the engine is up again");
    }

    [Fact]
    public async Task Pods_run_on_when_the_engine_is_killed_and_are_seen_again_by_its_successor()
    {
        var pod = AgentFixture.With(agent.NewPod(), await agent.NewDiskAsync());
        var shortLived = agent.NewPod("until [ -e /workspace/end ]; do sleep 0.1; done; exit 5");
        shortLived = AgentFixture.With(shortLived, await agent.NewDiskAsync());
        await agent.MountAsync(pod);
        await agent.MountAsync(shortLived);
        var before = await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        await agent.RunUntilAsync(shortLived, RemoteInstanceState.Ready);
        var running = await ContainerAsync(pod);
        var ending = await ContainerAsync(shortLived);
        var service = agent.Agent.Service!.FindProcesses().ShouldHaveSingleItem();

        await agent.StopSupervisorAsync();
        (await AgentFixture.RunAsync("kill", "-KILL", service)).OrRefuse("kill");
        await AgentFixture.UntilAsync(
            () => Task.FromResult(!agent.Agent.Service!.FindProcesses().Any()), "the engine is dead");
        await Should.ThrowAsync<UnreachableException>(() => agent.ObserveAsync(pod));
        (await agent.Agent.ReportAsync(AgentFixture.Ct)).CanRunPods.ShouldBeFalse();
        await File.WriteAllTextAsync(
            Path.Combine(agent.Options.MountDirectory, "disks", shortLived.Attachments[0].Disk.Name, "end"),
            "",
            AgentFixture.Ct);
        await AgentFixture.UntilAsync(
            () => Task.FromResult(!Directory.Exists($"/proc/{ending.Pid}")), "the pod ends meanwhile");
        await agent.StartSupervisorAsync();

        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(AgentFixture.Ct)).CanRunPods, "the engine is up again");
        (await agent.ObserveAsync(pod)).ShouldBe(before);
        (await ContainerAsync(pod)).Pid.ShouldBe(running.Pid);
        (await agent.RunUntilAsync(shortLived, RemoteInstanceState.Ended)).ExitCode.ShouldBe(5);
        await agent.RemoveAsync(pod);
        await agent.RemoveAsync(shortLived);
    }

    [Fact]
    public async Task Engine_that_hangs_is_replaced()
    {
        var pod = agent.NewPod();
        var before = await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        await agent.StopSupervisorAsync();
        var service = agent.Agent.Service!.FindProcesses().ShouldHaveSingleItem();
        (await AgentFixture.RunAsync("kill", "-STOP", service)).OrRefuse("kill");

        await agent.StartSupervisorAsync();

        await AgentFixture.UntilAsync(
            () => Task.FromResult(agent.Agent.Service!.FindProcesses().Any(pid => pid != service)), "another one runs");
        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(AgentFixture.Ct)).CanRunPods, "it answers");
        (await agent.ObserveAsync(pod)).ShouldBe(before);
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Pod_whose_monitor_was_killed_runs_on_and_is_removed()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        var ready = await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        await KillMonitorAsync(ready.RemoteId!);

        (await agent.ObserveAsync(pod)).State.ShouldBe(RemoteInstanceState.Ready);
        await agent.RemoveAsync(pod);

        (await agent.ObserveAsync(pod)).ShouldBe(InstanceObservation.Absent);
        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task End_of_a_pod_whose_monitor_was_killed_is_seen_in_the_kernel()
    {
        var pod = agent.NewPod();
        var ready = await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        await KillMonitorAsync(ready.RemoteId!);
        var pid = (await ContainerAsync(pod)).Pid;
        (await AgentFixture.RunAsync("kill", "-KILL", $"{pid}")).OrRefuse("kill");

        var end = await agent.RunUntilAsync(pod, RemoteInstanceState.Ended);

        end.ExitCode.ShouldNotBe(0);
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Restart_of_the_server_leaves_pods_alone_and_finds_them()
    {
        var pod = AgentFixture.With(agent.NewPod(), await agent.NewDiskAsync());
        await agent.MountAsync(pod);
        var before = await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        var service = agent.Agent.Service!.FindProcesses().ShouldHaveSingleItem();

        await agent.ReplaceAgentAsync();

        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(AgentFixture.Ct)).CanRunPods, "the engine is found");
        agent.Agent.Service!.FindProcesses().ShouldHaveSingleItem().ShouldBe(service);
        (await agent.Agent.EnsureMountedAsync(pod.Attachments[0], AgentFixture.Ct)).State
            .ShouldBe(AttachmentState.Attached);
        (await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct)).ShouldBe(before);
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Pod_from_before_a_reboot_has_ended_whatever_the_engine_says()
    {
        var pod = AgentFixture.With(agent.NewPod(), await agent.NewDiskAsync());
        await agent.MountAsync(pod);
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        var database = Path.Combine(agent.Options.EngineDirectory, "storage", "libpod", "bolt_state.db");
        var stale = Path.Combine(agent.Options.RunDirectory, "tmp", "stale");

        // What the disk holds when the power fails is the engine's state of this instant; the kernel forgets all else.
        await agent.StopSupervisorAsync();
        File.Copy(database, database + ".cut", overwrite: true);
        (await agent.Agent.DrainAsync(AgentFixture.Ct)).ShouldBeEmpty();
        File.Move(database + ".cut", database, overwrite: true);
        await File.WriteAllTextAsync(stale, "", AgentFixture.Ct);
        await agent.ReplaceAgentAsync(() => "another boot");

        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(AgentFixture.Ct)) is { CanRunPods: true, Images.Count: > 0 },
            "the engine is up in the new boot, with its images");
        File.Exists(stale).ShouldBeFalse();
        var end = await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct);
        end.State.ShouldBe(RemoteInstanceState.Ended);
        end.Words.ShouldBe("the machine was restarted");
        end.ExitCode.ShouldBeNull();
        await agent.RemoveAsync(pod);
        var next = agent.NewPod();
        await agent.RunUntilAsync(next, RemoteInstanceState.Ready);
        await agent.RemoveAsync(next);
        await agent.StopSupervisorAsync();
        await agent.Agent.Service!.EndAsync(AgentFixture.Ct);
    }

    [Fact]
    public async Task Drain_ends_pods_lets_go_of_disks_and_leaves_no_engine()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        await agent.StopSupervisorAsync();

        (await agent.Agent.DrainAsync(AgentFixture.Ct)).ShouldBeEmpty();

        (await disk.LoopAsync()).ShouldBeNull();
        MountTable.Read().Below(agent.Options.MountDirectory).ShouldBeEmpty();
        Directory.Exists(agent.Options.MountDirectory).ShouldBeFalse();
        agent.Agent.Service!.FindProcesses().ShouldBeEmpty();
        (await AgentFixture.RunAsync("iptables", "-S", "INPUT")).Output
            .ShouldNotContain(agent.Agent.Networks.BridgeOf(pod.Network));
        await agent.StartSupervisorAsync();
        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(AgentFixture.Ct)).CanRunPods, "the engine is up again");
        (await agent.RunUntilAsync(pod, RemoteInstanceState.Ended)).ExitCode.ShouldBe(0);
        await agent.RemoveAsync(pod);
    }

    private async Task<EngineContainer> ContainerAsync(InstanceSpec pod)
    {
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        return EngineContainer.From(await engine.ReadAsync(
            client => client.Containers.InspectContainerAsync(pod.Name, AgentFixture.Ct), AgentFixture.Ct));
    }

    private async Task KillMonitorAsync(string container)
    {
        var pidFile = Path.Combine(
            agent.Options.RunDirectory, "storage", "overlay-containers", container, "userdata", "conmon.pid");
        var pid = (await File.ReadAllTextAsync(pidFile, AgentFixture.Ct)).Trim();
        (await AgentFixture.RunAsync("kill", "-KILL", pid)).OrRefuse("kill");
    }
}
