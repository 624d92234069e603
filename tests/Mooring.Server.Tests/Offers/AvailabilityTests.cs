using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Hosts;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Offers;

/// <summary>GET /availability/… (contract, section 5; 13, D2; 14.4).</summary>
public sealed class AvailabilityTests
{
    private const string BootDisk =
        "The boot disk is room on the host's own file system: "
        + "it goes with the instance, and its size is not enforced.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "", false, false)]
    [InlineData("curl/8.5", "", false, false)]
    [InlineData("prime-cli/0.6.26 python/3.11.7", "", false, true)]
    [InlineData("Mozilla/5.0 prime-cli/0.6.26", "", false, false)]
    [InlineData(null, "?envelope=true", false, true)]
    [InlineData("prime-cli/0.6.26 python/3.11.7", "?envelope=false", false, false)]
    [InlineData(null, "", true, true)]
    [InlineData(null, "?envelope=false", true, false)]
    public async Task The_request_alone_decides_between_the_two_shapes(
        string? userAgent, string query, bool isEnvelopeByDefault, bool isEnvelope)
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Options = mooring.Options with { DiskAvailabilityEnvelope = isEnvelopeByDefault });

        var reply = await mooring.SendAsync("GET", "/api/v1/availability/disks" + query, change: request =>
        {
            if (userAgent is not null)
            {
                request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
            }
        });

        reply.ShouldBe(200);
        reply.Headers.Vary.ShouldBe(["User-Agent"]);
        if (isEnvelope)
        {
            reply.Object.Select(member => member.Key).ShouldBe(["items", "totalCount"]);
            reply.Headers.Contains("X-Total-Count").ShouldBeFalse();
        }
        else
        {
            reply.Json.ShouldBeOfType<JsonArray>();
            reply.Headers.GetValues("X-Total-Count").ShouldBe(["1"]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task A_walk_of_pages_ends_with_every_offer_once(int pageSize)
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
            [.. Enumerable.Range(1, 5).Select(n => ScriptedDisks.PageOffer with { CloudId = $"kind-{n}" })]);
        List<string> seen = [];

        for (var page = 1; ; page++)
        {
            var reply = (await mooring.GetAsync($"/availability/disks?envelope=true&page={page}&page_size={pageSize}"))
                .ShouldBe(200);
            seen.AddRange(reply.Object["items"]!.AsArray().Select(item => item!["cloudId"]!.GetValue<string>()));
            if (seen.Count >= reply.Object["totalCount"]!.GetValue<int>())
            {
                break;
            }

            page.ShouldBeLessThan(10);
        }

        seen.ShouldBe(["kind-1", "kind-2", "kind-3", "kind-4", "kind-5"]);
        (await mooring.GetAsync("/availability/disks?page=99")).Json.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Filters_hold_for_the_items_and_for_the_total()
    {
        var oslo = new Place("NO-1", "NO", "eu_north");
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
        [
            ScriptedDisks.PageOffer, ScriptedDisks.PageOffer with { Place = oslo, CloudId = "block" },
            ScriptedDisks.PageOffer with { Place = new Place(null, null, null), CloudId = "block" },
        ]);

        (await CountAsync("")).ShouldBe((3, 3));
        (await CountAsync("&regions=eu_north")).ShouldBe((1, 1));
        (await CountAsync("&regions=eu_north&regions=united_states")).ShouldBe((2, 2));
        (await CountAsync("&regions=africa")).ShouldBe((0, 0));
        (await CountAsync("&data_center_id=NO-1")).ShouldBe((1, 1));
        (await CountAsync("&cloud_id=block")).ShouldBe((2, 2));
        (await CountAsync("&cloud_id=block&data_center_id=US-1")).ShouldBe((0, 0));
        (await CountAsync("&cloud_id=")).ShouldBe((3, 3));

        async Task<(int Items, int Total)> CountAsync(string query)
        {
            var reply = (await mooring.GetAsync("/availability/disks?envelope=true" + query)).ShouldBe(200).Object;
            return (reply["items"]!.AsArray().Count, reply["totalCount"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task A_size_that_is_offered_is_one_that_can_be_had()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Offers = [ScriptedDisks.PooledOffer(10)]);

        (await OfferAsync()).ShouldBe((10, "Available"));
        var first = await mooring.CreateDiskAsync(size: 6);
        (await OfferAsync()).ShouldBe((4, "Available"));
        (await mooring.PostAsync("/disks/", """{"disk":{"size":5},"provider":{"type":"hyperstack"}}"""))
            .ShouldRefuse(409, "4 GB");
        await mooring.CreateDiskAsync(size: 4);
        (await OfferAsync()).ShouldBe((0, "Unavailable"));
        (await mooring.PostAsync("/disks/", """{"disk":{"size":1},"provider":{"type":"hyperstack"}}"""))
            .ShouldRefuse(409);
        (await mooring.DeleteAsync("/disks/" + first)).ShouldBe(200);
        (await OfferAsync()).ShouldBe((6, "Available"));

        async Task<(int Most, string Stock)> OfferAsync()
        {
            var offer = (await mooring.GetAsync("/availability/disks")).Json.AsArray().Single()!;
            return (offer["spec"]!["maxCount"]!.GetValue<int>(), offer["stockStatus"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_keeps_its_last_offers()
    {
        await using var mooring = await TestMooring.StartAsync();
        mooring.Disks.Calls.Fail("ListOffers", () => new UnreachableException("no route"));
        var asked = mooring.Disks.Calls.CountOf("ListOffers");
        await Eventually.HoldsAsync(
            () =>
            {
                mooring.Time.Advance(TimeSpan.FromSeconds(30));
                return mooring.Disks.Calls.CountOf("ListOffers") > asked;
            },
            "it is asked again");

        (await mooring.GetAsync("/availability/disks")).Json.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Each_offer_stands_once_although_a_provider_says_it_twice()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Offers = [ScriptedDisks.PageOffer, ScriptedDisks.PageOffer]);

        (await mooring.GetAsync("/availability/disks")).Json.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Where_several_offers_fit_the_missing_choice_is_asked_for()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
        [
            ScriptedDisks.PageOffer with { CloudId = "block" },
            ScriptedDisks.PageOffer with { CloudId = "shared", IsMultinode = true },
            ScriptedDisks.PageOffer with { CloudId = "block", Place = new Place("US-2", "US", "united_states") },
        ]);

        (await mooring.PostAsync("/disks/", Body(""))).ShouldFault("disk.dataCenterId");
        (await mooring.PostAsync("/disks/", Body(",\"dataCenterId\":\"US-1\""))).ShouldFault("disk.cloudId");
        (await mooring.PostAsync("/disks/", Body(",\"cloudId\":\"shared\""))).ShouldBe(201)
            .Object["info"]!["isMultinode"]!.GetValue<bool>().ShouldBeTrue();
        (await mooring.PostAsync("/disks/", Body(",\"dataCenterId\":\"US-2\""))).ShouldBe(201)
            .Object["info"]!["cloudId"]!.GetValue<string>().ShouldBe("block");

        static string Body(string more) => $$$"""{"disk":{"size":1{{{more}}}},"provider":{"type":"hyperstack"}}""";
    }

    [Fact]
    public async Task Sizes_keep_to_the_offers_bounds_and_step()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
            [ScriptedDisks.PageOffer with { MinSizeGiB = 20, MaxSizeGiB = 100, StepGiB = 10 }]);

        foreach (var (size, status) in new[] { (10, 422), (20, 201), (25, 422), (100, 201), (110, 422) })
        {
            (await mooring.PostAsync("/disks/", $$$"""{"disk":{"size":{{{size}}}},"provider":{"type":"hyperstack"}}"""))
                .ShouldBe(status);
        }

        (await mooring.PostAsync("/disks/", """{"disk":{"size":5},"provider":{"type":"hyperstack"}}"""))
            .ShouldFault("disk.size", "disk.size");
    }

    [Fact]
    public async Task A_GPU_offer_has_every_member_of_the_contract()
    {
        await using var mooring = await TestMooring.StartAsync();

        var offer = (await mooring.GetAsync("/availability/gpus?cloud_id=cpu-2")).Object["items"]!.AsArray().Single()!;

        JsonNode.DeepEquals(offer, JsonNode.Parse($$"""
            {"cloudId":"cpu-2","gpuType":"CPU_NODE","socket":"PCIe","provider":"hyperstack","dataCenter":"US-1",
             "country":"US","region":"united_states","gpuCount":1,"gpuMemory":0,
             "disk":{"minCount":1,"defaultCount":100,"maxCount":100,"pricePerUnit":0.0,"step":1,
                     "defaultIncludedInPrice":true,"additionalInfo":"{{BootDisk}}"},
             "sharedDisk":{"minCount":null,"defaultCount":null,"maxCount":null,"pricePerUnit":null,"step":null,
                           "defaultIncludedInPrice":null,"additionalInfo":null},
             "vcpu":{"minCount":2,"defaultCount":2,"maxCount":2,"pricePerUnit":0.0,"step":1,
                     "defaultIncludedInPrice":true,"additionalInfo":null},
             "memory":{"minCount":8,"defaultCount":8,"maxCount":8,"pricePerUnit":0.0,"step":1,
                       "defaultIncludedInPrice":true,"additionalInfo":null},
             "internetSpeed":null,"interconnect":null,"interconnectType":null,"provisioningTime":null,
             "stockStatus":"Available","security":"secure_cloud",
             "prices":{"onDemand":0.02,"communityPrice":null,"isVariable":false,"currency":"USD"},
             "images":["ubuntu_22_cuda_12"],"isSpot":false,"prepaidTime":null}
            """)).ShouldBeTrue(offer.ToJsonString());
    }

    [Fact]
    public async Task Stock_falls_as_instances_take_what_there_is()
    {
        await using var mooring = await TestMooring.StartAsync();

        (await StockAsync(mooring)).ShouldBe("cpu-1 Available, cpu-2 Available, cpu-4 Low");
        await mooring.CreatePodAsync();
        (await StockAsync(mooring)).ShouldBe("cpu-1 Available, cpu-2 Low, cpu-4 Unavailable");
        await mooring.CreatePodAsync();
        await mooring.CreatePodAsync();
        (await StockAsync(mooring)).ShouldBe("cpu-1 Low, cpu-2 Unavailable, cpu-4 Unavailable");
    }

    [Fact]
    public async Task A_host_that_lost_CPUs_has_none_to_offer()
    {
        await using var mooring = await TestMooring.StartAsync();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            await mooring.CreatePodAsync();
        }

        await mooring.Database.WriteAsync(
            (db, ct) => db.Hosts.ExecuteUpdateAsync(set => set.SetProperty(host => host.Vcpus, 2), ct), Ct);

        (await StockAsync(mooring)).ShouldBe("cpu-1 Unavailable, cpu-2 Unavailable, cpu-4 Unavailable");
        (await mooring.GetAsync("/availability/gpu-summary")).ShouldBe(200).Object.ShouldBeEmpty();
    }

    [Fact]
    public async Task GPUs_that_the_contract_has_a_type_for_are_offered_and_the_filters_find_them()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Agent.Report = mooring.Agent.Report with
            {
                Gpus = [new HostGpu("GPU-1", "NVIDIA H100 80GB HBM3", 80), new HostGpu("GPU-2", "Homemade 9000", 7)],
            });

        (await CountAsync("?gpu_type=H100_80GB")).ShouldBe(1);
        (await CountAsync("?gpu_type=H100_80GB&socket=SXM5&gpu_count=1&security=secure_cloud&regions=united_states"))
            .ShouldBe(1);
        (await CountAsync("?gpu_type=H100_80GB&socket=PCIe")).ShouldBe(0);
        (await CountAsync("?gpu_count=2")).ShouldBe(0);
        (await CountAsync("?security=community_cloud")).ShouldBe(0);
        (await CountAsync("?regions=africa")).ShouldBe(0);
        (await CountAsync("?data_center_id=US-1")).ShouldBe(4);
        (await CountAsync("?cloud_id=gpu-h100_80gb")).ShouldBe(1);
        var summary = (await mooring.GetAsync("/availability/gpu-summary")).ShouldBe(200).Object;
        JsonNode.DeepEquals(summary["H100_80GB"], JsonNode.Parse("""
            {"1":{"cheapest":{"onDemand":1.02,"communityPrice":null,"spotPrice":null},
                  "united_states":{"onDemand":1.02,"communityPrice":null,"spotPrice":null}}}
            """)).ShouldBeTrue(summary.ToJsonString());

        async Task<int> CountAsync(string query) =>
            (await mooring.GetAsync("/availability/gpus" + query)).ShouldBe(200).Object["totalCount"]!.GetValue<int>();
    }

    [Fact]
    public async Task The_disks_filter_keeps_offers_where_all_of_them_are()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
        [
            ScriptedDisks.PageOffer with { CloudId = "here" },
            ScriptedDisks.PageOffer with { CloudId = "there", Place = new Place("NO-1", "NO", "eu_north") },
            ScriptedDisks.PageOffer with { CloudId = "nowhere", Place = new Place(null, null, null) },
        ]);
        var here = await mooring.CreateDiskAsync(cloudId: "here");
        var there = await mooring.CreateDiskAsync(cloudId: "there");
        var nowhere = await mooring.CreateDiskAsync(cloudId: "nowhere");

        (await CountAsync(here)).ShouldBe(3);
        (await CountAsync(nowhere)).ShouldBe(3);
        (await CountAsync(here, nowhere)).ShouldBe(3);
        (await CountAsync(there)).ShouldBe(0);
        (await CountAsync(here, there)).ShouldBe(0);
        (await mooring.GetAsync("/availability/gpus?disks=fdb5205fd9b14c9d804d3f70b4c96da0"))
            .ShouldRefuse(404, "fdb5205f");
        (await mooring.DeleteAsync("/disks/" + here)).ShouldBe(200);
        (await mooring.GetAsync("/availability/gpus?disks=" + here)).ShouldRefuse(404, here);

        async Task<int> CountAsync(params string[] disks) => (await mooring.GetAsync(
            "/availability/gpus?" + string.Join('&', disks.Select(disk => "disks=" + disk))))
            .ShouldBe(200).Object["totalCount"]!.GetValue<int>();
    }

    [Fact]
    public async Task The_older_routes_group_the_same_offers_by_GPU_type()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Agent.Report = mooring.Agent.Report with
            {
                Gpus = [new HostGpu("GPU-1", "NVIDIA H100 80GB HBM3", 80)],
            });
        var offers = (await mooring.GetAsync("/availability/gpus")).Object["items"]!.AsArray();

        var grouped = (await mooring.GetAsync("/availability/?page_size=500")).ShouldBe(200).Object;

        grouped.Select(type => type.Key).ShouldBe(["CPU_NODE", "H100_80GB"]);
        grouped.SelectMany(type => type.Value!.AsArray().Select(offer => offer!.ToJsonString()))
            .ShouldBe(offers.Select(offer => offer!.ToJsonString()));
        grouped.ShouldAllBe(type => type.Value!.AsArray().All(
            offer => offer!["gpuType"]!.GetValue<string>() == type.Key));
        (await mooring.GetAsync("/availability?gpu_type=H100_80GB")).Object.Select(type => type.Key)
            .ShouldBe(["H100_80GB"]);
        (await mooring.GetAsync("/availability/?page_size=2&page=2")).Object["CPU_NODE"]!.AsArray().Count.ShouldBe(1);
        (await mooring.GetAsync("/availability/?page=3")).Object.ShouldBeEmpty();
        (await mooring.GetAsync("/availability/?page_size=501")).ShouldFault("page_size");
        (await mooring.GetAsync("/availability/clusters?regions=canada")).ShouldBe(200).Object.ShouldBeEmpty();
        (await mooring.GetAsync("/availability/clusters?gpu_type=x")).ShouldFault("gpu_type");
        (await mooring.GetAsync("/availability/multi-node-summary")).ShouldBe(200).Object.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("gpus")]
    [InlineData("multi-node")]
    public async Task A_walk_of_instance_offers_ends_too(string route)
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.OtherPlaces =
            [.. Enumerable.Range(2, 6).Select(n => new Place($"US-{n}", "US", "united_states"))]);
        var (seen, total) = (0, int.MaxValue);

        for (var page = 1; seen < total; page++)
        {
            var reply = (await mooring.GetAsync($"/availability/{route}?page={page}&page_size=4")).ShouldBe(200).Object;
            total = reply["totalCount"]!.GetValue<int>();
            seen += reply["items"]!.AsArray().Count;
            page.ShouldBeLessThan(8);
        }

        (seen, total).ShouldBe(route == "gpus" ? (21, 21) : (0, 0));
    }

    [Fact]
    public async Task A_host_that_can_run_no_pods_offers_none()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Agent.Report =
            mooring.Agent.Report with { CanRunPods = false, WhyNot = "No engine answers." });

        (await mooring.GetAsync("/availability/gpus")).ShouldBe(200).Object["totalCount"]!.GetValue<int>().ShouldBe(0);
        (await mooring.GetAsync("/availability/gpu-summary")).ShouldBe(200).Object.ShouldBeEmpty();
        (await mooring.GetAsync("/availability/disks")).ShouldBe(200).Json.AsArray().Count.ShouldBe(1);
    }

    private static async Task<string> StockAsync(TestMooring mooring) => string.Join(
        ", ",
        (await mooring.GetAsync("/availability/gpus")).Object["items"]!.AsArray()
            .Select(item => $"{item!["cloudId"]} {item["stockStatus"]}"));
}
