using System.Text.Json.Nodes;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Tests.ProviderAccounts;

namespace Mooring.Server.Tests.Inventory;

/// <summary>
/// A disk that somebody else made in an account is listed for who asks, and registered by the provider's id: from then
/// on it is a disk like others, except that it is never made.
/// </summary>
public abstract class ForeignDiskTests(Backend backend) : IAsyncLifetime
{
    private const string Route = "/api/mooring/v1/inventory";
    private TestMooring? _mooring;
    private string _account = "";

    private TestMooring Mooring => _mooring!;

    public async ValueTask InitializeAsync()
    {
        _mooring = await TestMooring.StartAsync(backend: backend);
        _account = await Mooring.ProviderAccountIdAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task It_is_listed_for_who_asks_and_is_no_finding()
    {
        Plant("v-1", "notes\n", gib: 100);
        Plant("v-2", RemoteName.For("zzzzzzzz", new string('2', 32)));
        var (_, ours) = await CreateAsync();
        Mooring.Disks.Change(ours, there => there with { Name = "renamed" });

        await Mooring.SweepAsync();

        (await Mooring.SendAsync("GET", Route)).Data.ShouldHaveSingleItem()["kind"]!.GetValue<string>()
            .ShouldBe("renamed");
        var foreign = (await ForeignAsync()).ShouldHaveSingleItem();
        foreign["name"]!.GetValue<string>().ShouldBe("notes?");
        foreign["remoteId"]!.GetValue<string>().ShouldBe("v-1");
        foreign["sizeGb"]!.GetValue<int>().ShouldBe(100);
        foreign["costHr"]!.GetValue<decimal>().ShouldBe(0.015m);
        Mooring.Log.All.ShouldNotContain(line => line.Contains("notes"));
    }

    [Fact]
    public async Task A_long_list_is_read_in_parts()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            Plant($"v-{number}", "data");
        }

        await Mooring.SweepAsync();

        var part = (await Mooring.SendAsync("GET", Route + "?all=true&offset=1&limit=2")).ShouldBe(200);
        part.Data.Select(one => one!["remoteId"]!.GetValue<string>()).ShouldBe(["v-2", "v-3"]);
        part.Object["totalCount"]!.GetValue<int>().ShouldBe(5);
        (await Mooring.SendAsync("GET", Route + "?all=perhaps&limit=0")).ShouldFault("all");
        (await Mooring.SendAsync("GET", Route + "?limit=1001")).ShouldFault("limit");
    }

    [Fact]
    public async Task Registered_it_is_billed_attached_and_left_in_peace_by_the_inventory()
    {
        Plant("v-1", "notes", gib: 100);
        await Mooring.SweepAsync();

        var disk = (await AdoptAsync("v-1", """,  "priceHr":0.5 """)).ShouldBe(201);

        disk.Object["name"]!.GetValue<string>().ShouldBe("notes");
        disk.Object["priceHr"]!.GetValue<decimal>().ShouldBe(0.5m);
        await Mooring.SettleAsync();
        await Mooring.SweepAsync();
        await Mooring.SettleAsync();
        (await Mooring.SendAsync("GET", Route + "?all=true")).Data.ShouldBeEmpty();
        await Mooring.ShowsAsync("/disks/" + disk.Id, "ACTIVE");
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk.Id}/explain")).ShouldBe(200).Text
            .ShouldContain("\"remoteName\":\"notes\"");
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk.Id}/events")).Text
            .ShouldContain("It is called 'notes' at the provider.");
        Mooring.Time.Advance(TimeSpan.FromHours(2));
        (await Mooring.GetAsync("/billing/wallet")).Text.ShouldContain(disk.Id);
        await Mooring.CreatePodAsync(disk.Id);
        await Mooring.EndPodsAsync();
        Mooring.Disks.Calls.CountOf("EnsureCreated").ShouldBe(0);
    }

    [Fact]
    public async Task Of_two_of_one_name_each_can_be_registered_and_the_one_that_is_deleted_is_the_one()
    {
        Plant("v-1", "data");
        Plant("v-2", "data");
        await Mooring.SweepAsync();
        var first = (await AdoptAsync("v-1")).ShouldBe(201).Id;
        var second = (await AdoptAsync("v-2")).ShouldBe(201).Id;
        await Mooring.SettleAsync();

        (await Mooring.DeleteAsync("/disks/" + second)).ShouldBe(200);

        await Mooring.ShowsAsync("/disks/" + second, "TERMINATED");
        Mooring.Disks.Disks.Keys.ShouldBe(["v-1"]);
        await Mooring.SweepAsync();
        (await Mooring.SendAsync("GET", Route + "?all=true")).Data.ShouldBeEmpty();
        await Mooring.ShowsAsync("/disks/" + first, "ACTIVE");
    }

    [Fact]
    public async Task It_is_registered_once_however_many_ask_at_once()
    {
        Plant("v-1", "data");
        await Mooring.SweepAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AdoptAsync("v-1")));

        var disk = replies.Where(reply => reply.Status == 201).ShouldHaveSingleItem().Id;
        replies.Where(reply => reply.Status != 201).ShouldAllBe(reply => reply.Status == 409);
        (await AdoptAsync("v-1")).ShouldRefuse(409, disk);
        await Mooring.SweepAsync();
        (await AdoptAsync("v-1")).ShouldRefuse(404, "v-1");
    }

    [Fact]
    public async Task One_that_is_renamed_there_is_told_of_and_one_that_is_gone_is_never_made_anew()
    {
        Plant("v-1", "data");
        await Mooring.SweepAsync();
        var disk = (await AdoptAsync("v-1")).ShouldBe(201).Id;
        await Mooring.SettleAsync();

        Mooring.Disks.Change("v-1", there => there with { Name = "other" });
        await Mooring.SweepAsync();
        var finding = (await Mooring.SendAsync("GET", Route)).Data.ShouldHaveSingleItem();
        finding["kind"]!.GetValue<string>().ShouldBe("renamed");
        finding["words"]!.GetValue<string>().ShouldContain("'other' there, and was data");

        Mooring.Disks.Disks.TryRemove("v-1", out _);
        await Mooring.SweepAsync();
        await Mooring.ShowsAsync("/disks/" + disk, "ERROR");
        (await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/retry")).ShouldBe(200);
        await Mooring.SettleAsync();
        await Mooring.ShowsAsync("/disks/" + disk, "ERROR");
        Mooring.Disks.Calls.CountOf("EnsureCreated").ShouldBe(0);

        // It is its id that it is known by: brought back, it is found.
        Plant("v-1", "data");
        await Mooring.SweepAsync();
        (await Mooring.SendAsync("GET", Route + "?all=true")).Data.ShouldBeEmpty();
        (await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/retry")).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
    }

    [Fact]
    public async Task What_is_not_listed_so_is_not_registered()
    {
        var (disk, ours) = await CreateAsync();
        var orphan = Mooring.PlantOrphan();
        Mooring.Disks.Change(ours, there => there with { Name = "renamed" });
        var renamed = Mooring.Disks.Disks[ours].RemoteId!;
        await Mooring.SweepAsync();

        (await AdoptAsync(renamed)).ShouldRefuse(404, "all=true");
        (await AdoptAsync("remote-orphan")).ShouldBe(404);
        (await AdoptAsync("nothing")).ShouldBe(404);
        (await Mooring.SendAsync("POST", Route + "/adopt", $$"""{"providerAccountId":"{{_account}}"}"""))
            .ShouldFault("name");
        (await AdoptAsync("v-1", $$""", "name":"{{orphan}}" """)).ShouldFault("name");
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
    }

    [Fact]
    public async Task Where_disks_have_no_ids_the_refusal_says_what_to_do()
    {
        var cloud = (await Mooring.SendAsync(
            "POST",
            "/api/mooring/v1/providers/",
            $$"""
            {"type":"{{ScriptedCloud.Type}}","name":"n","credential":"{{ScriptedCloud.Lost}}","test":false}
            """)).ShouldBe(201);
        _account = cloud.Id;

        (await AdoptAsync("v-1")).ShouldRefuse(409, "copy the data");
    }

    [Fact]
    public async Task One_account_that_was_entered_twice_gives_nobody_its_disks_twice()
    {
        Mooring.Cloud.Shared = new ScriptedDisks { IdScope = new Uri("https://cloud.example") };
        var first = await AddAccountAsync("lab", ScriptedCloud.Good);
        var second = await AddAccountAsync("too", ScriptedCloud.Better);
        Mooring.Cloud.Shared.Disks["v-1"] =
            new RemoteDisk("data", "v-1", ByteSize.FromGiB(10), RemoteDiskState.Ready);
        await Mooring.SweepAsync();

        _account = first;
        var disk = (await AdoptAsync("v-1", """,  "priceHr":0.5 """)).ShouldBe(201).Id;
        _account = second;
        (await AdoptAsync("v-1", """,  "priceHr":0.5 """)).ShouldRefuse(409, disk);

        await Mooring.SettleAsync();
        await Mooring.SweepAsync();
        (await Mooring.SendAsync("GET", Route + "?all=true")).Data.ShouldBeEmpty();
    }

    private async Task<string> AddAccountAsync(string name, string credential) => (await Mooring.SendAsync(
        "POST",
        "/api/mooring/v1/providers/",
        $$"""{"type":"{{ScriptedCloud.Type}}","name":"{{name}}","credential":"{{credential}}"}""")).ShouldBe(201).Id;

    private void Plant(string id, string name, int gib = 10) => Mooring.Disks.Disks[id] =
        new RemoteDisk(name, id, ByteSize.FromGiB(gib), RemoteDiskState.Ready);

    private async Task<List<JsonNode>> ForeignAsync() =>
    [
        .. from one in (await Mooring.SendAsync("GET", Route + "?all=true")).ShouldBe(200).Data
           where one!["kind"]!.GetValue<string>() == "foreign_disk"
           select one,
    ];

    private Task<Reply> AdoptAsync(string remoteId, string more = "") => Mooring.SendAsync(
        "POST",
        Route + "/adopt",
        $$"""{"providerAccountId":"{{_account}}","remoteId":"{{remoteId}}"{{more}}}""");

    private async Task<(string Id, string Name)> CreateAsync()
    {
        var disk = await Mooring.CreateDiskAsync();
        return (disk, RemoteName.For(Mooring.Services.GetInstallationId(), disk));
    }
}

public sealed class SqliteForeignDiskTests() : ForeignDiskTests(Backend.Sqlite);

public sealed class PostgresForeignDiskTests() : ForeignDiskTests(Backend.PostgreSql);
