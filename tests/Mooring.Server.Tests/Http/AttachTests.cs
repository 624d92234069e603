using Microsoft.EntityFrameworkCore;
using Mooring.Server.Disks;
using Mooring.Server.Tests.Offers;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// Which disks an instance may be created with (contract 15, 16.5 and 16.11). Whatever is refused, nothing is created,
/// reserved or held.
/// </summary>
public sealed class AttachTests(SharedAttachMooring shared) : IClassFixture<SharedAttachMooring>
{
    private TestMooring Mooring => shared.Mooring;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fdb5205fd9b14c9d804d3f70b4c96da0")]
    [InlineData("not-an-id")]
    [InlineData("")]
    [InlineData("' OR '1'='1")]
    public Task An_unknown_disk_is_404(string id) => RefusesAsync(404, [id], id);

    [Fact]
    public async Task One_unknown_disk_among_good_ones_is_404() =>
        await RefusesAsync(
            404, [await Mooring.CreateDiskAsync(cloudId: "block"), "fdb5205fd9b14c9d804d3f70b4c96da0"], "fdb5205f");

    [Fact]
    public async Task A_terminated_disk_is_404()
    {
        var disk = await Mooring.CreateDiskAsync(cloudId: "block");
        (await Mooring.DeleteAsync("/disks/" + disk)).ShouldBe(200);

        await RefusesAsync(404, [disk], disk);
    }

    [Theory]
    [InlineData("PROVISIONING", "Wait until it is ACTIVE")]
    [InlineData("PENDING", "Wait until it is ACTIVE")]
    [InlineData("STOPPED", "suspended")]
    [InlineData("ERROR", "Delete it")]
    [InlineData("DELETING", "use another one")]
    public async Task A_disk_that_is_not_ACTIVE_is_409_with_what_to_do(string status, string advice)
    {
        var disk = await Mooring.CreateDiskAsync(cloudId: "block");
        var stored = DiskStatusNames.FromWire(status);
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Disks.Where(row => row.Id == new DiskId(disk)).ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Status, stored)
                    .SetProperty(row => row.Reason, "The reason why."),
                ct),
            Ct);

        await RefusesAsync(409, [disk], disk, status, "(The reason why);", advice);
    }

    [Fact]
    public async Task A_single_holder_disk_that_is_held_is_409_and_names_the_holder()
    {
        var disk = await Mooring.CreateDiskAsync(cloudId: "block");
        var pod = await Mooring.CreatePodAsync(disk);

        await RefusesAsync(409, [disk], disk, pod, "one instance at a time");
        await Mooring.DeleteAsync("/pods/" + pod);
        await Mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
    }

    [Fact]
    public async Task A_shared_disk_takes_several_instances_and_stays_ACTIVE()
    {
        var disk = await Mooring.CreateDiskAsync(cloudId: "shared");
        var first = await Mooring.CreatePodAsync(disk);
        var second = await Mooring.CreatePodAsync(disk);

        var shown = (await Mooring.GetAsync("/disks/" + disk)).Object;
        shown["status"]!.GetValue<string>().ShouldBe("ACTIVE");
        shown["pods"]!.AsArray().Select(id => id!.GetValue<string>()).ShouldBe([first, second], ignoreOrder: true);
        foreach (var pod in new[] { first, second })
        {
            (await Mooring.DeleteAsync("/disks/" + disk)).ShouldRefuse(409, pod);
            await Mooring.DeleteAsync("/pods/" + pod);
            await Mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
        }

        (await Mooring.DeleteAsync("/disks/" + disk)).ShouldBeJson("""{"status":"TERMINATED"}""");
    }

    [Fact]
    public async Task A_disk_in_another_data_center_is_409_and_says_where_to_look()
    {
        var disk = await Mooring.CreateDiskAsync(cloudId: "far");

        await RefusesAsync(409, [disk], "NO-1", "US-1", $"/api/v1/availability/gpus?disks={disk}");
    }

    [Fact]
    public async Task A_disk_at_another_provider_account_is_409()
    {
        var disk = await Mooring.CreateDiskAsync(cloudId: "block");
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Disks.Where(row => row.Id == new DiskId(disk)).ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.ProviderAccountId, new ProviderAccountId("another"))
                    .SetProperty(row => row.ProviderType, "runpod"),
                ct),
            Ct);

        await RefusesAsync(409, [disk], "runpod", "hyperstack");
    }

    [Fact]
    public async Task One_disk_is_not_attached_twice_under_any_of_its_spellings()
    {
        var disk = await Mooring.CreateDiskAsync(cloudId: "shared");
        string[] spellings = [disk, disk.ToUpperInvariant(), Guid.ParseExact(disk, "N").ToString("D")];

        foreach (var other in spellings)
        {
            var before = await Mooring.SnapshotAsync();
            (await Mooring.PostAsync("/pods/", TestMooring.PodBody(disk, other))).ShouldFault("disks");
            (await Mooring.SnapshotAsync()).ShouldBe(before);
        }
    }

    [Fact]
    public async Task Seventeen_disks_and_a_null_are_422()
    {
        string[] seventeen = [.. Enumerable.Range(1, 17).Select(number => number.ToString("x32"))];
        (await Mooring.PostAsync("/pods/", TestMooring.PodBody(seventeen))).ShouldFault("disks");
        (await Mooring.PostAsync("/pods/", TestMooring.PodBody().Replace("[]", "[null]", StringComparison.Ordinal)))
            .ShouldFault("disks");
        (await Mooring.PostAsync("/pods/", TestMooring.PodBody().Replace("[]", "[5]", StringComparison.Ordinal)))
            .ShouldFault("disks.0");
        (await Mooring.PostAsync("/pods/", TestMooring.PodBody().Replace("[]", "\"x\"", StringComparison.Ordinal)))
            .ShouldFault("disks");
    }

    [Fact]
    public async Task A_good_disk_beside_a_bad_one_is_not_held()
    {
        var good = await Mooring.CreateDiskAsync(cloudId: "block");
        var held = await Mooring.CreateDiskAsync(cloudId: "block");
        var holder = await Mooring.CreatePodAsync(held);

        await RefusesAsync(409, [good, held], held);

        var pod = await Mooring.CreatePodAsync(good);
        foreach (var id in new[] { holder, pod })
        {
            await Mooring.DeleteAsync("/pods/" + id);
            await Mooring.ShowsAsync("/pods/" + id, "TERMINATED");
        }
    }

    private async Task RefusesAsync(int status, string[] disks, params string[] words)
    {
        var before = await Mooring.SnapshotAsync();

        (await Mooring.PostAsync("/pods/", TestMooring.PodBody(disks))).ShouldRefuse(status, words);

        (await Mooring.SnapshotAsync()).ShouldBe(before);
    }
}

/// <summary>One server with a disk offer of each kind.</summary>
public sealed class SharedAttachMooring : IAsyncLifetime
{
    private TestMooring? _mooring;

    internal TestMooring Mooring => _mooring ?? throw new InvalidOperationException("The server is not started.");

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(
        mooring => mooring.Disks.Offers =
    [
        ScriptedDisks.PageOffer with { CloudId = "block" },
        ScriptedDisks.PageOffer with { CloudId = "shared", IsMultinode = true },
        ScriptedDisks.PageOffer with { CloudId = "far", Place = new Providers.Place("NO-1", "NO", "eu_north") },
    ]);

    public async ValueTask DisposeAsync()
    {
        if (_mooring is not null)
        {
            await _mooring.DisposeAsync();
        }
    }
}
