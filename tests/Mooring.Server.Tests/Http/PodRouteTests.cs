using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Hosts;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>/pods (contract, section 6, 15 and 16).</summary>
public sealed class PodRouteTests
{
    private const string SecondKey =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJm second";
    private const string FirstKey =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl first";

    [Fact]
    public async Task Creating_answers_PROVISIONING_with_its_disks_and_does_not_wait()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();

        var created = (await mooring.PostAsync("/pods/", TestMooring.PodBody(disk))).ShouldBe(200);

        created.ShouldBeJson($$"""
            {"id":"","userId":"","teamId":null,"walletId":"","clusterId":null,"name":"trainer","type":"HOSTED",
             "providerType":"hyperstack","status":"PROVISIONING","installationStatus":"PENDING",
             "installationFailure":null,"installationProgress":0,"createdAt":"","updatedAt":"","terminatedAt":null,
             "gpuName":"CPU_NODE","gpuCount":1,"socket":"PCIe","priceHr":0.01,"stoppedPriceHr":null,
             "provisioningPriceHr":0.0,
             "environmentType":"ubuntu_22_cuda_12","customTemplateId":null,"isSpot":false,"autoRestart":false,
             "primePortMapping":[],"sshConnection":null,"ip":null,
             "resources":{"memory":4,"disk":100,"shared_disk":null,"vcpus":1},
             "attachedResources":[
               {"resourceType":"DISK","type":"DISK","id":"{{disk}}","status":"UNATTACHED","createdAt":"",
                "isDetachable":true,"mountPath":"/workspace","resourcePath":null,"size":10,"isShared":false}]}
            """);
        created.Object["attachedResources"]![0]!["id"]!.GetValue<string>().ShouldBe(disk);
    }

    [Fact]
    public async Task An_instance_that_runs_says_how_to_log_in_and_where_its_disks_are()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
        [
            ScriptedDisks.PageOffer with { CloudId = "block" },
            ScriptedDisks.PageOffer with { CloudId = "shared", IsMultinode = true },
        ]);
        var block = await mooring.CreateDiskAsync(cloudId: "block");
        var shared = await mooring.CreateDiskAsync(cloudId: "shared");

        var pod = (await mooring.GetAsync("/pods/" + await mooring.CreatePodAsync(shared, block))).Object;

        pod["sshConnection"]!.GetValue<string>().ShouldBe("root@127.0.0.1 -p 32022");
        pod["ip"]!.GetValue<string>().ShouldBe("127.0.0.1");
        pod["installationStatus"]!.GetValue<string>().ShouldBe("FINISHED");
        pod["installationProgress"]!.GetValue<int>().ShouldBe(100);
        JsonNode.DeepEquals(
            pod["primePortMapping"],
            JsonNode.Parse("""
                [{"internal":"22","external":"32022","protocol":"TCP","usedBy":"SSH","description":null}]
                """)).ShouldBeTrue();
        pod["attachedResources"]!.AsArray()
            .Select(one => $"{one!["id"]} {one["mountPath"]} {one["status"]} {one["isShared"]}")
            .ShouldBe([$"{shared} /workspace MOUNTED true", $"{block} /workspace-2 MOUNTED false"]);
        (await mooring.GetAsync("/disks/" + block)).Object["pods"]!.AsArray().Count.ShouldBe(1);
        (await mooring.GetAsync("/disks/" + block)).Object["status"]!.GetValue<string>().ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task What_was_asked_for_reaches_the_host_and_no_secret_reaches_the_log()
    {
        await using var mooring = await TestMooring.StartAsync();
        var second = await AddKeysAsync(mooring);

        var id = (await mooring.PostAsync("/pods/", $$$"""
            {"pod":{"cloudId":"cpu-2","gpuType":"CPU_NODE","socket":"PCIe","gpuCount":1,"sshKeyId":"{{{second}}}",
                    "envVars":[{"key":"TOKEN","value":"s3cr3t = '$(x)'"},{"key":"EMPTY","value":""}]},
             "provider":{"type":"hyperstack"},"disks":null,"shared_with_team":false,"team_member_ids":[]}
            """)).ShouldBe(200).Id;
        await mooring.ShowsAsync("/pods/" + id, "ACTIVE");

        var spec = mooring.Agent.Specs.Single().Value;
        spec.Environment.ShouldBe(
            new Dictionary<string, string> { ["TOKEN"] = "s3cr3t = '$(x)'", ["EMPTY"] = "" }, ignoreOrder: true);
        spec.AuthorizedKeys.ShouldBe([SecondKey]);
        (spec.Vcpus, spec.Memory, spec.Image).ShouldBe((2, ByteSize.FromGiB(8), ScriptedAgent.Image));
        spec.ShownName.ShouldBe($"pod-{id[^8..]}");
        mooring.Log.All.ShouldAllBe(line => !line.Contains("s3cr3t"));
    }

    [Fact]
    public async Task Without_a_choice_every_key_of_the_user_may_log_in_the_primary_first()
    {
        await using var mooring = await TestMooring.StartAsync();
        var second = await AddKeysAsync(mooring);
        (await mooring.PatchAsync("/ssh_keys/" + second, """{"isPrimary":true}""")).ShouldBe(200);

        await mooring.CreatePodAsync();

        mooring.Agent.Specs.Single().Value.AuthorizedKeys.ShouldBe([SecondKey, FirstKey]);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_404_and_nothing_is_created()
    {
        await using var mooring = await TestMooring.StartAsync();
        var before = await mooring.SnapshotAsync();

        (await mooring.PostAsync("/pods/", Changed("sshKeyId", "\"cnokey\""))).ShouldRefuse(404, "cnokey");

        (await mooring.SnapshotAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Where_several_offers_fit_the_missing_choice_is_asked_for()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.OtherPlaces =
        [
            new Place("NO-1", "NO", "eu_north"),
            new Place("NO-1", "NO", "eu_north"),
            new Place("US-1", "CA", "canada"),
        ]);
        var before = await mooring.SnapshotAsync();

        var reply = await mooring.PostAsync("/pods/", TestMooring.PodBody());

        reply.ShouldFault("pod.dataCenterId");
        reply.Text.ShouldContain("NO-1, US-1");
        (await mooring.PostAsync("/pods/", Changed("dataCenterId", "\"US-1\""))).ShouldFault("pod.country");
        (await mooring.SnapshotAsync()).ShouldBe(before);
        // Two accounts with the very same offer are one to the user.
        var pod = (await mooring.PostAsync("/pods/", Changed("dataCenterId", "\"NO-1\""))).ShouldBe(200).Id;
        await mooring.ShowsAsync("/pods/" + pod, "ACTIVE");
        (await mooring.GetAsync("/availability/gpus?cloud_id=cpu-1")).Object["totalCount"]!.GetValue<int>()
            .ShouldBe(3);
    }

    [Fact]
    public async Task A_price_above_the_users_bound_creates_nothing()
    {
        await using var mooring = await TestMooring.StartAsync();
        var before = await mooring.SnapshotAsync();

        (await mooring.PostAsync("/pods/", Changed("maxPrice", "0.0099")))
            .ShouldRefuse(409, "0.01 USD", "Nothing was created");
        (await mooring.SnapshotAsync()).ShouldBe(before);

        (await mooring.PostAsync("/pods/", Changed("maxPrice", "0.01"))).ShouldBe(200);
    }

    [Fact]
    public async Task When_the_host_is_full_the_answer_says_what_is_left()
    {
        await using var mooring = await TestMooring.StartAsync();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            await mooring.CreatePodAsync();
        }

        var before = await mooring.SnapshotAsync();
        (await mooring.PostAsync("/pods/", TestMooring.PodBody()))
            .ShouldRefuse(409, "host-1 has 0 vCPUs and 0 GB left");
        (await mooring.SnapshotAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_host_that_has_just_lost_its_engine_says_why_it_runs_nothing()
    {
        await using var mooring = await TestMooring.StartAsync();
        await mooring.Database.WriteAsync(
            (db, ct) => db.Hosts.ExecuteUpdateAsync(
                set => set
                    .SetProperty(host => host.CanRunPods, false)
                    .SetProperty(host => host.WhyNot, "No engine answers."),
                ct),
            TestContext.Current.CancellationToken);

        (await mooring.PostAsync("/pods/", TestMooring.PodBody())).ShouldRefuse(409, "No engine answers.");
    }

    [Fact]
    public async Task An_instances_end_is_billed_to_the_microsecond_and_gives_everything_back()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        mooring.Time.Advance(TimeSpan.FromMinutes(90));

        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBeJson("""{"status":"DELETING"}""");
        await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");

        var row = (await mooring.GetAsync("/pods/history")).Data.Single();
        row["totalBilledPrice"]!.GetValue<decimal>().ShouldBe(0.015m);
        row["type"]!.GetValue<string>().ShouldBe("Instance");
        row["provisionedBy"]!.GetValue<string>().ShouldBe("admin");
        (await mooring.GetAsync("/pods/")).Data.ShouldBeEmpty();
        mooring.Agent.Containers.ShouldBeEmpty();
        mooring.Agent.Mounts.ShouldBeEmpty();
        var host = await mooring.ReadAsync(db => db.Hosts.SingleAsync());
        (host.VcpusUsed, host.MemoryGiBUsed).ShouldBe((0, 0));
        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBeJson("""{"status":"TERMINATED"}""");
        // The same data, in the next instance.
        await mooring.CreatePodAsync(disk);
    }

    [Fact]
    public async Task Deleting_answers_at_once_and_as_often_as_asked()
    {
        await using var mooring = await TestMooring.StartAsync();
        var pod = await mooring.CreatePodAsync();
        var gate = mooring.Agent.Calls.Hold("EnsureRemoved");

        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBeJson("""{"status":"DELETING"}""");
        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBeJson("""{"status":"DELETING"}""");
        (await mooring.GetAsync("/pods/" + pod)).Object["sshConnection"].ShouldBeNull();
        gate.Open();

        await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
    }

    [Fact]
    public async Task An_instance_whose_main_process_ends_is_gone_and_its_disk_is_free()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);

        mooring.Agent.End(mooring.Agent.Containers.Keys.Single());

        await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
        (await mooring.GetAsync("/disks/" + disk)).Object["pods"]!.AsArray().ShouldBeEmpty();
        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
    }

    [Fact]
    public async Task A_disk_that_the_host_refuses_makes_the_instance_an_ERROR_with_the_reason_and_comes_back_ACTIVE()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        mooring.Agent.Calls.Fail(
            "EnsureMounted", () => new RefusedException("fsck found damage that it can't repair."));

        var pod = (await mooring.PostAsync("/pods/", TestMooring.PodBody(disk))).ShouldBe(200).Id;
        await mooring.ShowsAsync("/pods/" + pod, "ERROR");

        var shown = (await mooring.GetAsync("/pods/" + pod)).Object;
        shown["installationStatus"]!.GetValue<string>().ShouldBe("ERROR");
        shown["installationFailure"]!.GetValue<string>().ShouldContain("fsck");
        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldBe(200);
        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBe(200);
        await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
    }

    [Fact]
    public async Task Statuses_are_given_for_the_ids_that_are_known()
    {
        await using var mooring = await TestMooring.StartAsync();
        var first = await mooring.CreatePodAsync();
        var second = await mooring.CreatePodAsync();

        (await IdsAsync($"?pod_ids={first}&pod_ids={second}")).ShouldBe([first, second], ignoreOrder: true);
        (await IdsAsync($"?pod_ids={first}&pod_ids=fdb5205fd9b14c9d804d3f70b4c96da0&pod_ids=x")).ShouldBe([first]);
        (await IdsAsync("")).ShouldBeEmpty();
        var many = string.Join('&', Enumerable.Range(0, 101).Select(number => $"pod_ids={number}"));
        (await mooring.GetAsync("/pods/status?" + many)).ShouldFault("pod_ids");

        async Task<IEnumerable<string>> IdsAsync(string query) =>
            (await mooring.GetAsync("/pods/status" + query)).ShouldBe(200)
                .Data.Select(row => row["podId"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_log_is_its_last_lines()
    {
        await using var mooring = await TestMooring.StartAsync();
        var pod = await mooring.CreatePodAsync();

        (await mooring.GetAsync($"/pods/{pod}/log")).ShouldBeJson("""{"data":"first\nsecond\nthird"}""");
        (await mooring.GetAsync($"/pods/{pod}/log?tail=2")).ShouldBeJson("""{"data":"second\nthird"}""");
        (await mooring.GetAsync($"/pods/{pod}/log?tail=0")).ShouldFault("tail");
        mooring.Agent.Calls.Fail("ReadLog", () => new RefusedException("it has no log yet."));
        (await mooring.GetAsync($"/pods/{pod}/log")).ShouldRefuse(409, "it has no log yet.");
        mooring.Agent.Calls.Fail("ReadLog", () => new UnreachableException("The engine does not answer."));
        (await mooring.GetAsync($"/pods/{pod}/log")).ShouldRefuse(503, "The engine does not answer.");
        await mooring.DeleteAsync("/pods/" + pod);
        await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
        (await mooring.GetAsync($"/pods/{pod}/log")).ShouldRefuse(409, "gone");
    }

    [Fact]
    public async Task A_template_of_the_operators_is_what_is_run()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Options = mooring.Options with
        {
            Templates = new Dictionary<string, string> { ["mine"] = "registry.example/mine:1" },
        });
        var body = Changed("image", "\"custom_template\"");

        (await mooring.PostAsync("/pods/", body)).ShouldFault("pod.customTemplateId");
        var id = (await mooring.PostAsync(
            "/pods/",
            body.Replace("\"image\"", "\"customTemplateId\":\"mine\",\"image\"", StringComparison.Ordinal)))
            .ShouldBe(200).Id;
        await mooring.ShowsAsync("/pods/" + id, "ACTIVE");

        mooring.Agent.Specs.Single().Value.Image.ShouldBe("registry.example/mine:1");
    }

    [Fact]
    public async Task A_GPU_goes_to_one_instance_and_comes_back()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Agent.Report = mooring.Agent.Report with
            {
                Gpus = [new HostGpu("GPU-1", "Tesla T4", 16)],
            });
        const string body = """
            {"pod":{"cloudId":"gpu-t4_16gb","gpuType":"T4_16GB","socket":"PCIe","gpuCount":1},
             "provider":{"type":"hyperstack"}}
            """;

        var id = (await mooring.PostAsync("/pods/", body)).ShouldBe(200).Id;
        await mooring.ShowsAsync("/pods/" + id, "ACTIVE");
        mooring.Agent.Specs.Single().Value.GpuIds.ShouldBe(["GPU-1"]);
        (await mooring.PostAsync("/pods/", body)).ShouldRefuse(409, "T4_16GB");
        await mooring.DeleteAsync("/pods/" + id);
        await mooring.ShowsAsync("/pods/" + id, "TERMINATED");

        (await mooring.PostAsync("/pods/", body)).ShouldBe(200);
    }

    private static async Task<string> AddKeysAsync(TestMooring mooring)
    {
        (await mooring.PostAsync("/ssh_keys/", $$"""{"name":"first","publicKey":"{{FirstKey}}"}""")).ShouldBe(200);
        mooring.Time.Advance(TimeSpan.FromSeconds(1));
        return (await mooring.PostAsync("/ssh_keys/", $$"""{"name":"second","publicKey":"{{SecondKey}}"}"""))
            .ShouldBe(200).Id;
    }

    /// <summary>A good request with one member of its pod changed.</summary>
    internal static string Changed(string member, string value)
    {
        var body = JsonNode.Parse(TestMooring.PodBody())!;
        body["pod"]![member] = JsonNode.Parse(value);
        return body.ToJsonString();
    }
}
