using Mooring.Agent.Engine;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class PodTests(AgentFixture agent)
{
    [Fact]
    public async Task Goes_from_absent_to_created_to_started_to_ready_and_back_to_absent()
    {
        var pod = agent.NewPod();

        (await agent.ObserveAsync(pod)).ShouldBe(InstanceObservation.Absent);
        (await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct)).State.ShouldBe(RemoteInstanceState.Created);
        (await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct)).State.ShouldBe(RemoteInstanceState.Starting);
        (await agent.RunUntilAsync(pod, RemoteInstanceState.Ready)).Ssh.ShouldBeNull();
        var networkNamespace = await NetworkNamespaceOfAsync(pod);
        File.Exists(networkNamespace).ShouldBeTrue();
        (await agent.Agent.ListAsync(AgentFixture.Ct).ToListAsync(AgentFixture.Ct))
            .ShouldContain(p => p.Name == pod.Name && p.State == RemoteInstanceState.Ready);
        await agent.RemoveAsync(pod);
        (await agent.ObserveAsync(pod)).ShouldBe(InstanceObservation.Absent);
        (await agent.Agent.ListAsync(AgentFixture.Ct).ToListAsync(AgentFixture.Ct))
            .ShouldNotContain(p => p.Name == pod.Name);
        File.Exists(networkNamespace).ShouldBeFalse();
    }

    private async Task<string> NetworkNamespaceOfAsync(InstanceSpec pod)
    {
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        var answer = await engine.ReadAsync(
            client => client.Containers.InspectContainerAsync(pod.Name, AgentFixture.Ct), AgentFixture.Ct);
        return answer.NetworkSettings!.SandboxKey!;
    }

    [Fact]
    public async Task Writes_to_a_disk_that_another_pod_with_other_user_ids_reads()
    {
        var disk = await agent.NewDiskAsync();
        var first = AgentFixture.With(
            agent.NewPod("echo 41+1 >/workspace/sum; chmod 600 /workspace/sum; sync; stat -c %u /workspace/sum"), disk);
        var second = AgentFixture.With(
            agent.NewPod("stat -c %u /workspace/sum; cat /workspace/sum; echo more >>/workspace/sum"), disk);
        second.UserNamespaceBase.ShouldNotBe(first.UserNamespaceBase);

        (await agent.OutputOfAsync(first)).ShouldBe(["0"]);
        (await agent.OutputOfAsync(second)).ShouldBe(["0", "41+1"]);
        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Two_pods_see_each_others_files_on_a_shared_disk()
    {
        var disk = await agent.NewDiskAsync();
        var writer = AgentFixture.With(
            agent.NewPod("echo shared >/workspace/file; " + TestImage.WaitForTheEnd), disk, isShared: true);
        var reader = AgentFixture.With(
            agent.NewPod("until [ -s /workspace/file ]; do sleep 0.1; done; cat /workspace/file"),
            disk,
            isShared: true);
        await agent.MountAsync(writer);
        await agent.RunUntilAsync(writer, RemoteInstanceState.Ready);

        (await agent.OutputOfAsync(reader)).ShouldBe(["shared"]);

        (await agent.ObserveAsync(writer)).State.ShouldBe(RemoteInstanceState.Ready);
        await agent.RemoveAsync(writer);
        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Has_several_disks_its_environment_and_the_devices_to_wait_for()
    {
        var pod = AgentFixture.With(
            AgentFixture.With(
                agent.NewPod("echo $COLOUR; echo $MOORING_MOUNTS; hostname; touch /workspace/a /workspace-2/b"),
                await agent.NewDiskAsync()),
            await agent.NewDiskAsync());
        pod = pod with
        {
            Environment = new Dictionary<string, string>(pod.Environment) { ["COLOUR"] = "dark green = \"x\" $HOME" },
            ShownName = "Ada's  pod_1!",
        };
        await agent.MountAsync(pod);

        var output = await agent.OutputOfAsync(pod);

        output[0].ShouldBe("dark green = \"x\" $HOME");
        output[1].ShouldMatch(@"^/workspace=7:\d+ /workspace-2=7:\d+$");
        output[2].ShouldBe("ada-s--pod-1");
    }

    [Fact]
    public async Task Tells_how_it_ended_and_is_not_started_again()
    {
        var pod = agent.NewPod("echo first; echo no such model >&2; exit 3");

        var end = await agent.RunUntilAsync(pod, RemoteInstanceState.Ended);

        end.ExitCode.ShouldBe(3);
        end.Words.ShouldBe("no such model");
        (await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct)).State.ShouldBe(RemoteInstanceState.Ended);
        (await agent.ObserveAsync(pod)).ShouldBe(end);
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Tells_that_it_ran_out_of_memory()
    {
        var pod = agent.NewPod("echo loading; exec dd if=/dev/zero of=/dev/null bs=512M count=1");

        var end = await agent.RunUntilAsync(pod, RemoteInstanceState.Ended);

        end.ExitCode.ShouldBe(137);
        end.Words.ShouldBe("it ran out of memory (limit 128 MiB); its last line: loading");
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Log_gives_the_last_lines_of_both_streams_oldest_first()
    {
        var pod = agent.NewPod("for i in $(seq 1 50); do echo out $i; done; echo err >&2; printf 'no newline'");
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ended);

        (await agent.Agent.ReadLogAsync(new(pod.Name, null), 4, AgentFixture.Ct))
            .ShouldBe(["out 49", "out 50", "err", "no newline"], ignoreOrder: true);
        (await agent.Agent.ReadLogAsync(new(pod.Name, null), 1000, AgentFixture.Ct))
            .Where(line => line.StartsWith("out", StringComparison.Ordinal))
            .ShouldBe(Enumerable.Range(1, 50).Select(i => $"out {i}"));
        await agent.RemoveAsync(pod);
        await Should.ThrowAsync<RefusedException>(
            () => agent.Agent.ReadLogAsync(new(pod.Name, null), 1, AgentFixture.Ct));
    }

    [Fact]
    public async Task Is_killed_after_its_grace_when_it_does_not_end_by_itself()
    {
        var pod = agent.NewPod("trap '' TERM; while true; do sleep 1; done");
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);

        var asked = await agent.Agent.EnsureRemovedAsync(new(pod.Name, null), AgentFixture.Ct);

        asked.State.ShouldBe(RemoteInstanceState.Deleting);
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Image_that_the_host_does_not_have_is_refused()
    {
        var pod = agent.NewPod(image: "localhost/mooring/nonesuch:latest");

        var refusal = await Should.ThrowAsync<RefusedException>(
            () => agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct));

        refusal.Message.ShouldContain("localhost/mooring/nonesuch:latest");
    }

    [Fact]
    public async Task Many_at_once_come_and_go_without_a_trace()
    {
        var disks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.NewDiskAsync(16)));
        var pods = disks
            .Select((disk, i) => AgentFixture.With(agent.NewPod($"echo {i} >/workspace/n; cat /workspace/n"), disk))
            .ToList();

        var outputs = await Task.WhenAll(pods.Select(agent.OutputOfAsync));

        outputs.Select(lines => lines.Single()).ShouldBe(["0", "1", "2", "3"]);
        foreach (var disk in disks)
        {
            (await disk.LoopAsync()).ShouldBeNull();
        }
    }
}
