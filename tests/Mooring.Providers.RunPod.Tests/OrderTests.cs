using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>What is sent, to the letter: a field too many or a null is refused.</summary>
public class OrderTests
{
    private const string Volume =
        """{"id": "2q9m7x4c1z", "name": "NAME", "size": 500, "dataCenter": "US-KS-2", "type": "STANDARD"}""";

    private const string Pod = """
        {"id": "7h9k2m4n6p", "name": "NAME", "status": "PROVISIONING", "actions": ["stop", "terminate"],
         "image": "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404", "args": "", "disk": 50, "ports": ["22/tcp"],
         "env": {}, "registry": null,
         "mounts": {"network": [{"volumeId": "2q9m7x4c1z", "path": "/workspace"}]},
         "gpu": {"id": "NVIDIA GeForce RTX 4090", "count": 1}, "cloud": "SECURE", "dataCenterId": null,
         "cudaVersion": null, "ssh": {"proxy": null, "direct": null}, "template": null, "cost": 0.69, "locked": false,
         "globalNetworking": {"enabled": false}, "runtime": null, "createdAt": "2026-06-01T12:00:00Z",
         "startedAt": null}
        """;

    private static readonly DiskSpec Disk =
        new(Canned.Name(1), ByteSize.FromGiB(500), "STANDARD", "US-KS-2", IsMultinode: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_is_ordered_with_its_tier()
    {
        using var canned = new Canned();
        var volume = Volume.Replace("NAME", Canned.Name(1));
        using var provider = canned
            .Then(200, Canned.NoVolumes).Then(201, volume).Then(200, $$"""{"networkVolumes": [{{volume}}]}""").Open();
        (await provider.Disks.EnsureCreatedAsync(Disk, Ct))
            .ShouldBe(new DiskObservation(RemoteDiskState.Ready, "2q9m7x4c1z"));
        canned.Asked[1].ShouldBe(new Asked(
            "POST",
            "/v2/network-volumes",
            "Bearer " + Canned.Key,
            $$"""{"name":"{{Canned.Name(1)}}","size":500,"dataCenter":"US-KS-2","type":"STANDARD"}"""));
    }

    [Fact]
    public async Task A_pod_is_ordered_in_the_volumes_data_center_with_the_keys_in_its_environment()
    {
        using var canned = new Canned();
        var volume = Volume.Replace("NAME", Canned.Name(1));
        var pod = Pod.Replace("NAME", Canned.Name(2));
        using var provider = canned
            .Then(200, Canned.NoPods)
            .Then(200, $$"""{"networkVolumes": [{{volume}}]}""")
            .Then(201, pod)
            .Then(200, $$"""{"pods": [{{pod}}]}""")
            .Open();
        var seen = await provider.Instances.EnsureCreatedAsync(
            Instance() with { CloudId = "NVIDIA GeForce RTX 4090 x2", Attachments = [Attachment(Canned.Name(1))] }, Ct);
        seen.ShouldBe(new InstanceObservation(
            RemoteInstanceState.Starting, "7h9k2m4n6p", Words: "RunPod says that the pod is PROVISIONING."));
        canned.Asked[0].PathAndQuery.ShouldBe("/v2/pods?includeClusterPods=true");
        canned.Asked[2].Body.ShouldBe(
            $$$"""
            {"name":"{{{Canned.Name(2)}}}",
            "image":"runpod/pytorch:2.4.0-py3.11-cuda12.4.1-devel-ubuntu22.04",
            "gpu":{"id":"NVIDIA GeForce RTX 4090","count":2},
            "cloud":"SECURE",
            "dataCenterIds":["US-KS-2"],
            "disk":50,
            "ports":["22/tcp"],
            "env":{"A":"b","PUBLIC_KEY":"ssh-ed25519 AAAA one\nssh-rsa BBBB two"},
            "mounts":{"network":[{"volumeId":"2q9m7x4c1z","path":"/workspace"}]}}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task What_a_pod_does_not_have_is_not_sent()
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, Canned.NoPods).Then(201, Pod.Replace("NAME", Canned.Name(2))).Then(503, "").Open();
        var bare = Instance() with { AuthorizedKeys = [], Environment = new Dictionary<string, string>() };
        await provider.Instances.EnsureCreatedAsync(bare, Ct);
        canned.Asked[1].Body!.ShouldNotContain("env");
        canned.Asked[1].Body!.ShouldNotContain("mounts");
        canned.Asked[1].Body!.ShouldNotContain("null");
    }

    [Theory]
    [InlineData(9, "STANDARD", "US-KS-2", true, "10 to 4096")]
    [InlineData(4097, "STANDARD", "US-KS-2", true, "10 to 4096")]
    [InlineData(500, "STANDARD", "US-KS-2", false, "shared")]
    [InlineData(500, "standard", "US-KS-2", true, "tier")]
    [InlineData(500, "HIGH_PERFORMANCE", "US-KS-2", true, "tier")]
    [InlineData(500, null, "US-KS-2", true, "tier")]
    [InlineData(500, "STANDARD", "us-ks-2", true, "capitals")]
    [InlineData(500, "STANDARD", null, true, "capitals")]
    public async Task A_volume_that_cannot_be_is_not_asked_for(
        int size, string? tier, string? dataCenter, bool isMultinode, string words)
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Canned.NoVolumes).Open();
        var spec = new DiskSpec(Canned.Name(1), ByteSize.FromGiB(size), tier, dataCenter, isMultinode);
        (await Should.ThrowAsync<RefusedException>(() => provider.Disks.EnsureCreatedAsync(spec, Ct)))
            .Message.ShouldContain(words);
    }

    [Fact]
    public async Task A_size_between_two_is_refused_and_not_rounded()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Canned.NoVolumes).Open();
        var spec = Disk with { Size = new ByteSize(ByteSize.FromGiB(500).Bytes + 1) };
        await Should.ThrowAsync<RefusedException>(() => provider.Disks.EnsureCreatedAsync(spec, Ct));
    }

    [Fact]
    public async Task A_pod_with_two_volumes_is_refused()
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Canned.NoPods).Open();
        var two = Instance() with { Attachments = [Attachment(Canned.Name(1)), Attachment(Canned.Name(3))] };
        (await Should.ThrowAsync<RefusedException>(() => provider.Instances.EnsureCreatedAsync(two, Ct)))
            .Message.ShouldContain("one volume");
    }

    [Fact]
    public async Task A_pod_elsewhere_than_its_volume_is_refused()
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, Canned.NoPods)
            .Then(200, $$"""{"networkVolumes": [{{Volume.Replace("NAME", Canned.Name(1))}}]}""")
            .Open();
        var elsewhere = Instance() with { DataCenter = "EU-RO-1", Attachments = [Attachment(Canned.Name(1))] };
        (await Should.ThrowAsync<RefusedException>(() => provider.Instances.EnsureCreatedAsync(elsewhere, Ct)))
            .Message.ShouldContain("US-KS-2");
    }

    [Fact]
    public async Task A_user_who_sets_keys_too_gets_both()
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(200, Canned.NoPods).Then(201, Pod.Replace("NAME", Canned.Name(2))).Then(503, "").Open();
        var environment = new Dictionary<string, string> { ["PUBLIC_KEY"] = "ssh-rsa MINE" };
        await provider.Instances.EnsureCreatedAsync(Instance() with { Environment = environment }, Ct);
        canned.Asked[1].Body!.ShouldContain(
            "\"PUBLIC_KEY\":\"ssh-rsa MINE\\nssh-ed25519 AAAA one\\nssh-rsa BBBB two\"");
    }

    private static InstanceSpec Instance() => new(
        Canned.Name(2),
        "NVIDIA GeForce RTX 4090",
        "US-KS-2",
        "cuda_12_4_pytorch_2_4",
        Vcpus: 2,
        ByteSize.FromGiB(8),
        GpuIds: [],
        new Dictionary<string, string> { ["A"] = "b" },
        ["ssh-ed25519 AAAA one", "ssh-rsa BBBB two"],
        Attachments: [],
        "network",
        UserNamespaceBase: 0,
        "trainer");

    private static AttachmentSpec Attachment(string disk) => new(
        new DiskRef(disk, null), new AtRunPod(), Canned.Name(2), 0, "/workspace", 1, IsShared: true, 0);

    private sealed record AtRunPod : HostAttachSource;
}
