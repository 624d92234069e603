using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class DiskTests(House house)
{
    // What vanishes behind our back is found by a list that is taken once a minute.
    private static readonly TimeSpan BySweep = TimeSpan.FromSeconds(100);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Installation Installation => house.Installation;

    [Fact]
    public async Task Disk_can_be_renamed_and_deleted_while_it_is_made()
    {
        var tenant = await house.EnterAsync();
        var client = Installation.Client;
        var created = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => client.CreateDiskAsync(Tenant.DiskRequest(), ct: Ct)));
        var (renamed, deleted) = (created.Take(4).ToList(), created.Skip(4).ToList());

        var deletes = await Task.WhenAll(deleted.Select(disk => client.DeleteDiskAsync(disk.Id, Ct)));
        await Task.WhenAll(renamed.Select((disk, i) => client.RenameDiskAsync(disk.Id, $"renamed-{i}", Ct)));

        deletes.ShouldAllBe(answer => answer.Status == Statuses.Deleting || answer.Status == Statuses.Terminated);
        for (var i = 0; i < renamed.Count; i++)
        {
            (await tenant.WaitForDiskAsync(renamed[i].Id, Statuses.Active)).Name.ShouldBe($"renamed-{i}");
            await tenant.WaitForDiskAsync(deleted[i].Id, Statuses.Terminated);
        }

        Directory.GetFiles(Path.Combine(Installation.Data, "disks"), "*.img")
            .ShouldBe(renamed.Select(disk => Installation.ImageOf(disk.Id)), ignoreOrder: true);
        await Task.WhenAll(renamed.Select(disk => tenant.DeleteDiskAsync(disk.Id)));
        (await Installation.Records.PromisedGbAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Disk_can_be_deleted_as_often_as_one_likes()
    {
        var tenant = await house.EnterAsync();
        var client = Installation.Client;
        var disk = await tenant.CreateDiskAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.DeleteDiskAsync(disk.Id, Ct)));
        answers.ShouldAllBe(answer => answer.Status == Statuses.Deleting || answer.Status == Statuses.Terminated);
        var gone = await tenant.WaitForDiskAsync(disk.Id, Statuses.Terminated);

        (await client.DeleteDiskAsync(disk.Id, Ct)).Status.ShouldBe(Statuses.Terminated);
        (await client.GetDiskAsync(disk.Id, Ct)).TerminatedAt.ShouldBe(gone.TerminatedAt);
        (await client.ListDisksAsync(ct: Ct).AnyAsync(one => one.Id == disk.Id, Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Disk_whose_image_vanished_is_ERROR_with_the_reason_and_can_be_deleted()
    {
        var tenant = await house.EnterAsync();
        var client = Installation.Client;
        var disk = await tenant.CreateDiskAsync();
        var healthy = await tenant.CreateDiskAsync();
        var request = await tenant.PodRequestAsync(disk.Id);

        File.Delete(Installation.ImageOf(disk.Id));
        // The first list after a start comes sooner than the next one of a server that runs.
        await Installation.KillAsync();
        await Installation.StartAsync();

        await Until.HoldsAsync(
            async () => (await client.GetDiskAsync(disk.Id, Ct)).Status == Statuses.Error,
            "the disk is ERROR",
            BySweep);
        (await client.GetDiskAsync(healthy.Id, Ct)).Status.ShouldBe(Statuses.Active);
        (await Installation.Records.EventsAsync(disk.Id))[^1].Words.ShouldNotBeNull().ShouldContain("missing");
        (await Refusal.OfAsync(409, () => client.CreatePodAsync(request, ct: Ct))).ShouldContain("missing");
        await tenant.DeleteDiskAsync(disk.Id);
        await tenant.DeleteDiskAsync(healthy.Id);
    }

    [Fact]
    public async Task Disks_whose_directory_lost_its_marker_are_UNKNOWN_after_five_minutes_and_never_ERROR()
    {
        var tenant = await house.EnterAsync();
        var client = Installation.Client;
        var disk = await tenant.CreateDiskAsync();
        var request = await tenant.PodRequestAsync(disk.Id);
        var directory = Path.Combine(Installation.Data, "disks");
        var aside = Path.Combine(Installation.Data, "disks-aside");
        (await Installation.StopAsync()).ShouldBe(0);

        // As when the file system of the disks is not mounted: an empty directory where they should be.
        Directory.Move(directory, aside);
        Directory.CreateDirectory(directory);
        try
        {
            await Installation.StartAsync();
            await Until.HoldsAsync(
                async () => await Installation.Records.UnreadableSinceAsync() is not null,
                "the server has looked",
                BySweep);
            (await client.GetDiskAsync(disk.Id, Ct)).Status.ShouldBe(Statuses.Active);
            (await Installation.Records.EventsAsync(disk.Id))
                .ShouldAllBe(e => e.Status != Statuses.Error && e.Status != Statuses.Terminated);
            Directory.GetFileSystemEntries(directory).ShouldBeEmpty();

            (await Installation.StopAsync()).ShouldBe(0);
            await Installation.Records.AgeUnreadabilityAsync(TimeSpan.FromMinutes(6));
            await Installation.StartAsync();
            (await client.GetDiskAsync(disk.Id, Ct)).Status.ShouldBe(Statuses.Unknown);
            await Installation.WaitForInstancesAsync();
            await Refusal.OfAsync(409, () => client.CreatePodAsync(request, ct: Ct));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
            Directory.Move(aside, directory);
        }

        (await Installation.StopAsync()).ShouldBe(0);
        await Installation.StartAsync();
        await tenant.WaitForDiskAsync(disk.Id, Statuses.Active);
        await tenant.DeleteDiskAsync(disk.Id);
    }
}
