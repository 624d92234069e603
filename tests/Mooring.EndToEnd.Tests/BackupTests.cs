using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// docs/operate/backup.md, followed through: a copy of a live server's records, and a restore beside its disks.
/// </summary>
[Collection(HouseGroup.Name)]
public sealed class BackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_copied_under_writes_and_put_beside_the_disks_have_every_disk_adopted()
    {
        KernelFeatures.Demand();
        await using var installation = Installation.Prepare();
        // Drained when it stops: an engine that runs on keeps its storage in the old directory mounted.
        await installation.StartAsync("--drain");
        var tenant = new Tenant(installation);
        var (kept, deleted) = (await tenant.CreateDiskAsync(), await tenant.CreateDiskAsync());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = WriteAsync(installation, kept.Id, over.Token);
        var copy = Path.Combine(installation.Scratch, "mooring.db");
        Directory.CreateDirectory(installation.Scratch);

        var backup = await RunAsync("db", "backup", copy, "--data", installation.Data);
        backup.OrFail("the records can't be copied").Output.ShouldContain(copy);
        (await RunAsync("db", "backup", copy, "--data", installation.Data))
            .ExitCode.ShouldBe(2, "nothing is overwritten");
        await over.CancelAsync();
        await writing;
        (await RunAsync("db", "check", "--data", installation.Data)).OrFail("the live records");
        var later = await tenant.CreateDiskAsync();
        (await installation.StopAsync()).ShouldBe(0);
        var (laterImage, deletedImage) = (installation.ImageOf(later.Id), installation.ImageOf(deleted.Id));

        Restore(installation, copy);
        (await RunAsync("db", "check", "--data", installation.Data)).OrFail("the restored records");
        await installation.StartAsync();

        (await installation.Client.ListDisksAsync(ct: Ct).ToListAsync(Ct)).Select(disk => (disk.Id, disk.Status))
            .ShouldBe([(kept.Id, Statuses.Active), (deleted.Id, Statuses.Active)], ignoreOrder: true);
        await tenant.DeleteDiskAsync(deleted.Id);
        File.Exists(deletedImage).ShouldBeFalse("what the records say is done to the disks beside them");
        await tenant.CreateDiskAsync();
        (await tenant.WaitForDiskAsync(kept.Id, Statuses.Active)).TerminatedAt.ShouldBeNull();
        File.Exists(laterImage).ShouldBeTrue("what the records don't know is left alone");
        File.Delete(laterImage);
        (await RunAsync("db", "check", "--data", installation.Data)).OrFail("the records in use again");
    }

    private static async Task WriteAsync(Installation installation, string disk, CancellationToken ct)
    {
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            await installation.Client.RenameDiskAsync(disk, $"name-{i}", CancellationToken.None);
        }
    }

    // The old directory is lost but for its disks, which lie on a file system of their own, say.
    private static void Restore(Installation installation, string copy)
    {
        var lost = installation.Data + "-lost";
        Directory.Move(installation.Data, lost);
        Directory.CreateDirectory(installation.Data, (UnixFileMode)0b111_001_001);
        Directory.Move(Path.Combine(lost, "disks"), Path.Combine(installation.Data, "disks"));
        File.Copy(copy, Path.Combine(installation.Data, "mooring.db"));
    }

    private static Task<Outcome> RunAsync(params string[] arguments) => Tool.RunAsync(Programs.Daemon, arguments);
}
