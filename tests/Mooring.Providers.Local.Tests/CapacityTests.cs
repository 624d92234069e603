namespace Mooring.Providers.Local.Tests;

/// <summary>What offers promise, on file systems that nobody else writes to.</summary>
public sealed class CapacityTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_shared_by_the_two_offers_with_the_places_and_prices_configured()
    {
        using var directory = await DiskDirectory.InitializedAsync();
        var options = directory.Options with
        {
            Capacity = ByteSize.FromGiB(77),
            DataCenter = "attic",
            Country = "NO",
            Region = "eu_north",
            PricePerGiBHour = Money.FromUsd(0.0002m),
        };

        var offers = await new LocalDisks(options).ListOffersAsync(Ct);

        offers.Select(offer => (offer.CloudId, offer.IsMultinode)).ShouldBe([("block", false), ("shared", true)]);
        foreach (var offer in offers)
        {
            offer.Place.ShouldBe(new Place("attic", "NO", "eu_north"));
            offer.PricePerGiBHour.ShouldBe(Money.FromUsd(0.0002m));
            (offer.MinSizeGiB, offer.MaxSizeGiB, offer.StepGiB).ShouldBe((1, 100_000, 1));
            offer.Pool.ShouldBe(new Disks.CapacityPool("disks", ByteSize.FromGiB(77)));
            offer.Stock.ShouldBe(Stock.Available);
        }
    }

    [Fact]
    public async Task Stays_the_same_while_a_disk_fills_what_was_promised_to_it()
    {
        await using var fileSystem = await LoopFileSystem.MakeAsync(mebibytes: 512);
        using var directory = await DiskDirectory.InitializedOnAsync(fileSystem.MountPoint);
        var disks = new LocalDisks(directory.Options with { Reserve = ByteSize.Zero });
        var before = await CapacityAsync(disks);

        await disks.EnsureCreatedAsync(DiskDirectory.Spec(1, mebibytes: 256), Ct);
        await FillAsync(directory.ImageOf(1), mebibytes: 100);
        var after = await CapacityAsync(disks);

        before.ShouldBeInRange(400L << 20, 512L << 20);
        // The file system's own blocks that map the image are the only loss.
        (before - after).ShouldBeInRange(0, 1 << 20);
        new DriveInfo(fileSystem.MountPoint).AvailableFreeSpace.ShouldBeLessThan(before - (100L << 20));
    }

    [Fact]
    public async Task Comes_back_to_the_file_system_when_the_disk_is_deleted()
    {
        await using var fileSystem = await LoopFileSystem.MakeAsync(mebibytes: 512);
        using var directory = await DiskDirectory.InitializedOnAsync(fileSystem.MountPoint);
        var disks = new LocalDisks(directory.Options);
        var drive = new DriveInfo(fileSystem.MountPoint);
        var before = drive.AvailableFreeSpace;
        await disks.EnsureCreatedAsync(DiskDirectory.Spec(1, mebibytes: 256), Ct);
        await FillAsync(directory.ImageOf(1), mebibytes: 100);
        drive.AvailableFreeSpace.ShouldBeLessThanOrEqualTo(before - (100L << 20));

        await disks.EnsureDeletedAsync(DiskDirectory.Ref(1), Ct);

        // A program that another test starts holds a copy of every open file between its fork and its exec, the image's
        // among them while it was filled: the blocks are free once that has passed.
        await Eventually.HoldsAsync(() => drive.AvailableFreeSpace == before, "all of it is free again");
    }

    [Fact]
    public async Task Leaves_the_reserve_and_is_never_below_zero()
    {
        await using var fileSystem = await LoopFileSystem.MakeAsync(mebibytes: 512);
        using var directory = await DiskDirectory.InitializedOnAsync(fileSystem.MountPoint);

        // 5 % of the file system, but 2 GiB at least: more than there is.
        var offers = await new LocalDisks(directory.Options).ListOffersAsync(Ct);
        var half = new LocalDisks(directory.Options with { Reserve = new ByteSize(256 << 20) });

        offers.ShouldAllBe(offer => offer.Pool!.Capacity == ByteSize.Zero && offer.Stock == Stock.Unavailable);
        (await CapacityAsync(half)).ShouldBe(
            new DriveInfo(fileSystem.MountPoint).AvailableFreeSpace - (256L << 20));
    }

    [Fact]
    public async Task Reserves_a_twentieth_of_a_large_file_system()
    {
        await using var fileSystem = await LoopFileSystem.MakeAsync(mebibytes: 100 << 10);
        using var directory = await DiskDirectory.InitializedOnAsync(fileSystem.MountPoint);
        var drive = new DriveInfo(fileSystem.MountPoint);

        var capacity = await CapacityAsync(new LocalDisks(directory.Options));

        capacity.ShouldBe(drive.AvailableFreeSpace - (drive.TotalSize / 20));
    }

    [Fact]
    public async Task That_is_used_up_by_others_makes_a_disk_out_of_stock_and_leaves_nothing()
    {
        await using var fileSystem = await LoopFileSystem.MakeAsync(mebibytes: 64);
        using var directory = await DiskDirectory.InitializedOnAsync(fileSystem.MountPoint);
        await FillUpAsync(Path.Join(fileSystem.MountPoint, "filler"));
        var disks = new LocalDisks(directory.Options);

        var outOfStock = await Should.ThrowAsync<OutOfStockException>(
            () => disks.EnsureCreatedAsync(DiskDirectory.Spec(1, mebibytes: 100 << 10), Ct));

        outOfStock.Message.ShouldContain("No space left on device");
        var again = await Should.ThrowAsync<OutOfStockException>(
            () => disks.EnsureCreatedAsync(DiskDirectory.Spec(1, mebibytes: 100 << 10), Ct));
        again.Message.ShouldBe(outOfStock.Message, "a history grows only by what is new");
        directory.Entries.ShouldBe([".mooring-installation"]);
    }

    [Fact]
    public async Task Of_one_file_is_limited_by_the_file_system_and_refused_in_words()
    {
        await using var fileSystem = await LoopFileSystem.MakeAsync(mebibytes: 64);
        using var directory = await DiskDirectory.InitializedOnAsync(fileSystem.MountPoint);
        var spec = DiskDirectory.Spec(1) with { Size = ByteSize.FromGiB(100_000) };

        await Should.ThrowAsync<RefusedException>(() => new LocalDisks(directory.Options).EnsureCreatedAsync(spec, Ct));

        directory.Entries.ShouldBe([".mooring-installation"]);
    }

    private static async Task<long> CapacityAsync(LocalDisks disks) =>
        (await disks.ListOffersAsync(Ct))[0].Pool!.Capacity.Bytes;

    private static async Task FillAsync(string image, int mebibytes)
    {
        await using var file = new FileStream(image, FileMode.Open, FileAccess.Write);
        file.Seek(64 << 20, SeekOrigin.Begin);
        var block = new byte[1 << 20];
        for (var i = 0; i < mebibytes; i++)
        {
            await file.WriteAsync(block, Ct);
        }

        file.Flush(flushToDisk: true);
    }

    private static async Task FillUpAsync(string path)
    {
        await using var file =
            new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var full = await Should.ThrowAsync<IOException>(async () =>
        {
            var block = new byte[4096];
            while (true)
            {
                await file.WriteAsync(block, Ct);
            }
        });
        full.HResult.ShouldBe(Errno.NoSpace);
    }
}
