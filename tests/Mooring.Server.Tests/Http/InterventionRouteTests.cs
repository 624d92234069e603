using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Accounts;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>retry, suspend, resume and force-detach under /api/mooring/v1.</summary>
public sealed class InterventionRouteTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suspended_disk_rests_until_it_is_resumed()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();

        var suspended = (await PostAsync(mooring, $"/disks/{disk}/suspend")).ShouldBe(200).Object;
        suspended.Select(member => member.Key).ShouldBe(["id", "status", "did"]);
        (suspended["id"]!.GetValue<string>(), suspended["status"]!.GetValue<string>()).ShouldBe((disk, "STOPPED"));
        (await mooring.GetAsync("/disks/" + disk)).Object["status"]!.GetValue<string>().ShouldBe("STOPPED");
        (await mooring.PostAsync("/pods/", TestMooring.PodBody(disk))).ShouldRefuse(409, "STOPPED", "resume");
        (await PostAsync(mooring, $"/disks/{disk}/suspend")).ShouldBe(200);

        var resumed = (await PostAsync(mooring, $"/disks/{disk}/resume")).ShouldBe(200).Object;
        resumed["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        await mooring.CreatePodAsync(disk);
        (await mooring.ReadAsync(db => db.UsageSpans.Where(span => span.ResourceId == disk && span.To == null)
            .CountAsync(Ct))).ShouldBe(1);
    }

    [Fact]
    public async Task A_disk_that_is_held_is_not_suspended()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);

        (await PostAsync(mooring, $"/disks/{disk}/suspend")).ShouldRefuse(409, disk, pod);
    }

    [Fact]
    public async Task A_creation_that_was_refused_is_tried_again_under_the_same_name()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Calls.Fail("EnsureCreated", () => new RefusedException("not today")));
        var disk = (await mooring.PostAsync(
            "/disks/", """{"disk":{"size":10},"provider":{"type":"hyperstack"}}""")).ShouldBe(201).Id;
        await mooring.ShowsAsync("/disks/" + disk, "ERROR");
        mooring.Disks.Calls.Heal("EnsureCreated");

        var retried = (await PostAsync(mooring, $"/disks/{disk}/retry")).ShouldBe(200).Object;

        retried["status"]!.GetValue<string>().ShouldBe("PROVISIONING");
        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        mooring.Disks.Calls.Made
            .Where(call => call.StartsWith("EnsureCreated", StringComparison.Ordinal))
            .Distinct()
            .ShouldHaveSingleItem();
        (await PostAsync(mooring, $"/disks/{disk}/retry")).ShouldRefuse(409, "nothing to retry");
    }

    [Fact]
    public async Task Data_that_was_missing_is_active_again_once_it_is_back_and_never_made_anew()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var (name, data) = mooring.Disks.Disks.Single();
        mooring.Disks.Disks.Clear();
        await mooring.SweepAsync();
        await mooring.ShowsAsync("/disks/" + disk, "ERROR");

        (await PostAsync(mooring, $"/disks/{disk}/retry")).ShouldBe(200).Object["did"]![0]!.GetValue<string>()
            .ShouldContain("not made anew");
        await Eventually.HoldsAsync(
            async () => (await EventsAsync(mooring, disk)).Contains("RETRIED FAILED"), "the retry ends");
        mooring.Disks.Disks.ShouldBeEmpty();
        mooring.Disks.Disks[name] = data;
        (await PostAsync(mooring, $"/disks/{disk}/retry")).ShouldBe(200);

        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        mooring.Disks.Calls.CountOf("EnsureCreated").ShouldBe(1);
    }

    [Fact]
    public async Task What_waits_with_back_off_is_tried_now()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Calls.Fail("EnsureCreated", () => new OutOfStockException("none left")));
        var disk = (await mooring.PostAsync(
            "/disks/", """{"disk":{"size":10},"provider":{"type":"hyperstack"}}""")).ShouldBe(201).Id;
        await Eventually.HoldsAsync(
            async () => (await EventsAsync(mooring, disk)).Contains("STEP_FAILED"), "it waits");
        mooring.Disks.Calls.Heal("EnsureCreated");

        // The server's clock stands still: without the retry it would wait for ever.
        (await PostAsync(mooring, $"/disks/{disk}/retry")).ShouldBe(200);

        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
    }

    [Fact]
    public async Task A_forced_detach_ends_the_holder_and_gives_the_disk_away_only_when_the_host_has_let_go()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        var gate = mooring.Agent.Calls.Hold("EnsureUnmounted");

        var did = (await PostAsync(mooring, $"/disks/{disk}/force-detach")).ShouldBe(200).Object;

        did["status"]!.GetValue<string>().ShouldBe("PENDING");
        did["did"]!.AsArray().Select(words => words!.GetValue<string>()).ShouldContain(words => words.Contains(pod));
        await gate.Reached.WaitAsync(Ct);
        (await mooring.PostAsync("/pods/", TestMooring.PodBody(disk))).ShouldRefuse(409, pod);
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldRefuse(409, pod);
        gate.Open();
        await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        await mooring.CreatePodAsync(disk);
    }

    [Fact]
    public async Task A_forced_detach_of_a_shared_disk_ends_all_its_holders()
    {
        await using var mooring = await TestMooring.StartAsync(mooring => mooring.Disks.Offers =
            [ScriptedDisks.PageOffer with { CloudId = "shared", IsMultinode = true }]);
        var disk = await mooring.CreateDiskAsync(cloudId: "shared");
        string[] pods = [await mooring.CreatePodAsync(disk), await mooring.CreatePodAsync(disk)];

        (await PostAsync(mooring, $"/disks/{disk}/force-detach")).ShouldBe(200);

        foreach (var pod in pods)
        {
            await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
        }

        (await PostAsync(mooring, $"/disks/{disk}/force-detach")).ShouldRefuse(409, "nothing to detach");
    }

    [Fact]
    public async Task A_retried_disk_in_transit_has_its_instance_tried_now()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        mooring.Agent.Calls.Fail("EnsureUnmounted", () => new UnreachableException("gone fishing"));
        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBe(200);
        await Eventually.HoldsAsync(
            async () => (await EventsAsync(mooring, pod, "pods")).Contains("STEP_FAILED"), "it waits");
        mooring.Agent.Calls.Heal("EnsureUnmounted");

        (await PostAsync(mooring, $"/disks/{disk}/retry")).ShouldBe(200).Object["did"]![0]!.GetValue<string>()
            .ShouldContain(pod);

        await mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
        (await PostAsync(mooring, $"/pods/{pod}/retry")).ShouldRefuse(409, "gone for good");
    }

    [Fact]
    public async Task An_instance_that_waits_is_tried_now()
    {
        await using var mooring = await TestMooring.StartAsync();
        mooring.Agent.Calls.Fail("EnsureRunning", () => new UnreachableException("gone fishing"));
        var pod = (await mooring.PostAsync("/pods/", TestMooring.PodBody())).ShouldBe(200).Id;
        await Eventually.HoldsAsync(
            async () => (await EventsAsync(mooring, pod, "pods")).Contains("STEP_FAILED"), "it waits");
        mooring.Agent.Calls.Heal("EnsureRunning");

        var retried = (await PostAsync(mooring, $"/pods/{pod}/retry")).ShouldBe(200).Object;

        retried["status"]!.GetValue<string>().ShouldBe("PROVISIONING");
        await mooring.ShowsAsync("/pods/" + pod, "ACTIVE");
        (await PostAsync(mooring, $"/pods/{pod}/retry")).ShouldRefuse(409, "nothing to retry");
    }

    [Fact]
    public async Task Others_disks_and_pods_are_not_there_and_permissions_are_asked_for()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        var stranger = await mooring.MintStrangerAsync();
        var reader = await mooring.MintKeyAsync(
            ApiKey.Permit((Section.Disks, Access.Read), (Section.Instances, Access.Read)));
        var disksOnly = await mooring.MintKeyAsync(ApiKey.Permit((Section.Disks, Access.Read | Access.Write)));
        foreach (var verb in new[] { "retry", "suspend", "resume", "force-detach" })
        {
            (await PostAsync(mooring, $"/disks/{disk}/{verb}", stranger)).ShouldRefuse(404, disk);
            (await PostAsync(mooring, $"/disks/nonsense/{verb}")).ShouldRefuse(404, "nonsense");
            (await PostAsync(mooring, $"/disks/{disk}/{verb}", reader)).ShouldRefuse(403, "Disks");
            (await PostAsync(mooring, $"/disks/{disk}/{verb}", "")).ShouldRefuse(401);
        }

        (await PostAsync(mooring, $"/disks/{disk}/force-detach", disksOnly)).ShouldRefuse(403, "Instances");
        (await PostAsync(mooring, $"/pods/{pod}/retry", stranger)).ShouldRefuse(404, pod);
        (await PostAsync(mooring, $"/pods/{pod}/retry", reader)).ShouldRefuse(403, "Instances");
        foreach (var path in new[] { $"/disks/{disk}", $"/pods/{pod}" })
        {
            (await GetAsync(mooring, path + "/events", stranger)).ShouldRefuse(404);
            (await GetAsync(mooring, path + "/explain", stranger)).ShouldRefuse(404);
            (await GetAsync(mooring, path + "/explain", reader)).ShouldBe(200);
        }

        (await GetAsync(mooring, "/stuck", disksOnly)).ShouldRefuse(403, "Instances");
    }

    internal static Task<Reply> PostAsync(TestMooring mooring, string path, string? key = null) =>
        mooring.SendAsync("POST", "/api/mooring/v1" + path, key: key);

    internal static Task<Reply> GetAsync(TestMooring mooring, string path, string? key = null) =>
        mooring.SendAsync("GET", "/api/mooring/v1" + path, key: key);

    /// <summary>The names of what has happened, in order.</summary>
    internal static async Task<string> EventsAsync(TestMooring mooring, string id, string collection = "disks") =>
        string.Join(
            ' ',
            (await GetAsync(mooring, $"/{collection}/{id}/events?limit=500")).ShouldBe(200).Data
                .Select(happened => happened["what"]!.GetValue<string>()));
}
