using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Agent.Doctor;
using Mooring.Agent.Engine;
using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Tests;

public sealed class LocalAgentTests(AgentFixture agent)
{
    [Fact]
    public async Task Reports_the_machine()
    {
        var report = await agent.Agent.ReportAsync(AgentFixture.Ct);

        report.CanRunPods.ShouldBeTrue(report.WhyNot);
        report.Hostname.ShouldBe(Environment.MachineName);
        report.BootId.ShouldBe(HostFacts.BootId);
        report.Vcpus.ShouldBe(Environment.ProcessorCount);
        report.Memory.ShouldBeGreaterThan(ByteSize.FromGiB(1));
        report.Images.ShouldContain(TestImage.Plain);
        report.Images.ShouldContain(TestImage.Ssh);
    }

    [Fact]
    public async Task Another_engine_is_refused_until_the_operator_accepts_what_it_lacks()
    {
        var options = agent.Options with { EngineUri = agent.Options.EngineEndpoint };
        using var strict = AgentFixture.NewAgent(options);
        using var lax = AgentFixture.NewAgent(options with { AcceptWeakerIsolation = true });

        var report = await strict.ReportAsync(AgentFixture.Ct);
        report.CanRunPods.ShouldBeFalse();
        report.WhyNot!.ShouldContain("not Mooring's own");
        report.WhyNot!.ShouldContain("--accept-weaker-isolation");
        (await Should.ThrowAsync<RefusedException>(() => strict.EnsureRunningAsync(agent.NewPod(), AgentFixture.Ct)))
            .Message.ShouldContain("not Mooring's own");
        (await lax.ReportAsync(AgentFixture.Ct)).CanRunPods.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_an_engine_it_starts_says_why_nothing_runs_and_ends()
    {
        var options = agent.Options with { EngineUri = new Uri("unix:///nowhere/engine.sock") };
        using var lone = AgentFixture.NewAgent(options);
        using var supervisor = new EngineSupervisor(lone, TimeProvider.System, NullLogger<EngineSupervisor>.Instance);

        await supervisor.StartAsync(AgentFixture.Ct);

        var report = await lone.ReportAsync(AgentFixture.Ct);
        report.CanRunPods.ShouldBeFalse();
        report.WhyNot!.ShouldContain("No container engine");
        await Should.ThrowAsync<UnreachableException>(() => lone.EnsureRunningAsync(agent.NewPod(), AgentFixture.Ct));
        await Should.ThrowAsync<UnreachableException>(
            () => lone.EnsureRemovedAsync(new(agent.NewName(), null), AgentFixture.Ct));
        await Should.ThrowAsync<UnreachableException>(
            async () => await lone.ListAsync(AgentFixture.Ct).ToListAsync(AgentFixture.Ct));
        await supervisor.StopAsync(AgentFixture.Ct);
        supervisor.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Foreign_container_under_a_pods_name_is_left_alone()
    {
        var pod = agent.NewPod();
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        var made = await engine.ChangeAsync(
            "made",
            client => client.Containers.CreateContainerAsync(
                new() { Name = pod.Name, Image = TestImage.Plain }, AgentFixture.Ct),
            AgentFixture.Ct);

        await Should.ThrowAsync<RefusedException>(() => agent.Agent.EnsureRunningAsync(pod, AgentFixture.Ct));
        await Should.ThrowAsync<RefusedException>(
            () => agent.Agent.EnsureRemovedAsync(new(pod.Name, null), AgentFixture.Ct));

        await engine.ChangeAsync(
            "removed",
            client => client.Containers.RemoveContainerAsync(made.ID, new() { Force = true }, AgentFixture.Ct),
            AgentFixture.Ct);
    }

    [Fact]
    public async Task Changed_archive_is_loaded_again_and_a_lost_image_too()
    {
        var archive = Path.Combine(agent.Options.ImageArchiveDirectory, "test.tar");
        File.SetLastWriteTimeUtc(archive, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var engine = new EngineConnection(agent.Options.EngineEndpoint, TimeProvider.System);
        await engine.ChangeAsync(
            "removed",
            client => client.Images.DeleteImageAsync(TestImage.Ssh, new() { Force = true }, AgentFixture.Ct),
            AgentFixture.Ct);

        await AgentFixture.UntilAsync(
            async () => (await agent.Agent.ReportAsync(AgentFixture.Ct)).Images.Contains(TestImage.Ssh), "it is back");
    }

    [Fact]
    public async Task Doctor_finds_this_machine_fit()
    {
        var report = await Examination.ExamineAsync(agent.Options, TimeProvider.System, AgentFixture.Ct);

        report.Findings.Where(f => f.Severity >= Severity.Weaker).ShouldBeEmpty();
        report.CanRunPods.ShouldBeTrue();
        report.Findings.ShouldAllBe(f => f.Severity == Severity.Fine || f.Words.EndsWith('.'));
    }

    [Fact]
    public async Task Doctor_lists_what_another_engine_lacks()
    {
        var options = agent.Options with { EngineUri = agent.Options.EngineEndpoint };

        var strict = await Examination.ExamineAsync(options, TimeProvider.System, AgentFixture.Ct);
        var lax = await Examination.ExamineAsync(
            options with { AcceptWeakerIsolation = true }, TimeProvider.System, AgentFixture.Ct);
        var absent = await Examination.ExamineAsync(
            options with { EngineUri = new Uri("unix:///nowhere/engine.sock"), AcceptWeakerIsolation = true },
            TimeProvider.System, AgentFixture.Ct);

        strict.CanRunPods.ShouldBeFalse();
        strict.Findings.Where(f => f.Severity == Severity.Weaker).ShouldHaveSingleItem()
            .Words.ShouldContain("not Mooring's own");
        lax.CanRunPods.ShouldBeTrue();
        absent.CanRunPods.ShouldBeFalse();
        absent.Findings.ShouldContain(f => f.Severity == Severity.Blocking && f.Subject == "engine");
    }
}
