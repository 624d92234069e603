using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>What each call sends, and that its answer is read: one row per route of the contract.</summary>
public sealed class RouteTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sends_the_key_its_name_and_what_it_can_read()
    {
        var seen = await AskAsync(Sample.Disk("d1"), client => client.GetDiskAsync("d1", Ct));

        seen.Headers["Authorization"].ShouldBe("Bearer mrg_test.key");
        var version = typeof(MooringClient).Assembly.GetName().Version!.ToString(3);
        seen.Headers["User-Agent"].ShouldBe($"mooring-client/{version}");
        seen.Headers["Accept"].ShouldBe("application/json");
    }

    [Theory]
    [InlineData("", "/api/v1/disks/d1")]
    [InlineData("/", "/api/v1/disks/d1")]
    [InlineData("/api/v1", "/api/v1/disks/d1")]
    [InlineData("/api/v1/", "/api/v1/disks/d1")]
    [InlineData("/behind/a/proxy", "/behind/a/proxy/api/v1/disks/d1")]
    [InlineData("/behind/api/v1/", "/behind/api/v1/disks/d1")]
    public async Task Finds_the_routes_under_any_form_of_the_address(string path, string target)
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, Sample.Disk("d1")));

        await server.ClientAt(new Uri(server.Address, path)).GetDiskAsync("d1", Ct);

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe(target);
    }

    [Fact]
    public async Task Creates_a_disk()
    {
        var request = new CreateDiskRequest
        {
            Disk = new CreateDisk { Size = 1, DataCenterId = "here" },
            Provider = new ProviderChoice { Type = "local" },
        };

        var seen = await AskAsync(
            Sample.Disk("d1", Statuses.Provisioning),
            async client =>
                (await client.CreateDiskAsync(request, "once-1", Ct)).Status.ShouldBe(Statuses.Provisioning),
            status: 201);

        (seen.Method, seen.Target).ShouldBe(("POST", "/api/v1/disks/"));
        seen.Body.ShouldBe(
            """{"disk":{"size":1,"name":null,"cloudId":null,"dataCenterId":"here","country":null},"provider":"""
            + """{"type":"local"},"team":null}""");
        seen.Headers["Content-Type"].ShouldBe("application/json");
        seen.Headers["Idempotency-Key"].ShouldBe("once-1");
        seen.Headers["Content-Length"].ShouldBe($"{seen.Body.Length}");
    }

    [Fact]
    public async Task Renames_a_disk()
    {
        var seen = await AskAsync(
            new RenamedDisk("d1", "new"),
            async client => (await client.RenameDiskAsync("d1", "new", Ct)).Name.ShouldBe("new"));

        (seen.Method, seen.Target, seen.Body).ShouldBe(("PATCH", "/api/v1/disks/d1", """{"name":"new"}"""));
    }

    [Fact]
    public async Task Deletes_a_disk()
    {
        var seen = await AskAsync(
            new StatusOnly(Statuses.Deleting),
            async client => (await client.DeleteDiskAsync("d1", Ct)).Status.ShouldBe(Statuses.Deleting));

        (seen.Method, seen.Target, seen.Body).ShouldBe(("DELETE", "/api/v1/disks/d1", ""));
        seen.Headers.ContainsKey("Content-Type").ShouldBeFalse();
    }

    [Fact]
    public async Task Asks_for_disk_offers_in_an_envelope()
    {
        var filter = new DiskOfferFilter { Regions = ["canada", "eu_west"], DataCenterId = "a&b", CloudId = "block" };

        var seen = await AskAsync(
            new OfferPage<DiskOffer>([Sample.DiskOffer("block")], 1),
            async client => (await client.ListDiskOffersAsync(filter, Ct).ToListAsync(Ct)).Count.ShouldBe(1));

        seen.Target.ShouldBe(
            "/api/v1/availability/disks?envelope=true&regions=canada&regions=eu_west&data_center_id=a%26b"
            + "&cloud_id=block&page=1&page_size=100");
    }

    [Fact]
    public async Task Asks_for_instance_offers_with_every_filter()
    {
        var filter = new GpuOfferFilter
        {
            Regions = ["canada"],
            DataCenterId = "here",
            CloudId = "c",
            GpuCount = 2,
            GpuType = "CPU_NODE",
            Socket = "PCIe",
            Security = "secure_cloud",
            Disks = ["d1", "d2"],
        };

        var seen = await AskAsync(
            new OfferPage<GpuOffer>([Sample.GpuOffer("c")], 1),
            async client => (await client.ListGpuOffersAsync(filter, Ct).ToListAsync(Ct)).Count.ShouldBe(1));

        seen.Target.ShouldBe(
            "/api/v1/availability/gpus?regions=canada&data_center_id=here&cloud_id=c&gpu_count=2&gpu_type=CPU_NODE"
            + "&socket=PCIe&security=secure_cloud&disks=d1&disks=d2&page=1&page_size=100");
    }

    [Fact]
    public async Task Asks_for_offers_of_several_nodes()
    {
        var seen = await AskAsync(
            new OfferPage<GpuOffer>([], 0),
            async client => (await client.ListMultiNodeOffersAsync(ct: Ct).ToListAsync(Ct)).ShouldBeEmpty());

        seen.Target.ShouldBe("/api/v1/availability/multi-node?page=1&page_size=100");
    }

    [Fact]
    public async Task Reads_the_summaries_with_a_cheapest_of_null()
    {
        const string summary =
            """{"L4_24GB":{"1":{"cheapest":null,"canada":{"onDemand":1.9,"communityPrice":null,"spotPrice":null}}}}""";
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerTextAsync(context, summary, 200));

        var one = await server.Client.GetGpuSummaryAsync(Ct);
        await server.Client.GetMultiNodeSummaryAsync(Ct);

        one["L4_24GB"]["1"]["canada"].OnDemand.ShouldBe(1.9m);
        one["L4_24GB"]["1"]["cheapest"].ShouldBeNull();
        server.Requests.Select(seen => seen.Target)
            .ShouldBe(["/api/v1/availability/gpu-summary", "/api/v1/availability/multi-node-summary"]);
    }

    [Fact]
    public async Task Creates_an_instance_with_disks()
    {
        var request = new CreatePodRequest
        {
            Pod = new CreatePod { CloudId = "c", GpuType = "CPU_NODE", Socket = "PCIe", GpuCount = 1 },
            Provider = new ProviderChoice { Type = "local" },
            Disks = ["d1"],
        };

        var seen = await AskAsync(Sample.Pod("p1"), client => client.CreatePodAsync(request, ct: Ct));

        (seen.Method, seen.Target).ShouldBe(("POST", "/api/v1/pods/"));
        seen.Body.ShouldContain("\"disks\":[\"d1\"]");
        seen.Headers["Idempotency-Key"].ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task Reads_deletes_and_lists_instances()
    {
        (await AskAsync(Sample.Pod("p1"), client => client.GetPodAsync("p1", Ct))).Target.ShouldBe("/api/v1/pods/p1");
        var deleting = await AskAsync(new StatusOnly(Statuses.Deleting), client => client.DeletePodAsync("p1", Ct));
        (deleting.Method, deleting.Target).ShouldBe(("DELETE", "/api/v1/pods/p1"));
        var list = new ListPage<Pod> { TotalCount = 1, Offset = 0, Limit = 100, Data = [Sample.Pod("p1")] };
        (await AskAsync(list, async client => await client.ListPodsAsync(ct: Ct).ToListAsync(Ct))).Target
            .ShouldBe("/api/v1/pods/?offset=0&limit=100");
    }

    [Fact]
    public async Task Reads_statuses_history_and_log_of_instances()
    {
        var statuses = new PodStatusList([Sample.PodStatus("p1")]);
        (await AskAsync(statuses, client => client.GetPodStatusesAsync(["p1", "p2"], Ct))).Target
            .ShouldBe("/api/v1/pods/status?pod_ids=p1&pod_ids=p2");
        var history = new ListPage<PodHistoryEntry>
        {
            TotalCount = 1,
            Offset = 0,
            Limit = 100,
            Data = [Sample.HistoryEntry("p1")],
        };
        var order = PodHistoryOrder.FirstCreatedFirst;
        (await AskAsync(
            history,
            async client => await client.ListPodHistoryAsync(order, ct: Ct).ToListAsync(Ct))).Target.ShouldBe(
            "/api/v1/pods/history?offset=0&limit=100&sort_by=createdAt&sort_order=asc");
        (await AskAsync(
            new PodLog("one\ntwo"),
            async client => (await client.GetPodLogAsync("p1", 5, Ct)).ShouldBe("one\ntwo"))).Target
            .ShouldBe("/api/v1/pods/p1/log?tail=5");
    }

    [Fact]
    public async Task Adds_lists_promotes_and_removes_ssh_keys()
    {
        var adding = await AskAsync(
            Sample.SshKey("k1"),
            client => client.CreateSshKeyAsync("laptop", "ssh-ed25519 AAAA", Ct));
        (adding.Method, adding.Target, adding.Body)
            .ShouldBe(("POST", "/api/v1/ssh_keys/", """{"name":"laptop","publicKey":"ssh-ed25519 AAAA"}"""));
        var list = new ListPage<SshKey> { TotalCount = 1, Offset = 0, Limit = 100, Data = [Sample.SshKey("k1")] };
        (await AskAsync(list, async client => await client.ListSshKeysAsync(ct: Ct).ToListAsync(Ct))).Target
            .ShouldBe("/api/v1/ssh_keys/?offset=0&limit=100");
        var promoting = await AskAsync(
            new SshKeyUpdated("ok", ["isPrimary"]),
            client => client.MakeSshKeyPrimaryAsync("k1", Ct));
        (promoting.Method, promoting.Target, promoting.Body)
            .ShouldBe(("PATCH", "/api/v1/ssh_keys/k1", """{"isPrimary":true}"""));
        var removing = await AskAsync(new SshKeyDeleted("ok"), client => client.DeleteSshKeyAsync("k1", Ct));
        (removing.Method, removing.Target).ShouldBe(("DELETE", "/api/v1/ssh_keys/k1"));
    }

    [Fact]
    public async Task Keeps_an_id_inside_its_segment()
    {
        var seen = await AskAsync(Sample.Disk("d1"), client => client.GetDiskAsync("a/../b?c=d#e", Ct));

        seen.Target.ShouldStartWith("/api/v1/disks/a%2F..%2Fb");
        using var http = new HttpClient(new SocketsHttpHandler());
        var client = new MooringClient(http, new Uri("http://127.0.0.1:1"), "key");
        await Should.ThrowAsync<ArgumentException>(() => client.DeleteDiskAsync("..", Ct));
        await Should.ThrowAsync<ArgumentException>(() => client.DeleteDiskAsync("", Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak-sekret")]
    [InlineData("ümlaut")]
    public void Refuses_what_is_no_key_without_repeating_it(string key)
    {
        using var http = new HttpClient(new SocketsHttpHandler());

        var refusal = Should.Throw<ArgumentException>(
            () => new MooringClient(http, new Uri("http://127.0.0.1:1"), key));

        refusal.Message.ShouldNotContain("sekret");
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://user:pass@127.0.0.1/")]
    [InlineData("http://127.0.0.1/?a=b")]
    public void Refuses_what_is_no_servers_address(string address)
    {
        using var http = new HttpClient(new SocketsHttpHandler());

        Should.Throw<ArgumentException>(() => new MooringClient(http, new Uri(address), "key"));
    }

    private static async Task<Seen> AskAsync<T>(T answer, Func<MooringClient, Task> ask, int status = 200)
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, answer, status));
        await ask(server.Client);
        return server.Requests.ShouldHaveSingleItem();
    }
}
