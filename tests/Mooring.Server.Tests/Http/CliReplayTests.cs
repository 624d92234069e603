using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// What today's command line client sends (contract, section 14): its headers, no trailing slash, nulls in bodies. And
/// what it must find in the answers (14.5).
/// </summary>
public sealed class CliReplayTests : IAsyncLifetime
{
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync();

    public async ValueTask DisposeAsync() => await Mooring.DisposeAsync();

    [Fact]
    public async Task Disks_create_by_short_id()
    {
        var offers = (await SendAsync("GET", "/availability/disks?page=1&page_size=100")).ShouldBe(200).Object;
        offers["totalCount"]!.GetValue<int>().ShouldBe(1);
        var offer = offers["items"]!.AsArray().Select(item => item!.AsObject())
            .Single(item => ShortId(item) == "a869c3");
        foreach (var name in new[] { "provider", "country", "region", "security", "spec" })
        {
            offer.ContainsKey(name).ShouldBeTrue(name);
        }

        offer["spec"]!.AsObject().ContainsKey("step").ShouldBeTrue();

        var created = await SendAsync("POST", "/disks", $$$"""
            {"disk":{"size":500,"name":null,"country":"{{{offer["country"]}}}","cloudId":null,
                     "dataCenterId":"{{{offer["dataCenter"]}}}"},
             "provider":{"type":"{{{offer["provider"]}}}"},"team":null}
            """);

        created.ShouldBe(201);
        created.Object["name"]!.GetValue<string>().ShouldMatch("^disk-[0-9a-f]{8}$");
        ShouldBeACliDisk(created.Object);
    }

    // The vendor's published table (contract 14.6): each offer is found by the same short id as there.
    [Fact]
    public async Task Short_ids_are_those_that_the_vendor_publishes()
    {
        (string Provider, string? DataCenter, string ShortId)[] published =
        [
            ("hyperstack", "US-1", "a869c3"), ("runpod", "US-CA-2", "c008ad"), ("runpod", "US-WA-1", "7d2232"),
            ("crusoecloud", "us-southcentral1-a", "8121df"), ("crusoecloud", "us-east1-a", "81cdd2"),
            ("dc_roan", null, "2f139f"),
        ];
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
        [
            .. published.Select(one => Offers.ScriptedDisks.PageOffer with
            {
                Place = new Providers.Place(one.DataCenter, "US", "united_states"),
            }),
        ]);

        var offers = (await mooring.GetAsync("/availability/disks")).ShouldBe(200).Json.AsArray()
            .Select(offer => offer!.AsObject()).ToList();

        // The test's one provider stands for all of them: only its name is put in its place.
        foreach (var (offer, (provider, _, shortId)) in offers.Zip(published))
        {
            offer["provider"] = provider;
            ShortId(offer).ShouldBe(shortId);
        }

        offers.Count.ShouldBe(published.Length);
    }

    [Fact]
    public async Task Whoami_teams_members_and_wallet()
    {
        var user = (await SendAsync("GET", "/user/whoami")).ShouldBe(200).Object["data"]!.AsObject();
        foreach (var name in new[] { "id", "role", "createdAt", "name", "email" })
        {
            user[name].ShouldNotBeNull(name);
        }

        user["scope"]!["disks"]!["write"]!.GetValue<bool>().ShouldBeTrue();
        var teams = (await SendAsync("GET", "/user/teams?offset=0&limit=100")).ShouldBe(200).Object;
        teams["data"]!.AsArray().ShouldBeEmpty();
        teams["total_count"]!.GetValue<int>().ShouldBe(0);
        (await SendAsync("GET", "/teams/clvb0itli0000oxevorvgrpfn/members")).ShouldRefuse(404);

        await Mooring.CreateDiskAsync();
        var wallet = (await SendAsync("GET", "/billing/wallet?limit=20&offset=0")).ShouldBe(200).Object;
        wallet["wallet_id"].ShouldNotBeNull();
        wallet["currency"]!.GetValue<string>().ShouldBe("USD");
        var row = wallet["recent_billings"]!.AsArray().Single()!;
        foreach (var name in new[] { "id", "created_at", "updated_at", "amount_usd", "currency", "resource_type" })
        {
            row[name].ShouldNotBeNull(name);
        }
    }

    [Fact]
    public async Task Disks_create_by_options()
    {
        var created = await SendAsync("POST", "/disks", """
            {"disk":{"size":500,"name":null,"country":null,"cloudId":null,"dataCenterId":"US-1"},
             "provider":{"type":"hyperstack"},"team":null}
            """);

        ShouldBeACliDisk(created.ShouldBe(201).Object);
    }

    [Fact]
    public async Task Disks_list_get_update_and_terminate()
    {
        var id = await Mooring.CreateDiskAsync();

        var list = (await SendAsync("GET", "/disks?offset=0&limit=100")).ShouldBe(200).Object;
        var got = (await SendAsync("GET", $"/disks/{id}")).ShouldBe(200).Object;
        var updated = (await SendAsync("PATCH", $"/disks/{id}", """{"name":"N"}""")).ShouldBe(200).Object;
        var terminated = (await SendAsync("DELETE", $"/disks/{id}")).ShouldBe(200).Object;

        (list["total_count"]!.GetValue<int>(), list["totalCount"]!.GetValue<int>()).ShouldBe((1, 1));
        (list["offset"]!.GetValue<int>(), list["limit"]!.GetValue<int>()).ShouldBe((0, 100));
        ShouldBeACliDisk(list["data"]!.AsArray().Single()!.AsObject());
        ShouldBeACliDisk(got);
        updated["name"]!.GetValue<string>().ShouldBe("N");
        terminated["status"]!.GetValue<string>().ShouldBe("TERMINATED");
        // Contract 16.1: gone ones are not listed, and can still be got.
        (await SendAsync("GET", "/disks?offset=0&limit=100")).Object["total_count"]!.GetValue<int>().ShouldBe(0);
        var gone = (await SendAsync("GET", $"/disks/{id}")).ShouldBe(200).Object;
        gone["status"]!.GetValue<string>().ShouldBe("TERMINATED");
        gone["terminatedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Availability_disks_with_filters() =>
        (await SendAsync(
            "GET",
            "/availability/disks?regions=united_states&regions=canada&data_center_id=US-1&page=1&page_size=100"))
            .ShouldBe(200).Object["items"]!.AsArray().Count.ShouldBe(1);

    [Fact]
    public async Task Availability_list_and_gpu_types()
    {
        var disk = await Mooring.CreateDiskAsync();

        var gpus = (await SendAsync("GET", $"/availability/gpus?gpu_type=CPU_NODE&disks={disk}&page=1&page_size=100"))
            .ShouldBe(200).Object;
        var nodes =
            (await SendAsync("GET", $"/availability/multi-node?gpu_type=CPU_NODE&disks={disk}&page=1&page_size=100"))
            .ShouldBe(200).Object;
        var types = (await SendAsync("GET", "/availability/gpu-summary")).ShouldBe(200).Object;

        gpus["items"]!.AsArray().Count.ShouldBe(gpus["totalCount"]!.GetValue<int>());
        gpus["items"]!.AsArray().Count.ShouldBe(3);
        foreach (var offer in gpus["items"]!.AsArray().Select(item => item!.AsObject()))
        {
            foreach (var name in new[] { "socket", "provider", "country", "interconnect", "security", "images" })
            {
                offer.ContainsKey(name).ShouldBeTrue(name);
            }

            foreach (var name in new[] { "disk", "vcpu", "memory" })
            {
                offer[name]!["step"].ShouldNotBeNull();
            }

            offer["prices"]!["currency"]!.GetValue<string>().ShouldBe("USD");
            offer["stockStatus"]!.GetValue<string>().ShouldBeOneOf("Available", "Low", "Medium", "High", "Unavailable");
        }

        (nodes["items"]!.AsArray().Count, nodes["totalCount"]!.GetValue<int>()).ShouldBe((0, 0));
        types.Select(type => type.Key).ShouldBe(["CPU_NODE"]);
    }

    [Fact]
    public async Task Pods_create_status_list_history_and_terminate()
    {
        var disk = await Mooring.CreateDiskAsync();
        var created = (await SendAsync("POST", "/pods", $$"""
            {"pod":{"name":"my-pod","cloudId":"cpu-1","gpuType":"CPU_NODE","socket":"PCIe","gpuCount":1,
                    "diskSize":100,"vcpus":1,"memory":4,"image":"ubuntu_22_cuda_12","dataCenterId":"US-1",
                    "maxPrice":null,"country":null,"security":null,"jupyterPassword":null,
                    "autoRestart":false,"customTemplateId":null,"envVars":[]},
             "provider":{"type":"hyperstack"},"disks":["{{disk}}"],"team":null}
            """)).ShouldBe(200);
        ShouldBeACliPod(created.Object);
        await Mooring.ShowsAsync("/pods/" + created.Id, "ACTIVE");

        var status = (await SendAsync("GET", $"/pods/status?pod_ids={created.Id}")).ShouldBe(200).Data.Single();
        status["sshConnection"]!.GetValue<string>().ShouldBe("root@127.0.0.1 -p 32022");
        status["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        status["installationStatus"]!.GetValue<string>().ShouldBe("FINISHED");
        status.ContainsKey("ip").ShouldBeTrue();
        status["primePortMapping"]![0]!.AsObject().ContainsKey("description").ShouldBeTrue();
        status["priceHr"]!.GetValue<decimal>().ShouldBe(status["costPerHr"]!.GetValue<decimal>());
        ShouldBeACliPod((await SendAsync("GET", $"/pods/{created.Id}")).ShouldBe(200).Object);
        var list = (await SendAsync("GET", "/pods?offset=0&limit=100")).ShouldBe(200);
        (list.Object["total_count"]!.GetValue<int>(), list.Object["totalCount"]!.GetValue<int>()).ShouldBe((1, 1));
        ShouldBeACliPod(list.Data.Single());

        (await SendAsync("DELETE", $"/pods/{created.Id}")).ShouldBe(200).Object["status"]!.GetValue<string>()
            .ShouldBe("DELETING");
        await Mooring.ShowsAsync("/pods/" + created.Id, "TERMINATED");
        var history = (await SendAsync("GET", "/pods/history?offset=0&limit=100")).ShouldBe(200).Data.Single();
        foreach (var name in new[]
        {
            "id", "name", "providerType", "type", "createdAt", "gpuName", "gpuCount", "priceHr", "userId",
            "totalBilledPrice",
        })
        {
            history[name].ShouldNotBeNull(name);
        }
    }

    // Contract 14.6: the first six hex digits of an MD5, a null as Python prints it. The client's choice, not ours.
    private static string ShortId(JsonObject offer)
    {
        string[] parts =
        [
            .. new[] { "provider", "cloudId", "dataCenter", "country", "region" }.Select(
                name => offer[name]?.GetValue<string>() ?? "None"),
            offer["spec"]!["defaultCount"]!.GetValue<int>().ToString(),
        ];
#pragma warning disable CA5351 // The vendor's client names offers so; nothing is protected by it.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Join('-', parts) + "-")))[..6];
#pragma warning restore CA5351
    }

    private static void ShouldBeACliDisk(JsonObject disk)
    {
        // Contract 16.14: exactly these, and 4.1: which of them may be null.
        disk.Select(member => member.Key).ShouldBe(
        [
            "id", "name", "createdAt", "updatedAt", "terminatedAt", "status", "providerType", "size", "info", "priceHr",
            "stoppedPriceHr", "provisioningPriceHr", "userId", "teamId", "walletId", "pods", "clusters",
        ]);
        foreach (var name in new[]
        {
            "id", "name", "createdAt", "updatedAt", "status", "providerType", "size", "info", "pods", "clusters",
        })
        {
            disk[name].ShouldNotBeNull(name);
        }

        disk["createdAt"]!.GetValue<string>().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$");
        disk["info"]!.AsObject().Select(member => member.Key)
            .ShouldBe(["cloudId", "country", "isMultinode", "dataCenterId"]);
    }

    private static void ShouldBeACliPod(JsonObject pod)
    {
        foreach (var name in new[] { "id", "status", "createdAt", "providerType", "gpuName", "gpuCount" })
        {
            pod[name].ShouldNotBeNull(name);
        }

        foreach (var name in new[] { "name", "socket", "type", "ip", "resources" })
        {
            pod.ContainsKey(name).ShouldBeTrue(name);
        }

        var resource = pod["attachedResources"]!.AsArray().Single()!.AsObject();
        resource["size"]!.GetValue<int>().ShouldBe(10);
        resource["mountPath"]!.GetValue<string>().ShouldBe("/workspace");
        resource["resourceType"]!.GetValue<string>().ShouldBe("DISK");
    }

    private Task<Reply> SendAsync(string method, string path, string? body = null) => Mooring.SendAsync(
        method,
        "/api/v1" + path,
        null,
        change: request =>
        {
            // It says that it sends JSON with every request, also where there is no body (contract 14.2).
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body ?? ""));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (body is null)
            {
                request.Content.Headers.ContentLength = 0;
            }

            request.Headers.UserAgent.ParseAdd("prime-cli/0.6.26 python/3.11.7");
            request.Headers.Accept.ParseAdd("*/*");
            request.Headers.AcceptEncoding.ParseAdd("gzip, deflate");
        });
}
