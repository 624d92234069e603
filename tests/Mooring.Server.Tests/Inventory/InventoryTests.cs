using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Inventory;

/// <summary>What is at a provider and in no record is listed with its cost, and waits for an operator's word.</summary>
public sealed class InventoryTests : IAsyncLifetime
{
    private const string Route = "/api/mooring/v1/inventory";
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Installation => Mooring.Services.GetInstallationId();

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync();

    public ValueTask DisposeAsync() => Mooring.DisposeAsync();

    [Fact]
    public async Task An_orphan_is_listed_with_its_cost_and_left_alone()
    {
        var mine = await Mooring.CreateDiskAsync();
        var name = Mooring.PlantOrphan(gib: 100);

        await Mooring.SweepAsync();

        var finding = (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Data.ShouldHaveSingleItem();
        finding["kind"]!.GetValue<string>().ShouldBe("orphan_disk");
        finding["name"]!.GetValue<string>().ShouldBe(name);
        finding["sizeGb"]!.GetValue<int>().ShouldBe(100);
        finding["costHr"]!.GetValue<decimal>().ShouldBe(0.015m);
        Mooring.Log.All.ShouldContain(line => line.Contains(name) && line.Contains("mooring inventory list"));
        Mooring.Disks.Disks.Count.ShouldBe(2);
        await Mooring.ShowsAsync("/disks/" + mine, "ACTIVE");
    }

    [Fact]
    public async Task Another_installations_disk_is_none_of_ours()
    {
        Mooring.PlantOrphan(gib: 1, installation: "zzzzzzzz");

        await Mooring.SweepAsync();

        (await Mooring.SendAsync("GET", Route)).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_adopted_orphan_is_a_disk_with_its_old_id_and_is_billed_from_then_on()
    {
        var name = Mooring.PlantOrphan(gib: 100);
        await Mooring.SweepAsync();
        var account = await Mooring.ProviderAccountIdAsync();

        var disk = (await Mooring.SendAsync(
            "POST",
            Route + "/adopt",
            $$"""{"providerAccountId":"{{account}}","name":"{{name}}","diskName":"found again"}""")).ShouldBe(201);

        disk.Id.ShouldBe(name[^32..]);
        disk.Object["name"]!.GetValue<string>().ShouldBe("found again");
        disk.Object["priceHr"]!.GetValue<decimal>().ShouldBe(0.015m);
        await Mooring.SettleAsync();
        await Mooring.ShowsAsync("/disks/" + disk.Id, "ACTIVE");
        var pod = await Mooring.CreatePodAsync(disk.Id);
        (await Mooring.GetAsync("/disks/" + disk.Id)).Object["pods"]![0]!.GetValue<string>().ShouldBe(pod);
        Mooring.Time.Advance(TimeSpan.FromHours(2));
        (await Mooring.GetAsync("/billing/wallet")).Text.ShouldContain(disk.Id);
        await Mooring.SweepAsync();
        (await Mooring.SendAsync("GET", Route)).Data.ShouldBeEmpty();
        (await Mooring.GetAsync("/disks/")).Object["totalCount"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task What_is_another_disk_by_its_id_is_neither_adopted_nor_deleted_as_an_orphan()
    {
        var mine = await Mooring.CreateDiskAsync();
        var name = Mooring.PlantOrphan();
        await Mooring.SweepAsync();
        // Since the list it turned out whose it is.
        var remoteId = Mooring.Disks.Disks[name].RemoteId;
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Disks.ExecuteUpdateAsync(set => set.SetProperty(disk => disk.RemoteId, remoteId), ct), Ct);
        var body = $$"""{"providerAccountId":"{{await Mooring.ProviderAccountIdAsync()}}","name":"{{name}}"}""";

        (await Mooring.SendAsync("POST", Route + "/delete", body)).ShouldRefuse(409, mine);
        (await Mooring.SendAsync("POST", Route + "/adopt", body)).ShouldRefuse(409, mine);

        Mooring.Disks.Disks.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_orphaned_instance_is_ended_by_an_operators_word_and_costs_nobody_anything_here()
    {
        var name = RemoteName.For(Installation, "01a21fb7466f7e479555917279f4177a");
        Mooring.Agent.Containers[name] = Providers.Instances.RemoteInstanceState.Ready;
        await Mooring.SweepAsync();
        (await Mooring.SendAsync("GET", Route)).Data.ShouldHaveSingleItem()["kind"]!.GetValue<string>()
            .ShouldBe("orphan_instance");
        var body = $$"""{"providerAccountId":"{{await Mooring.ProviderAccountIdAsync()}}","name":"{{name}}"}""";
        (await Mooring.SendAsync("POST", Route + "/adopt", body)).ShouldBe(404);

        var ended = (await Mooring.SendAsync("POST", Route + "/delete", body)).ShouldBe(200);

        ended.Id.ShouldBe(name[^32..]);
        await Mooring.ShowsAsync("/pods/" + ended.Id, "TERMINATED");
        Mooring.Agent.Containers.ShouldBeEmpty();
        (await Mooring.ReadAsync(db => db.UsageSpans.CountAsync(Ct))).ShouldBe(0);
        (await Mooring.SendAsync("POST", Route + "/delete", body)).ShouldBe(404);
        await Mooring.SweepAsync();
        (await Mooring.SendAsync("GET", Route)).Data.ShouldBeEmpty();
        (await Mooring.GetAsync("/pods/history")).ShouldBe(200).Text.ShouldContain(ended.Id);
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/pods/{ended.Id}/explain")).ShouldBe(200);
    }

    [Fact]
    public async Task An_orphan_is_deleted_by_an_operators_word_and_costs_nobody_anything_here()
    {
        var name = Mooring.PlantOrphan(gib: 100);
        await Mooring.SweepAsync();
        var body = $$"""{"providerAccountId":"{{await Mooring.ProviderAccountIdAsync()}}","name":"{{name}}"}""";

        var deleted = (await Mooring.SendAsync("POST", Route + "/delete", body)).ShouldBe(200);

        await Mooring.ShowsAsync("/disks/" + deleted.Id, "TERMINATED");
        Mooring.Disks.Disks.ShouldBeEmpty();
        (await Mooring.ReadAsync(db => db.UsageSpans.CountAsync(Ct))).ShouldBe(0);
        (await Mooring.SendAsync("POST", Route + "/delete", body)).ShouldBe(404);
        (await Mooring.SendAsync(
            "GET", $"/api/mooring/v1/disks/{deleted.Id}/events")).Text.ShouldContain("Adopted");
    }

    [Fact]
    public async Task What_is_no_orphan_is_neither_adopted_nor_deleted()
    {
        var disk = await Mooring.CreateDiskAsync();
        await Mooring.SweepAsync();
        var account = await Mooring.ProviderAccountIdAsync();
        var name = RemoteName.For(Installation, disk);

        (await Mooring.SendAsync(
            "POST", Route + "/delete", $$"""{"providerAccountId":"{{account}}","name":"{{name}}"}"""))
            .ShouldRefuse(404, name);
        (await Mooring.SendAsync(
            "POST", Route + "/adopt", $$"""{"providerAccountId":"nobody","name":"{{name}}"}""")).ShouldBe(404);
        (await Mooring.SendAsync("POST", Route + "/adopt", "{}")).ShouldFault("providerAccountId", "name");
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
    }

    [Fact]
    public async Task A_disk_that_has_another_size_there_is_told()
    {
        var disk = await Mooring.CreateDiskAsync(size: 10);
        var name = RemoteName.For(Installation, disk);
        Mooring.Disks.Disks[name] = Mooring.Disks.Disks[name] with { Size = ByteSize.FromGiB(12) };

        await Mooring.SweepAsync();

        var finding = (await Mooring.SendAsync("GET", Route)).Data.ShouldHaveSingleItem();
        finding["kind"]!.GetValue<string>().ShouldBe("wrong_size");
        finding["words"]!.GetValue<string>().ShouldContain("10 GB here");
    }
}
