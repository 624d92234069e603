using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Inventory;

/// <summary>
/// Which of what a provider has is which disk of ours: its id says so. What only bears a disk's name is told, and
/// deleted only where the records say that it is no other disk's (ADR 0015).
/// </summary>
public abstract class IdentityTests(Backend backend) : IAsyncLifetime
{
    private const string Route = "/api/mooring/v1/inventory";
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(backend: backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_whose_names_were_swapped_each_is_told_and_none_is_deleted_for_the_other()
    {
        var (first, second) = (await CreateAsync(), await CreateAsync());
        Swap(first.Name, second.Name);

        await Mooring.SweepAsync();
        (await FindingsAsync()).Select(KindOf).ShouldBe(["renamed", "renamed"]);

        var deleted = Mooring.DeleteAsync("/disks/" + first.Id);
        await Eventually.HoldsAsync(
            async () => (await ExplainAsync(first.Id)).Contains(second.Id), "who it is is told");
        (await ExplainAsync(first.Id)).ShouldContain("Names were changed there");
        await Mooring.ShowsAsync("/disks/" + first.Id, "DELETING");
        await Mooring.ShowsAsync("/disks/" + second.Id, "ACTIVE");
        Mooring.Disks.Disks.Count.ShouldBe(2);

        Swap(first.Name, second.Name);
        // It may have been tried again already.
        await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{first.Id}/retry");
        await Mooring.ShowsAsync("/disks/" + first.Id, "TERMINATED");
        (await deleted).ShouldBe(200);
        await Mooring.SweepAsync();
        await Mooring.ShowsAsync("/disks/" + second.Id, "ACTIVE");
        Mooring.Disks.Disks.Keys.ShouldBe([second.Name]);
        (await FindingsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_bears_the_name_of_a_disk_that_is_gone_is_not_taken_for_it()
    {
        var disk = await CreateAsync();
        Mooring.Disks.Change(disk.Name, there => there with { RemoteId = "another" });

        await Mooring.SweepAsync();

        await Mooring.ShowsAsync("/disks/" + disk.Id, "ERROR");
        (await ExplainAsync(disk.Id)).ShouldContain("its id there is another");
        (await FindingsAsync()).Select(KindOf).ShouldBe(["double_disk"]);

        // It stays so, and is no news each minute.
        await Mooring.SweepAsync();
        await Mooring.SettleAsync();
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk.Id}/events")).ShouldBe(200).Text
            .ShouldNotContain("FOUND");
        (await Mooring.DeleteAsync("/disks/" + disk.Id)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk.Id, "TERMINATED");
        Mooring.Disks.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_takes_the_place_of_a_disk_in_ERROR_is_not_billed_for_it()
    {
        var disk = await CreateAsync();
        Mooring.Disks.Change(disk.Name, there => there with { State = RemoteDiskState.Failed });
        await Mooring.SweepAsync();
        await Mooring.ShowsAsync("/disks/" + disk.Id, "ERROR");

        Mooring.Disks.Change(disk.Name, there => there with { RemoteId = "restored", State = RemoteDiskState.Ready });
        await Mooring.SweepAsync();
        await Mooring.SettleAsync();
        (await Mooring.ReadAsync(db => db.UsageSpans.AnyAsync(span => span.To == null))).ShouldBeFalse();

        // Each further list finds the same, and gives no reason to look again.
        var looks = Mooring.Disks.Calls.CountOf("Observe");
        await Mooring.SweepAsync();
        await Mooring.SettleAsync();
        Mooring.Disks.Calls.CountOf("Observe").ShouldBe(looks);
        (await FindingsAsync()).Select(KindOf).ShouldBe(["double_disk"]);
    }

    [Fact]
    public async Task A_disk_that_bears_another_disks_name_is_not_told_gone_when_it_is_deleted()
    {
        var (first, second) = (await CreateAsync(), await CreateAsync());
        (await Mooring.DeleteAsync("/disks/" + second.Id)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + second.Id, "TERMINATED");
        Mooring.Disks.Change(first.Name, there => there with { Name = second.Name });

        var deleted = Mooring.DeleteAsync("/disks/" + first.Id);
        await Eventually.HoldsAsync(
            async () => (await ExplainAsync(first.Id)).Contains(second.Name), "the contradiction is told");
        await Mooring.SweepAsync();
        await Mooring.ShowsAsync("/disks/" + first.Id, "DELETING");
        Mooring.Disks.Disks.Count.ShouldBe(1);

        Mooring.Disks.Change(first.Name, there => there with { Name = first.Name });
        await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{first.Id}/retry");
        await Mooring.ShowsAsync("/disks/" + first.Id, "TERMINATED");
        (await deleted).ShouldBe(200);
        Mooring.Disks.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_double_is_listed_with_its_cost_and_goes_with_the_disk()
    {
        var disk = await CreateAsync();
        Plant("double", disk.Name);

        await Mooring.SweepAsync();

        var finding = (await FindingsAsync()).ShouldHaveSingleItem();
        KindOf(finding).ShouldBe("double_disk");
        finding["remoteId"]!.GetValue<string>().ShouldBe("double");
        finding["costHr"]!.GetValue<decimal>().ShouldBe(0.0015m);
        await Mooring.ShowsAsync("/disks/" + disk.Id, "ACTIVE");

        (await Mooring.DeleteAsync("/disks/" + disk.Id)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk.Id, "TERMINATED");
        Mooring.Disks.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_double_that_was_registered_is_a_disk_of_its_own()
    {
        var disk = await CreateAsync();
        Plant("double", disk.Name);
        await Mooring.SweepAsync();

        var second = (await AdoptAsync(await Mooring.ProviderAccountIdAsync(), "double")).ShouldBe(201).Id;
        await Mooring.SettleAsync();
        await Mooring.SweepAsync();
        (await FindingsAsync()).ShouldBeEmpty();

        (await Mooring.DeleteAsync("/disks/" + disk.Id)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk.Id, "TERMINATED");
        await Mooring.SweepAsync();
        await Mooring.ShowsAsync("/disks/" + second, "ACTIVE");
        Mooring.Disks.Disks.Keys.ShouldBe(["double"]);

        (await Mooring.DeleteAsync("/disks/" + second)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + second, "TERMINATED");
        Mooring.Disks.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stray_under_the_name_of_what_is_gone_is_removed_whatever_its_id()
    {
        var disk = await CreateAsync();
        (await Mooring.DeleteAsync("/disks/" + disk.Id)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk.Id, "TERMINATED");
        Plant("late", disk.Name);

        await Mooring.SweepAsync();
        await Mooring.SettleAsync();

        Mooring.Disks.Disks.ShouldBeEmpty();
        (await FindingsAsync()).ShouldBeEmpty();
    }

    private void Swap(string one, string other)
    {
        var (first, second) = (Mooring.Disks.Disks[one].Name, Mooring.Disks.Disks[other].Name);
        Mooring.Disks.Change(one, there => there with { Name = second });
        Mooring.Disks.Change(other, there => there with { Name = first });
    }

    private void Plant(string id, string name) => Mooring.Disks.Disks[id] =
        new RemoteDisk(name, id, ByteSize.FromGiB(10), RemoteDiskState.Ready);

    private static string KindOf(JsonNode? finding) => finding!["kind"]!.GetValue<string>();

    private async Task<IReadOnlyList<JsonNode>> FindingsAsync() =>
        [.. (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Data.OfType<JsonNode>()];

    private async Task<string> ExplainAsync(string disk) =>
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk}/explain")).ShouldBe(200).Text;

    private Task<Reply> AdoptAsync(string account, string remoteId) => Mooring.SendAsync(
        "POST", Route + "/adopt", $$"""{"providerAccountId":"{{account}}","remoteId":"{{remoteId}}"}""");

    private async Task<(string Id, string Name)> CreateAsync()
    {
        var disk = await Mooring.CreateDiskAsync();
        return (disk, RemoteName.For(Mooring.Services.GetInstallationId(), disk));
    }
}

public sealed class SqliteIdentityTests() : IdentityTests(Backend.Sqlite);

public sealed class PostgresIdentityTests() : IdentityTests(Backend.PostgreSql);
