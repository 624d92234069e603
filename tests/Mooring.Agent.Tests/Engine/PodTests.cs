using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class PodTests(AgentFixture agent)
{
    [Fact]
    public async Task Goes_from_absent_to_created_to_started_to_ready_and_back_to_absent()
    {
        var pod = agent.NewPod();

        (await agent.Agent.ObserveAsync(new(pod.Name, null), AgentFixture.Ct)).ShouldBe(InstanceObservation.Absent);
        (await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct)).State.ShouldBe(RemoteInstanceState.Created);
        (await agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct)).State.ShouldBe(RemoteInstanceState.Starting);
        (await agent.RunUntilAsync(pod, RemoteInstanceState.Ready)).Ssh.ShouldBeNull();
        (await agent.Agent.ListAsync(AgentFixture.Ct).ToListAsync(AgentFixture.Ct)).Select(p => p.Name).ShouldContain(pod.Name);
        await agent.RemoveAsync(pod);
        (await agent.Agent.ObserveAsync(new(pod.Name, null), AgentFixture.Ct)).ShouldBe(InstanceObservation.Absent);
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
}
