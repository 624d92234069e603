using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Inventory;

/// <summary>
/// A disk of ours that a list shows otherwise than the records have it is told of in its history and in the inventory,
/// and is lost by none of it.
/// </summary>
public abstract class DriftTests(Backend backend) : IAsyncLifetime
{
    private const string Route = "/api/mooring/v1/inventory";
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(backend: backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task A_disk_of_another_size_is_told_of_when_that_begins_and_when_it_is_over()
    {
        var (disk, name) = await CreateAsync();
        Mooring.Disks.Change(name, there => there with { Size = ByteSize.FromGiB(12) });

        await Mooring.SweepAsync();
        await Mooring.SweepAsync();

        await ShouldFindAsync(("wrong_size", name));
        (await DriftsAsync(disk)).ShouldHaveSingleItem().ShouldStartWith("DriftBegun It has 12");

        Mooring.Disks.Change(name, there => there with { Size = ByteSize.FromGiB(10) });
        await Mooring.SweepAsync();
        await Mooring.SweepAsync();

        await ShouldFindAsync();
        (await DriftsAsync(disk))[1..].ShouldBe(["DriftEnded Its size at the provider is again as it should be."]);
        await ShouldBillAsItsHistorySaysAsync(disk);
    }

    [Fact]
    public async Task A_renamed_disk_is_told_of_by_both_names_and_is_not_lost()
    {
        var (disk, name) = await CreateAsync();
        Mooring.Disks.Change(name, there => there with { Name = "do-not\ntouch" });

        await Mooring.SweepAsync();
        await Mooring.SettleAsync();
        await Mooring.SweepAsync();

        (await ShouldFindAsync(("renamed", name))).ShouldSatisfyAllConditions(
            words => words.ShouldContain("'do-not?touch'"),
            words => words.ShouldContain(name),
            words => words.ShouldContain("rename it back"));
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        (await DriftsAsync(disk)).ShouldHaveSingleItem();
        Mooring.Disks.Calls.CountOf("Observe").ShouldBe(0);

        Mooring.Disks.Change(name, there => there with { Name = name });
        await Mooring.SweepAsync();
        await ShouldFindAsync();
        (await DriftsAsync(disk)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_renamed_disk_is_attached_and_deleted_as_before()
    {
        var (disk, name) = await CreateAsync();
        Mooring.Disks.Change(name, there => there with { Name = "renamed" });
        await Mooring.SweepAsync();

        await Mooring.CreatePodAsync(disk);
        await Mooring.EndPodsAsync();
        await Mooring.DeleteAsync("/disks/" + disk);

        await Mooring.ShowsAsync("/disks/" + disk, "TERMINATED");
        Mooring.Disks.Disks.ShouldBeEmpty();
        await Mooring.SweepAsync();
        await ShouldFindAsync();
    }

    [Fact]
    public async Task A_disk_that_is_shown_as_failed_is_looked_at_and_fails()
    {
        var (disk, name) = await CreateAsync();
        Mooring.Disks.Change(name, there => there with { State = RemoteDiskState.Failed });

        await Mooring.SweepAsync();
        await ShouldFindAsync(("wrong_status", name));
        await Mooring.ShowsAsync("/disks/" + disk, "ERROR");

        await Mooring.SweepAsync();
        await ShouldFindAsync();
        (await DriftsAsync(disk)).ShouldBe(["DriftBegun It is shown as failed there."]);
    }

    [Fact]
    public async Task A_disk_that_somebody_deletes_there_is_told_of_and_looked_at_until_it_is_gone()
    {
        var (disk, name) = await CreateAsync();
        Mooring.Disks.Change(name, there => there with { State = RemoteDiskState.Deleting });
        await Mooring.SweepAsync();
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        (await DriftsAsync(disk)).ShouldBe(["DriftBegun Somebody is deleting it there."]);
        (await Mooring.ReadAsync(db => db.Disks.AnyAsync(row => row.Id == new DiskId(disk) && row.DueAt != null, Ct)))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task A_disk_that_a_stranger_holds_is_told_of()
    {
        var (disk, name) = await CreateAsync();
        Mooring.Disks.Change(name, there => there with { Holders = ["vm-7"] });

        await Mooring.SweepAsync();

        (await ShouldFindAsync(("wrong_attachment", name))).ShouldContain("vm-7");
        await Mooring.ShowsAsync("/disks/" + disk, "ACTIVE");
        Mooring.Disks.Change(name, there => there with { Holders = [] });
        await Mooring.SweepAsync();
        await ShouldFindAsync();
        (await DriftsAsync(disk)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_disk_is_held_against_the_instances_that_hold_it_by_the_records()
    {
        var (disk, name) = await CreateAsync();
        var pod = await Mooring.CreatePodAsync(disk);
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Pods.ExecuteUpdateAsync(set => set.SetProperty(row => row.RemoteId, "vm-1"), ct), Ct);

        Mooring.Disks.Change(name, there => there with { Holders = ["vm-1"] });
        await Mooring.SweepAsync();
        await ShouldFindAsync();

        Mooring.Disks.Change(name, there => there with { Holders = [] });
        await Mooring.SweepAsync();
        (await ShouldFindAsync(("wrong_attachment", name))).ShouldContain("vm-1 there should hold it");
        await Mooring.ShowsAsync("/pods/" + pod, "ACTIVE");
    }

    [Fact]
    public async Task A_list_that_tells_no_holders_tells_nothing_of_attachments()
    {
        var (disk, _) = await CreateAsync();
        await Mooring.CreatePodAsync(disk);

        await Mooring.SweepAsync();

        await ShouldFindAsync();
        (await DriftsAsync(disk)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_differs_in_several_ways_is_found_once_for_each()
    {
        var (disk, name) = await CreateAsync();
        Mooring.Disks.Change(
            name, there => there with { Name = "renamed", Size = ByteSize.FromGiB(11), Holders = ["vm-7"] });

        await Mooring.SweepAsync();

        await ShouldFindAsync(("wrong_size", name), ("renamed", name), ("wrong_attachment", name));
        (await DriftsAsync(disk)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_disk_in_error_that_was_adopted_is_never_made_anew_by_a_retry()
    {
        var name = Mooring.PlantOrphan(gib: 10);
        await Mooring.SweepAsync();
        var account = await Mooring.ProviderAccountIdAsync();
        var disk = (await Mooring.SendAsync(
            "POST", Route + "/adopt", $$"""{"providerAccountId":"{{account}}","name":"{{name}}"}""")).ShouldBe(201).Id;
        await Mooring.SettleAsync();
        Mooring.Disks.Disks.TryRemove(name, out _);
        await Mooring.SweepAsync();
        await Mooring.ShowsAsync("/disks/" + disk, "ERROR");

        (await Mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/retry")).ShouldBe(200);

        await Mooring.SettleAsync();
        await Mooring.ShowsAsync("/disks/" + disk, "ERROR");
        Mooring.Disks.Calls.CountOf("EnsureCreated").ShouldBe(0);
    }

    private async Task<(string Id, string Name)> CreateAsync()
    {
        var disk = await Mooring.CreateDiskAsync(size: 10);
        return (disk, RemoteName.For(Mooring.Services.GetInstallationId(), disk));
    }

    /// <returns>The words of the first.</returns>
    private async Task<string> ShouldFindAsync(params (string Kind, string Name)[] expected)
    {
        var found = (await Mooring.SendAsync("GET", Route)).ShouldBe(200).Data;
        found.Select(one => (one!["kind"]!.GetValue<string>(), one["name"]!.GetValue<string>())).ShouldBe(expected);
        return found.Count == 0 ? "" : found[0]!["words"]!.GetValue<string>();
    }

    private async Task ShouldBillAsItsHistorySaysAsync(string disk)
    {
        var history = await Mooring.ReadAsync(db =>
            db.Events.Where(one => one.ResourceId == disk).OrderBy(one => one.Number).ToListAsync(Ct));
        var spans = await Mooring.ReadAsync(db =>
            db.UsageSpans.Where(one => one.ResourceId == disk).OrderBy(one => one.Number).ToListAsync(Ct));
        spans.Select(Charged.Of).ShouldBe(BillHistory.Of(history).Charged);
    }

    private async Task<List<string>> DriftsAsync(string disk) => await Mooring.ReadAsync(db => db.Events
        .Where(one => one.ResourceId == disk
            && (one.What == Happened.DriftBegun || one.What == Happened.DriftEnded))
        .OrderBy(one => one.Number)
        .Select(one => one.What + " " + one.Words)
        .ToListAsync(Ct));
}

public sealed class SqliteDriftTests() : DriftTests(Backend.Sqlite);

public sealed class PostgresDriftTests() : DriftTests(Backend.PostgreSql);
