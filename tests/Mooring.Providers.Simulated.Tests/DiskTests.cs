using Mooring.Providers.Disks;

namespace Mooring.Providers.Simulated.Tests;

public class DiskTests
{
    [Fact]
    public async Task Is_made_once_however_often_it_is_asked_for()
    {
        using var cloud = Cloud.With();

        (await cloud.CreateAsync()).ShouldBe(new DiskObservation(RemoteDiskState.Ready, "disk-1"));
        (await cloud.CreateAsync()).ShouldBe(new DiskObservation(RemoteDiskState.Ready, "disk-1"));

        var disk = cloud.Books.Disks.ShouldHaveSingleItem();
        disk.Name.ShouldBe(Cloud.Name(1));
        disk.Size.ShouldBe(ByteSize.FromGiB(10));
        disk.AskedAt.ShouldBe(Cloud.Noon);
        cloud.Books.Calls["disk.create"].ShouldBe(1);
    }

    [Fact]
    public async Task Is_absent_before_it_is_made_and_after_it_is_deleted()
    {
        using var cloud = Cloud.With();
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Absent);
        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct)).ShouldBe(DiskObservation.Absent);

        await cloud.CreateAsync();
        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct)).ShouldBe(DiskObservation.Absent);

        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Absent);
        cloud.Books.DisksAt(cloud.Time.GetUtcNow()).ShouldBeEmpty();
        cloud.Books.Disks.ShouldHaveSingleItem().DeletedAt.ShouldBe(Cloud.Noon);
    }

    [Fact]
    public async Task Takes_the_time_that_the_script_says_to_be_made_and_to_go()
    {
        using var cloud = Cloud.With(more: """ "delays": { "diskCreateSeconds": 20, "diskDeleteSeconds": 5 }, """);
        (await cloud.CreateAsync()).State.ShouldBe(RemoteDiskState.Creating);
        cloud.Pass(19.999999);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Creating);
        cloud.Pass(0.000001);
        (await cloud.StateAsync()).ShouldBe(RemoteDiskState.Ready);

        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct)).State.ShouldBe(RemoteDiskState.Deleting);
        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct)).State.ShouldBe(RemoteDiskState.Deleting);
        cloud.Books.Calls["disk.delete"].ShouldBe(1);
        cloud.Pass(5);
        (await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(), Cloud.Ct)).ShouldBe(DiskObservation.Absent);
    }

    [Fact]
    public async Task Draws_a_delay_from_the_seed_alone()
    {
        const string Delays = """ "delays": { "diskCreateSeconds": { "least": 1, "most": 9 } }, """;
        List<DateTimeOffset> Ready(Cloud cloud) => [.. cloud.Books.Disks.Select(disk => disk.ReadyAt)];

        using var one = Cloud.With(more: Delays + """ "seed": 7, """);
        using var same = Cloud.With(more: Delays + """ "seed": 7, """);
        using var other = Cloud.With(more: Delays + """ "seed": 8, """);
        foreach (var cloud in new[] { one, same, other })
        {
            for (var number = 1; number <= 20; number++)
            {
                await cloud.CreateAsync(number);
            }
        }

        Ready(same).ShouldBe(Ready(one));
        Ready(other).ShouldNotBe(Ready(one));
        Ready(one).ShouldAllBe(at => at >= Cloud.Noon.AddSeconds(1) && at <= Cloud.Noon.AddSeconds(9));
        Ready(one).ShouldBeUnique();
    }

    [Fact]
    public async Task Is_listed_over_several_pages_under_names_of_this_installation_only()
    {
        using var cloud = Cloud.With(more: """ "pageSize": 2, """);
        for (var number = 1; number <= 5; number++)
        {
            await cloud.CreateAsync(number);
        }

        var listed = await cloud.Disks.ListAsync(Cloud.Ct).ToListAsync(Cloud.Ct);
        listed.Select(disk => disk.Name).ShouldBe(Enumerable.Range(1, 5).Select(Cloud.Name));
        listed.ShouldAllBe(disk => disk.Size == ByteSize.FromGiB(10) && disk.State == RemoteDiskState.Ready);
        cloud.Books.Calls["disk.list"].ShouldBe(3);
        await Should.ThrowAsync<RefusedException>(
            () => cloud.Disks.ObserveAsync(new DiskRef("mrg-other678-" + new string('0', 32), null), Cloud.Ct));
    }

    [Fact]
    public async Task A_list_that_fails_on_a_later_page_tells_of_no_disk_at_all()
    {
        using var cloud = Cloud.With(
            """{ "fault": "unreachable", "on": ["disk.list"], "calls": [2] }""", """ "pageSize": 2, """);
        for (var number = 1; number <= 3; number++)
        {
            await cloud.CreateAsync(number);
        }

        var told = 0;
        await Should.ThrowAsync<UnreachableException>(async () =>
        {
            await foreach (var _ in cloud.Disks.ListAsync(Cloud.Ct))
            {
                told++;
            }
        });
        told.ShouldBe(0);
    }

    [Fact]
    public async Task No_more_is_made_than_the_stock()
    {
        using var cloud = Cloud.With();
        await cloud.CreateAsync(1, 600);
        await Should.ThrowAsync<OutOfStockException>(() => cloud.CreateAsync(2, 401));
        await cloud.CreateAsync(3, 400);

        await cloud.Disks.EnsureDeletedAsync(Cloud.Ref(1), Cloud.Ct);
        (await cloud.CreateAsync(2, 401)).State.ShouldBe(RemoteDiskState.Ready);
    }

    [Fact]
    public async Task What_is_not_offered_is_refused()
    {
        using var cloud = Cloud.With();
        var elsewhere = Cloud.Disk() with { DataCenter = "US-2" };
        await Should.ThrowAsync<RefusedException>(() => cloud.Disks.EnsureCreatedAsync(elsewhere, Cloud.Ct));
        var nothing = Cloud.Disk() with { Size = ByteSize.Zero };
        await Should.ThrowAsync<RefusedException>(() => cloud.Disks.EnsureCreatedAsync(nothing, Cloud.Ct));
        var shared = Cloud.Disk() with { IsMultinode = true };
        await Should.ThrowAsync<RefusedException>(() => cloud.Disks.EnsureCreatedAsync(shared, Cloud.Ct));
        cloud.Books.Disks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Offers_are_those_of_the_script()
    {
        using var cloud = Cloud.With();
        var offers = await cloud.Disks.ListOffersAsync(Cloud.Ct);
        offers.Count.ShouldBe(2);
        offers[0].ShouldBe(new DiskOffer(
            null,
            new Place("US-1", "US", "united_states"),
            Money.FromUsd(0.00015m),
            0,
            100_000,
            1,
            false,
            Stock.Available,
            Security.SecureCloud,
            new CapacityPool("-/US-1", ByteSize.FromGiB(1000)),
            null));
        offers[1].Pool.ShouldBeNull();
        offers[1].IsMultinode.ShouldBeTrue();
    }
}
