using Mooring.Providers;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>What a delete would lose, told before it is asked for; and the flag that keeps it from being accepted.
/// </summary>
public sealed class DeletionRouteTests
{
    private const string Native = "/api/mooring/v1/disks/";

    [Fact]
    public async Task A_disk_whose_deletion_is_forbidden_is_deleted_only_when_that_is_lifted()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();

        (await PatchAsync(mooring, disk, "true")).ShouldBeJson($$"""{"id":"{{disk}}","forbidDeletion":true}""");
        var before = await mooring.SnapshotAsync();
        (await mooring.DeleteAsync("/disks/" + disk))
            .ShouldRefuse(
                409, $"mooring disks unprotect {disk}", $"PATCH {Native}{disk}", """{"forbidDeletion":false}""");
        (await mooring.SnapshotAsync()).ShouldBe(before);
        (await PatchAsync(mooring, disk, "true")).ShouldBe(200);
        (await mooring.SnapshotAsync()).ShouldBe(before, "to forbid what is forbidden changes nothing");

        (await PatchAsync(mooring, disk, "false")).ShouldBeJson($$"""{"id":"{{disk}}","forbidDeletion":false}""");
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldBeJson("""{"status":"TERMINATED"}""");
        (await PatchAsync(mooring, disk, "true")).ShouldRefuse(409, "TERMINATED");
    }

    [Fact]
    public async Task Both_are_in_the_history_and_the_explanation_says_which_holds()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        (await PatchAsync(mooring, disk, "true")).ShouldBe(200);

        var explained = (await mooring.SendAsync("GET", $"{Native}{disk}/explain")).ShouldBe(200);
        (await PatchAsync(mooring, disk, "false")).ShouldBe(200);

        explained.Object["forbidDeletion"]!.GetValue<bool>().ShouldBeTrue();
        explained.Text.ShouldContain($"mooring disks unprotect {disk}");
        explained.Text.ShouldNotContain($"mooring disks delete {disk}");
        var after = (await mooring.SendAsync("GET", $"{Native}{disk}/explain")).ShouldBe(200);
        after.Object["forbidDeletion"]!.GetValue<bool>().ShouldBeFalse();
        after.Text.ShouldContain($"mooring disks delete {disk}");
        (await mooring.SendAsync("GET", $"{Native}{disk}/events")).Data
            .Select(happened => happened["what"]!.GetValue<string>())
            .ShouldBe(["CREATED", "READY", "DELETION_FORBIDDEN", "DELETION_ALLOWED"]);
    }

    [Fact]
    public async Task The_disk_of_the_compatible_api_has_no_new_member()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var before = (await mooring.GetAsync("/disks/" + disk)).Object.Select(member => member.Key).ToList();
        (await PatchAsync(mooring, disk, "true")).ShouldBe(200);

        (await mooring.GetAsync("/disks/" + disk)).Object.Select(member => member.Key).ShouldBe(before);
        (await mooring.PatchAsync("/disks/" + disk, """{"name":"n","forbidDeletion":false}""")).Status
            .ShouldBeOneOf(200, 422);
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldRefuse(409, "forbidden");
    }

    [Fact]
    public async Task Says_what_a_delete_would_lose_to_the_last_digit()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync(size: 10);
        mooring.Time.Advance(TimeSpan.FromMicroseconds(3_600_002_400));

        var unused = (await PreviewAsync(mooring, disk)).Object;
        var pod = await mooring.CreatePodAsync(disk);
        var held = (await PreviewAsync(mooring, disk)).Object;
        var refused = (await mooring.DeleteAsync("/disks/" + disk)).ShouldRefuse(409, pod);
        await mooring.EndPodsAsync();
        await mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        var free = (await PreviewAsync(mooring, disk)).Object;

        // 10 GB at 0.00015 USD an hour, for an hour and 2.4 ms.
        unused["costUsd"]!.GetValue<decimal>().ShouldBe(0.001500001m);
        unused["priceHr"]!.GetValue<decimal>().ShouldBe(0.0015m);
        unused["usedBytes"]!.GetValue<long>().ShouldBe(5 << 20);
        unused["wouldBeAccepted"]!.GetValue<bool>().ShouldBeTrue();
        unused["refusal"].ShouldBeNull();
        unused["lastAttachedAt"].ShouldBeNull();
        held["wouldBeAccepted"]!.GetValue<bool>().ShouldBeFalse();
        held["refusal"]!.GetValue<string>().ShouldBe(refused);
        held["holders"]!.AsArray().Single()!["podId"]!.GetValue<string>().ShouldBe(pod);
        held["lastAttachedAt"].ShouldNotBeNull();
        held["lastReleasedAt"].ShouldBeNull();
        free["wouldBeAccepted"]!.GetValue<bool>().ShouldBeTrue();
        free["lastReleasedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task What_can_not_be_known_is_told_in_words_and_keeps_nothing_waiting()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();

        mooring.Disks.Calls.Fail("ReadUsed", () => new UnreachableException("no route to the shelf"));
        var unreadable = (await PreviewAsync(mooring, disk)).Object;
        mooring.Disks.Calls.Heal("ReadUsed");
        var gate = mooring.Disks.Calls.Hold("ReadUsed");
        var asked = PreviewAsync(mooring, disk);
        await Eventually.EndsAsync(gate.Reached);
        mooring.Time.Advance(TimeSpan.FromSeconds(3));
        var late = (await asked).Object;
        gate.Open();

        unreadable["usedBytes"].ShouldBeNull();
        unreadable["usedWords"]!.GetValue<string>().ShouldContain("no route to the shelf");
        late["usedBytes"].ShouldBeNull();
        late["usedWords"]!.GetValue<string>().ShouldContain("within 2 seconds");
    }

    [Fact]
    public async Task What_is_gone_takes_up_no_room_and_has_its_cost()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        mooring.Time.Advance(TimeSpan.FromHours(2));
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldBeJson("""{"status":"TERMINATED"}""");

        var gone = (await PreviewAsync(mooring, disk)).Object;

        gone["status"]!.GetValue<string>().ShouldBe("TERMINATED");
        gone["usedBytes"].ShouldBeNull();
        gone["costUsd"]!.GetValue<decimal>().ShouldBe(0.003m);
        gone["priceHr"].ShouldBeNull();
        gone["wouldBeAccepted"]!.GetValue<bool>().ShouldBeTrue("a repeated delete is accepted");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"forbidDeletion":null}""")]
    public async Task What_shall_be_has_to_be_said(string body)
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();

        (await mooring.SendAsync("PATCH", Native + disk, body)).ShouldFault("forbidDeletion");
    }

    [Fact]
    public async Task Somebody_elses_disk_is_none()
    {
        await using var mooring = await TestMooring.StartAsync();
        var disk = await mooring.CreateDiskAsync();
        var stranger = await mooring.MintStrangerAsync();

        (await mooring.SendAsync("GET", $"{Native}{disk}/deletion", key: stranger)).ShouldRefuse(404, disk);
        (await mooring.SendAsync("PATCH", Native + disk, """{"forbidDeletion":true}""", stranger))
            .ShouldRefuse(404, disk);
        (await mooring.DeleteAsync("/disks/" + disk)).ShouldBe(200);
    }

    private static Task<Reply> PatchAsync(TestMooring mooring, string disk, string forbid) =>
        mooring.SendAsync("PATCH", Native + disk, $$"""{"forbidDeletion":{{forbid}}}""");

    private static async Task<Reply> PreviewAsync(TestMooring mooring, string disk) =>
        (await mooring.SendAsync("GET", $"{Native}{disk}/deletion")).ShouldBe(200);
}
