using Mooring.Agent.Engine;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class WatchTests(AgentFixture agent)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Kill_of_a_container_is_signalled()
    {
        var pod = agent.NewPod();
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        var pid = EngineContainer.From(await engine.ReadAsync(
            client => client.Containers.InspectContainerAsync(pod.Name, AgentFixture.Ct), AgentFixture.Ct)).Pid;
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        var heard = agent.Agent.WatchAsync(limit.Token).FirstAsync(name => name == pod.Name, limit.Token).AsTask();

        (await AgentFixture.RunAsync("kill", "-KILL", $"{pid}")).OrRefuse("kill");

        (await heard).ShouldBe(pod.Name);
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Ends_with_an_exception_when_the_engine_goes_away()
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        var heard = agent.Agent.WatchAsync(limit.Token).AnyAsync(_ => false, limit.Token).AsTask();
        var service = agent.Agent.Service!.FindProcesses().ShouldHaveSingleItem();

        (await AgentFixture.RunAsync("kill", "-KILL", service)).OrRefuse("kill");

        await Should.ThrowAsync<UnreachableException>(() => heard);
        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(AgentFixture.Ct)).CanRunPods, "the engine is up again");
    }
}
