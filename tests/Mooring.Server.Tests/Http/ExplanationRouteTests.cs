using System.Text.Json.Nodes;
using Mooring.Providers;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;
using static Mooring.Server.Tests.Http.InterventionRouteTests;

namespace Mooring.Server.Tests.Http;

/// <summary>events, explain and stuck under /api/mooring/v1.</summary>
public sealed class ExplanationRouteTests
{
    [Fact]
    public async Task A_history_is_told_oldest_first_page_by_page_until_there_is_no_more()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        await mooring.CreateDiskAsync();
        (await mooring.PatchAsync("/disks/" + disk, """{"name":"new"}""")).ShouldBe(200);

        List<JsonObject> all = [];
        long? after = 0;
        for (var pages = 0; after is { } from; pages++)
        {
            pages.ShouldBeLessThan(5);
            var page = (await GetAsync(mooring, $"/disks/{disk}/events?after={from}&limit=1")).ShouldBe(200);
            all.AddRange(page.Data);
            after = page.Object["next"]?.GetValue<long>();
        }

        all.Select(happened => happened["what"]!.GetValue<string>()).ShouldBe(["CREATED", "READY", "RENAMED"]);
        all.Select(happened => happened["number"]!.GetValue<long>()).ShouldBeInOrder(SortDirection.Ascending);
        all[1].Select(member => member.Key)
            .ShouldBe(["number", "at", "what", "status", "words", "priceHr"], ignoreOrder: true);
        all[1]["at"]!.GetValue<string>().ShouldBe("2025-11-07T21:07:15.183000");
        (all[1]["status"]!.GetValue<string>(), all[1]["priceHr"]!.GetValue<decimal>()).ShouldBe(("ACTIVE", 0.0015m));
        all[2]["words"]!.GetValue<string>().ShouldBe("new");
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("after=x", "after")]
    [InlineData("after=9223372036854775808", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    public async Task A_part_that_can_not_be_is_refused(string query, string parameter)
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();

        (await GetAsync(mooring, $"/disks/{disk}/events?{query}")).ShouldFault(parameter);
    }

    [Fact]
    public async Task An_explanation_says_where_why_what_next_and_what_can_be_done()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Calls.Fail("EnsureCreated", () => new OutOfStockException("none left in US-1")));
        var disk = (await mooring.PostAsync(
            "/disks/", """{"disk":{"size":10,"name":"data"},"provider":{"type":"hyperstack"}}""")).ShouldBe(201).Id;
        await Eventually.HoldsAsync(
            async () => (await ExplainAsync(mooring, "disks", disk))["attempt"]!.GetValue<int>() > 0, "it waits");

        var explained = await ExplainAsync(mooring, "disks", disk);

        var provider = explained["provider"]!.AsObject();
        provider["remoteName"]!.GetValue<string>().ShouldStartWith("mrg-");
        JsonNode.DeepEquals(
            provider,
            JsonNode.Parse($$"""
                {"type":"hyperstack","account":"test","remoteName":"{{provider["remoteName"]}}","remoteId":null,
                 "unreadableSince":null,"unreadableReason":null}
                """)).ShouldBeTrue(provider.ToJsonString());
        explained["kind"]!.GetValue<string>().ShouldBe("disk");
        explained["status"]!.GetValue<string>().ShouldBe("PROVISIONING");
        explained["reason"]!.GetValue<string>().ShouldBe("none left in US-1");
        explained["deadline"]!.GetValue<string>().ShouldBe("2025-11-07T21:37:15.183000");
        explained["nextTry"].ShouldNotBeNull();
        explained["isOverdue"]!.GetValue<bool>().ShouldBeFalse();
        explained["holders"]!.AsArray().ShouldBeEmpty();
        explained["next"]!.GetValue<string>()
            .ShouldStartWith("Mooring asks the provider to make it, at 2025-11-07 21:");
        Words(explained).ShouldContain($"mooring disks retry {disk}");
    }

    [Fact]
    public async Task A_disk_in_transit_names_its_instance_and_what_the_host_waits_for()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        mooring.Agent.Calls.Fail("EnsureUnmounted", () => new UnreachableException("gone fishing"));
        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBe(200);
        await Eventually.HoldsAsync(
            async () => (await EventsAsync(mooring, pod, "pods")).Contains("STEP_FAILED"), "it waits");

        var explained = await ExplainAsync(mooring, "disks", disk);
        var ofPod = await ExplainAsync(mooring, "pods", pod);

        explained["status"]!.GetValue<string>().ShouldBe("PENDING");
        explained["next"]!.GetValue<string>().ShouldContain(pod);
        Words(explained).ShouldContain($"mooring disks force-detach {disk}");
        var holder = explained["holders"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        (holder["podId"]!.GetValue<string>(), holder["diskId"]!.GetValue<string>()).ShouldBe((pod, disk));
        (holder["status"]!.GetValue<string>(), holder["mountPath"]!.GetValue<string>())
            .ShouldBe(("RELEASING", "/workspace"));
        ofPod["reason"]!.GetValue<string>().ShouldBe("gone fishing");
        ofPod["next"]!.GetValue<string>().ShouldContain(disk);
        JsonNode.DeepEquals(ofPod["holders"], explained["holders"]).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_status_that_lasts_says_what_can_be_done()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        Words(await ExplainAsync(mooring, "disks", disk)).ShouldContain($"mooring pods create --disk {disk}");
        (await PostAsync(mooring, $"/disks/{disk}/suspend")).ShouldBe(200);
        Words(await ExplainAsync(mooring, "disks", disk)).ShouldContain($"mooring disks resume {disk}");
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldBe(200);
        await mooring.ShowsAsync("/disks/" + disk, "TERMINATED");
        Words(await ExplainAsync(mooring, "disks", disk)).ShouldContain("mooring disks create");
        var pod = await mooring.CreatePodAsync();
        Words(await ExplainAsync(mooring, "pods", pod)).ShouldContain($"mooring pods ssh {pod}");
    }

    [Fact]
    public async Task What_is_overdue_or_unreadable_is_stuck_and_nothing_else_is()
    {
        await using var mooring = await TestMooring.StartAsync();
        var fine = await mooring.CreateDiskAsync();
        var held = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(held);
        mooring.Agent.Calls.Fail("EnsureUnmounted", () => new UnreachableException("gone fishing"));
        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBe(200);
        (await GetAsync(mooring, "/stuck")).ShouldBe(200).Data.ShouldBeEmpty();

        mooring.Time.Advance(TimeSpan.FromMinutes(11));
        await Eventually.HoldsAsync(
            () => TellsAsync(mooring, held, "disks"), "the disk is overdue");
        var stuck = (await GetAsync(mooring, "/stuck")).ShouldBe(200).Data;
        stuck.ShouldHaveSingleItem().Select(member => member.Key).ShouldBe(
            ["kind", "id", "name", "status", "since", "deadline", "reason", "attempt", "nextTry"], ignoreOrder: true);
        (stuck[0]["kind"]!.GetValue<string>(), stuck[0]["id"]!.GetValue<string>()).ShouldBe(("disk", held));

        mooring.Time.Advance(TimeSpan.FromMinutes(20));
        await Eventually.HoldsAsync(
            () => TellsAsync(mooring, pod, "pods"), "the pod is overdue");
        (await GetAsync(mooring, "/stuck")).Data.Select(row => row["id"]!.GetValue<string>())
            .ShouldBe([held, pod], ignoreOrder: true);
        (await GetAsync(mooring, "/stuck?limit=1")).Data.Count.ShouldBe(1);
        var stranger = await mooring.MintStrangerAsync();
        (await GetAsync(mooring, "/stuck", stranger)).ShouldBe(200).Data.ShouldBeEmpty();
        fine.ShouldNotBeNull();
    }

    [Fact]
    public async Task While_a_provider_account_can_not_be_read_all_its_disks_are_stuck()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        mooring.Disks.Calls.Fail("List", () => new UnreachableException("the line is dead"));
        await mooring.SweepAsync();
        mooring.Time.Advance(TimeSpan.FromMinutes(6));

        var stuck = (await GetAsync(mooring, "/stuck")).ShouldBe(200).Data.ShouldHaveSingleItem();
        var explained = await ExplainAsync(mooring, "disks", disk);

        (stuck["id"]!.GetValue<string>(), stuck["status"]!.GetValue<string>()).ShouldBe((disk, "UNKNOWN"));
        stuck["since"]!.GetValue<string>().ShouldBe("2025-11-07T21:07:15.183000");
        explained["reason"]!.GetValue<string>().ShouldBe("the line is dead");
        explained["provider"]!["unreadableReason"]!.GetValue<string>().ShouldBe("the line is dead");
        Words(explained).ShouldContain($"mooring disks retry {disk}");
        (await PostAsync(mooring, $"/disks/{disk}/retry")).ShouldBe(200);
    }

    // A reconciler that had not begun to wait when the time was advanced waits until its next poll.
    private static async Task<bool> TellsAsync(TestMooring mooring, string id, string collection)
    {
        mooring.Time.Advance(TimeSpan.FromSeconds(1));
        return (await EventsAsync(mooring, id, collection)).Contains("OVERDUE");
    }

    private static async Task<JsonObject> ExplainAsync(TestMooring mooring, string collection, string id) =>
        (await GetAsync(mooring, $"/{collection}/{id}/explain")).ShouldBe(200).Object;

    private static string Words(JsonObject explained)
    {
        var words = explained["youCan"]!.AsArray().Select(sentence => sentence!.GetValue<string>()).ToList();
        words.ShouldAllBe(sentence => sentence.EndsWith('.'));
        return string.Join(' ', words);
    }
}
