using Docker.DotNet.Models;
using Mooring.Agent.Engine;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class MissingMountTests(AgentFixture agent)
{
    [Fact]
    public async Task Nothing_is_made_for_a_pod_whose_disk_is_not_mounted()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);

        var refusal = await Should.ThrowAsync<RefusedException>(
            () => agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct));

        refusal.Message.ShouldContain("not mounted");
        (await agent.ObserveAsync(pod)).State.ShouldBe(RemoteInstanceState.Absent);
    }

    [Fact]
    public async Task Nothing_is_started_when_a_mount_went_away_after_the_container_was_made()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        await agent.RunUntilAsync(pod, RemoteInstanceState.Created);
        var path = Path.Combine(agent.Options.MountDirectory, "pods", pod.Name, "0");
        (await AgentFixture.RunAsync("umount", path)).OrRefuse("umount");

        await Should.ThrowAsync<RefusedException>(() => agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct));

        (await agent.ObserveAsync(pod)).State.ShouldBe(RemoteInstanceState.Created);
        Directory.EnumerateFileSystemEntries(path).ShouldBeEmpty();
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Engine_itself_can_not_make_a_missing_source()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        var missing = Path.Combine(agent.Options.MountDirectory, "pods", pod.Name, "1");
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        var order = new CreateContainerParameters
        {
            Image = TestImage.Plain,
            HostConfig = new HostConfig { Binds = [$"{missing}:/workspace"] },
        };

        await Should.ThrowAsync<ProviderException>(async () =>
        {
            var made = await engine.ChangeAsync(
                "made", client => client.Containers.CreateContainerAsync(order, AgentFixture.Ct), AgentFixture.Ct);
            await engine.ChangeAsync(
                "started",
                client => client.Containers.StartContainerAsync(made.ID, new(), AgentFixture.Ct),
                AgentFixture.Ct);
        });

        Directory.Exists(missing).ShouldBeFalse();
        await agent.UnmountAsync(pod);
    }

    [Fact]
    public async Task Pod_is_made_anew_when_its_disk_came_back_on_another_device()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod("echo started"), disk);
        await agent.MountAsync(pod);
        var before = await disk.LoopAsync();
        var made = await agent.RunUntilAsync(pod, RemoteInstanceState.Created);
        await agent.UnmountAsync(pod);
        var taker = await agent.NewDiskAsync();
        (await AgentFixture.RunAsync("losetup", before!.Path, taker.Path)).OrRefuse("losetup");
        await agent.MountAsync(pod);
        (await disk.LoopAsync()).ShouldNotBe(before);

        var again = await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct);

        again.State.ShouldBe(RemoteInstanceState.Created);
        again.RemoteId.ShouldNotBe(made.RemoteId);
        (await agent.OutputOfAsync(pod)).ShouldBe(["started"]);
        await AgentFixture.RunAsync("losetup", "--detach", before.Path);
    }

    [Fact]
    public async Task Image_starts_nothing_when_its_own_mount_table_lacks_the_disk()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod("echo started"), disk);
        await agent.MountAsync(pod);
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        var order = new CreateContainerParameters
        {
            Image = TestImage.Plain,
            Env = ["SCRIPT=echo started", "MOORING_MOUNTS=/workspace=7:999"],
            HostConfig = new HostConfig { NetworkMode = "none" },
        };
        var made = await engine.ChangeAsync(
            "made", client => client.Containers.CreateContainerAsync(order, AgentFixture.Ct), AgentFixture.Ct);
        await engine.ChangeAsync(
            "started",
            client => client.Containers.StartContainerAsync(made.ID, new(), AgentFixture.Ct),
            AgentFixture.Ct);

        var end = await engine.ReadAsync(
            client => client.Containers.WaitContainerAsync(made.ID, AgentFixture.Ct), AgentFixture.Ct);

        end.StatusCode.ShouldBe(78);
        await engine.ChangeAsync(
            "removed",
            client => client.Containers.RemoveContainerAsync(
                made.ID, new ContainerRemoveParameters { Force = true }, AgentFixture.Ct),
            AgentFixture.Ct);
        await agent.UnmountAsync(pod);
    }
}
