using Mooring.Providers.Instances;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>What RunPod says of a pod, and what it means.</summary>
public class PodTests
{
    private const string Direct =
        """{"direct": {"host": "203.0.113.7", "port": 22022, "username": "root", "command": "ssh …"}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PROVISIONING", RemoteInstanceState.Starting)]
    [InlineData("STARTING", RemoteInstanceState.Starting)]
    [InlineData("RUNNING", RemoteInstanceState.Ready)]
    [InlineData("EXITED", RemoteInstanceState.Ended)]
    [InlineData("ERROR", RemoteInstanceState.Ended)]
    [InlineData("TERMINATED", RemoteInstanceState.Deleting)]
    [InlineData("HIBERNATING", RemoteInstanceState.Starting)]
    public async Task Each_status_means_one_thing(string status, RemoteInstanceState state)
    {
        var seen = await ObserveAsync($$"""[{"id": "a", "name": "NAME", "status": "{{status}}", "ssh": {{Direct}}}]""");
        seen.State.ShouldBe(state);
        seen.Words.ShouldBe(state == RemoteInstanceState.Ready ? null : seen.Words);
        (seen.Words is null).ShouldBe(state == RemoteInstanceState.Ready);
        seen.Ssh.ShouldBe(new SshEndpoint("root", "203.0.113.7", 22022));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"proxy": null, "direct": null}""")]
    [InlineData("""{"direct": {"host": "", "port": 22022}}""")]
    [InlineData("""{"direct": {"host": "203.0.113.7", "port": 0}}""")]
    public async Task A_pod_is_ready_only_once_it_is_known_where_to_log_in(string ssh)
    {
        var seen = await ObserveAsync($$"""[{"id": "a", "name": "NAME", "status": "RUNNING", "ssh": {{ssh}}}]""");
        (seen.State, seen.Ssh).ShouldBe((RemoteInstanceState.Starting, null));
        seen.Words.ShouldNotBeNull().ShouldContain("SSH");
    }

    [Fact]
    public async Task Of_several_the_oldest_is_kept_and_a_terminated_one_never()
    {
        using var canned = new Canned();
        const string Three = """
            {"pods": [
              {"id": "a", "name": "NAME", "status": "TERMINATED", "createdAt": "2026-09-01T10:00:00Z"},
              {"id": "c", "name": "NAME", "status": "RUNNING", "createdAt": "2026-09-01T11:00:00Z"},
              {"id": "b", "name": "NAME", "status": "RUNNING", "createdAt": "2026-09-01T11:00:01Z"}]}
            """;
        using var provider = canned.Then(200, Three.Replace("NAME", Canned.Name(1))).Then(204, "").Open();
        var seen = await provider.Instances.EnsureCreatedAsync(
            new InstanceSpec(
                Canned.Name(1),
                "",
                DataCenter: null,
                "",
                Vcpus: 1,
                ByteSize.Zero,
                GpuIds: [],
                new Dictionary<string, string>(),
                AuthorizedKeys: [],
                Attachments: [],
                "",
                UserNamespaceBase: 0,
                ""),
            Ct);
        (seen.State, seen.RemoteId).ShouldBe((RemoteInstanceState.Starting, "c"));
        canned.Asked[1].ShouldBe(new Asked("DELETE", "/v2/pods/b", "Bearer " + Canned.Key, ""));
    }

    [Fact]
    public async Task A_pod_in_the_list_by_another_name_is_not_there()
    {
        (await ObserveAsync("""[{"id": "a", "name": "NAME-copy", "status": "RUNNING"}]"""))
            .ShouldBe(InstanceObservation.Absent);
    }

    private static async Task<InstanceObservation> ObserveAsync(string pods)
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, $$"""{"pods": {{pods.Replace("NAME", Canned.Name(1))}}}""").Open();
        return await provider.Instances.ObserveAsync(new InstanceRef(Canned.Name(1), null), Ct);
    }
}
