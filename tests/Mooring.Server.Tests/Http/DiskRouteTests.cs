using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>/disks, with a provider that is quick, slow, or fails (contract, section 4, 15 and 16).</summary>
public sealed class DiskRouteTests
{
    private const string Body = """{"disk":{"size":10,"name":"data"},"provider":{"type":"hyperstack"}}""";

    [Fact]
    public async Task Creating_answers_PROVISIONING_although_the_provider_is_done_at_once()
    {
        await using var mooring = await TestMooring.StartAsync();

        foreach (var _ in Enumerable.Range(0, 20))
        {
            (await mooring.PostAsync("/disks/", Body)).ShouldBe(201).Object["status"]!.GetValue<string>().ShouldBe("PROVISIONING");
        }
    }

    [Fact]
    public async Task Creating_does_not_wait_for_the_provider()
    {
        await using var mooring = await TestMooring.StartAsync();
        var gate = mooring.Disks.Calls.Hold("EnsureCreated");

        var id = (await mooring.PostAsync("/disks/", Body)).ShouldBe(201).Id;
        await Eventually.EndsAsync(gate.Reached);
        (await mooring.GetAsync("/disks/" + id)).Object["status"]!.GetValue<string>().ShouldBe("PROVISIONING");
        gate.Open();

        await mooring.ShowsAsync("/disks/" + id, "ACTIVE");
    }

    [Fact]
    public async Task What_the_provider_refuses_for_good_is_an_ERROR_that_can_be_deleted()
    {
        await using var mooring = await TestMooring.StartAsync();
        mooring.Disks.Calls.Fail("EnsureCreated", () => new RefusedException("The quota of this project is used up."));

        var id = (await mooring.PostAsync("/disks/", Body)).ShouldBe(201).Id;
        await mooring.ShowsAsync("/disks/" + id, "ERROR");

        // Why, an instance that wants it is told.
        (await mooring.PostAsync("/pods/", TestMooring.PodBody(id))).ShouldRefuse(409, "quota", "Delete it");
        (await mooring.DeleteAsync("/disks/" + id)).ShouldBeJson("""{"status":"TERMINATED"}""");
    }

    [Fact]
    public async Task Renaming_during_a_step_neither_fails_nor_is_lost()
    {
        await using var mooring = await TestMooring.StartAsync();
        var gate = mooring.Disks.Calls.Hold("EnsureCreated");
        var id = (await mooring.PostAsync("/disks/", Body)).ShouldBe(201).Id;
        await Eventually.EndsAsync(gate.Reached);

        (await mooring.PatchAsync("/disks/" + id, """{"name":"renamed"}""")).ShouldBe(200);
        gate.Open();

        await mooring.ShowsAsync("/disks/" + id, "ACTIVE");
        (await mooring.GetAsync("/disks/" + id)).Object["name"]!.GetValue<string>().ShouldBe("renamed");
    }

    [Fact]
    public async Task A_name_may_have_255_characters_of_any_script()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync();
        var name = string.Concat(Enumerable.Repeat("мір", 84)) + "'\"\\<";

        (await mooring.PatchAsync("/disks/" + id, System.Text.Json.JsonSerializer.Serialize(new { name = name[..255] }))).ShouldBe(200)
            .Object["name"]!.GetValue<string>().ShouldBe(name[..255]);
        (await mooring.PatchAsync("/disks/" + id, System.Text.Json.JsonSerializer.Serialize(new { name }))).ShouldFault("name");
    }

    [Fact]
    public async Task Deleting_twice_says_the_same_twice_and_so_does_deleting_at_once()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => mooring.DeleteAsync("/disks/" + id)));
        var again = await mooring.DeleteAsync("/disks/" + id);

        replies.ShouldAllBe(reply => reply.Status == 200);
        replies.Select(reply => reply.Object["status"]!.GetValue<string>()).ShouldAllBe(status => status == "TERMINATED");
        again.ShouldBe(200).ShouldBeJson("""{"status":"TERMINATED"}""");
        mooring.Disks.Disks.ShouldBeEmpty();
        (await mooring.ReadAsync(db => db.Events.CountAsync(one => one.What == Server.Ledger.Happened.DeleteAccepted))).ShouldBe(1);
    }

    [Fact]
    public async Task Deleting_answers_DELETING_when_its_end_does_not_come_in_two_seconds()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync();
        var gate = mooring.Disks.Calls.Hold("EnsureDeleted");

        var reply = mooring.DeleteAsync("/disks/" + id);
        await Eventually.EndsAsync(gate.Reached);
        mooring.Time.Advance(TimeSpan.FromMilliseconds(1_900));
        reply.IsCompleted.ShouldBeFalse();
        await Eventually.HoldsAsync(
            () =>
            {
                mooring.Time.Advance(TimeSpan.FromMilliseconds(100));
                return reply.IsCompleted;
            },
            "the wait ends");

        (await reply).ShouldBe(200).ShouldBeJson("""{"status":"DELETING"}""");
        (await mooring.GetAsync("/disks/" + id)).Object["status"]!.GetValue<string>().ShouldBe("DELETING");
        (await mooring.GetAsync("/disks/")).Data.Count.ShouldBe(1);
        gate.Open();
        await mooring.ShowsAsync("/disks/" + id, "TERMINATED");
    }

    [Fact]
    public async Task Deleting_answers_as_soon_as_the_disk_is_gone()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync();
        var gate = mooring.Disks.Calls.Hold("EnsureDeleted");

        var reply = mooring.DeleteAsync("/disks/" + id);
        await Eventually.EndsAsync(gate.Reached);
        gate.Open();

        // The clock has not moved: nothing but the end itself ended the wait.
        (await Eventually.EndsAsync(reply)).ShouldBeJson("""{"status":"TERMINATED"}""");
    }

    [Fact]
    public async Task A_disk_can_be_deleted_while_it_is_being_made()
    {
        await using var mooring = await TestMooring.StartAsync();
        var gate = mooring.Disks.Calls.Hold("EnsureCreated");
        var id = (await mooring.PostAsync("/disks/", Body)).ShouldBe(201).Id;
        await Eventually.EndsAsync(gate.Reached);

        var reply = mooring.DeleteAsync("/disks/" + id);
        await mooring.ShowsAsync("/disks/" + id, "DELETING");
        gate.Open();

        (await Eventually.EndsAsync(reply)).ShouldBeJson("""{"status":"TERMINATED"}""");
        mooring.Disks.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_an_instance_holds_is_not_deleted()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        var before = await mooring.SnapshotAsync();

        (await mooring.DeleteAsync("/disks/" + disk)).ShouldRefuse(409, disk, pod, "Terminate");

        (await mooring.SnapshotAsync()).ShouldBe(before);
        (await mooring.GetAsync("/disks/" + disk)).Object["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        mooring.Disks.Disks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task While_it_is_being_detached_it_is_PENDING_held_and_not_deleted()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var pod = await mooring.CreatePodAsync(disk);
        var gate = mooring.Agent.Calls.Hold("EnsureUnmounted");

        (await mooring.DeleteAsync("/pods/" + pod)).ShouldBeJson("""{"status":"DELETING"}""");
        await Eventually.EndsAsync(gate.Reached);
        var shown = (await mooring.GetAsync("/disks/" + disk)).Object;
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldRefuse(409, pod);
        (await mooring.PostAsync("/pods/", TestMooring.PodBody(disk))).ShouldRefuse(409, pod);

        shown["status"]!.GetValue<string>().ShouldBe("PENDING");
        shown["pods"]!.AsArray().Select(id => id!.GetValue<string>()).ShouldBe([pod]);
        gate.Open();
        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        (await mooring.GetAsync("/disks/" + disk)).Object["pods"]!.AsArray().ShouldBeEmpty();
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldBeJson("""{"status":"TERMINATED"}""");
    }

    [Fact]
    public async Task A_disk_whose_data_went_missing_is_an_ERROR_and_not_gone()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync();
        mooring.Disks.Disks.Clear();
        await MoveUntilAsync(mooring, "/disks/" + id, "ERROR");

        (await mooring.GetAsync("/disks/")).Data.Count.ShouldBe(1);
        (await mooring.PostAsync("/pods/", TestMooring.PodBody(id))).ShouldRefuse(409, "missing");
    }

    [Fact]
    public async Task A_disk_whose_provider_can_not_be_read_for_five_minutes_shows_UNKNOWN_until_it_can()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync();
        mooring.Disks.Calls.Fail("List", () => new UnreachableException("no route to the provider"));
        await MoveUntilAsync(
            mooring,
            async () => await mooring.ReadAsync(db => db.ProviderAccounts.CountAsync(row => row.UnreadableSince != null)) == 1);
        var since = await mooring.ReadAsync(db => db.ProviderAccounts.Select(row => row.UnreadableSince).SingleAsync());

        mooring.Time.SetUtcNow(since!.Value.AddMinutes(5));
        (await mooring.GetAsync("/disks/" + id)).Object["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        mooring.Time.Advance(TimeSpan.FromMicroseconds(1));
        (await mooring.GetAsync("/disks/" + id)).Object["status"]!.GetValue<string>().ShouldBe("UNKNOWN");
        (await mooring.GetAsync("/disks/")).Data.Single()["status"]!.GetValue<string>().ShouldBe("UNKNOWN");
        (await mooring.PostAsync("/pods/", TestMooring.PodBody(id))).ShouldRefuse(409, "UNKNOWN", "no route to the provider");
        (await mooring.PatchAsync("/disks/" + id, """{"name":"renamed"}""")).ShouldBe(200);

        mooring.Disks.Calls.Heal("List");
        await MoveUntilAsync(mooring, "/disks/" + id, "ACTIVE");
    }

    [Fact]
    public async Task One_disk_that_can_not_be_read_shows_UNKNOWN_and_the_others_do_not()
    {
        await using var mooring = await TestMooring.StartAsync();
        var lost = await mooring.CreateDiskAsync("lost");
        var fine = await mooring.CreateDiskAsync("fine");
        mooring.Disks.Disks.TryRemove(mooring.Disks.Disks.Keys.Single(name => name.EndsWith(lost, StringComparison.Ordinal)), out var data);
        mooring.Disks.Calls.Fail("Observe", () => new UnreachableException("half of the shelf is dark"));
        await MoveUntilAsync(mooring, "/disks/" + lost, "UNKNOWN");

        (await mooring.GetAsync("/disks/" + fine)).Object["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        mooring.Disks.Disks[data!.Name] = data;
        mooring.Disks.Calls.Heal("Observe");
        await MoveUntilAsync(mooring, "/disks/" + lost, "ACTIVE");
    }

    [Fact]
    public async Task Thirty_two_creates_at_once_do_not_oversell_the_last_GB()
    {
        await using var mooring = await TestMooring.StartAsync(
            mooring => mooring.Disks.Offers = [ScriptedDisks.PooledOffer(100)]);

        var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => mooring.PostAsync("/disks/", Body)));

        replies.Count(reply => reply.Status == 201).ShouldBe(10);
        replies.Where(reply => reply.Status != 201).ShouldAllBe(reply => reply.ShouldRefuse(409, "no room").Length > 0);
        await Eventually.HoldsAsync(() => mooring.Disks.Disks.Count == 10, "the ten are made");
        mooring.Disks.Disks.Values.ShouldAllBe(disk => disk.Size == ByteSize.FromGiB(10));
    }

    [Fact]
    public async Task A_server_that_is_started_again_goes_on_with_what_it_was_at()
    {
        await using var mooring = await TestMooring.StartAsync();
        var gate = mooring.Disks.Calls.Hold("EnsureCreated");
        var id = (await mooring.PostAsync("/disks/", Body)).ShouldBe(201).Id;
        await Eventually.EndsAsync(gate.Reached);

        // Stopping cuts the call off: what became of it is not known.
        mooring.Disks.Calls.Heal("EnsureCreated");
        await mooring.RestartAsync();

        await mooring.ShowsAsync("/disks/" + id, "ACTIVE");
        mooring.Disks.Disks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_left_of_a_disk_that_is_gone_is_removed()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync();
        var data = mooring.Disks.Disks.Values.Single();
        (await mooring.DeleteAsync("/disks/" + id)).ShouldBeJson("""{"status":"TERMINATED"}""");
        var other = new RemoteDisk("somebody-elses", null, ByteSize.FromGiB(1), RemoteDiskState.Ready);
        mooring.Disks.Disks[data.Name] = data;
        mooring.Disks.Disks[other.Name] = other;

        await MoveUntilAsync(mooring, () => Task.FromResult(!mooring.Disks.Disks.ContainsKey(data.Name)));

        mooring.Disks.Disks.Values.ShouldBe([other]);
        (await mooring.GetAsync("/disks/" + id)).Object["status"]!.GetValue<string>().ShouldBe("TERMINATED");
    }

    private static Task MoveUntilAsync(TestMooring mooring, string path, string status) => MoveUntilAsync(
        mooring, async () => (await mooring.GetAsync(path)).Object["status"]!.GetValue<string>() == status);

    private static Task MoveUntilAsync(TestMooring mooring, Func<Task<bool>> condition) => Eventually.HoldsAsync(
        async () =>
        {
            if (await condition())
            {
                return true;
            }

            mooring.Time.Advance(TimeSpan.FromSeconds(20));
            return false;
        },
        "it becomes so as time passes");
}
