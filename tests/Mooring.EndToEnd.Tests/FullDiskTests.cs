using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>The host's own disk is full, under the disks, the engine and the records.</summary>
[Collection(HouseGroup.Name)]
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int Megabytes = 3_000;
    private const int RenamesAtMost = 20_000;

    private SmallDisk? _disk;
    private Installation? _installation;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SmallDisk Disk => _disk!;

    private Installation Installation => _installation!;

    public async ValueTask InitializeAsync()
    {
        KernelFeatures.Demand();
        _disk = await SmallDisk.MakeAsync(Megabytes);
        _installation = Installation.Prepare(Path.Combine(_disk.Path, "installation"));
        _installation.Settings["MOORING__Disks__ReserveGb"] = "0";
        await _installation.ProvideImageAsync();
        await _installation.StartAsync();
        await _installation.WaitForInstancesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null)
        {
            Disk.Free();
            await _installation.DisposeAsync();
        }

        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_was_written_before_is_there_after_and_everything_goes_on_once_there_is_room()
    {
        var tenant = new Tenant(Installation);
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);
        await tenant.RunAsync(pod, "echo kept >/workspace/note; sync");

        await Disk.FillAsync(bytesLeft: 4 << 20);
        var written = await tenant.TryRunAsync(
            pod, "dd if=/dev/urandom of=/workspace/big bs=1M count=400 conv=fsync status=none");
        written.ExitCode.ShouldNotBe(0, "there is no room for it");
        (await Installation.Client.GetPodAsync(pod.Id, Ct)).Status.ShouldBe(Statuses.Active);

        Disk.Free();
        await tenant.EndPodAsync(pod.Id);
        await tenant.WaitUntilFreeAsync(disk.Id);
        var next = await tenant.StartPodAsync(disk.Id);
        (await tenant.RunAsync(next, "cat /workspace/note; rm -f /workspace/big; echo more >>/workspace/note; sync"))
            .Output.ShouldBe("kept\n");
        await tenant.EndPodAsync(next.Id);
        await tenant.DeleteDiskAsync(disk.Id);
        await Holdings.AssertExactlyAsync(Installation, [], []);
    }

    [Fact]
    public async Task Writes_are_refused_with_words_reads_are_answered_and_no_restart_is_needed()
    {
        var tenant = new Tenant(Installation);
        var disk = await tenant.CreateDiskAsync();

        await Disk.FillAsync(bytesLeft: 0);
        var (accepted, refusal) = await RenameUntilRefusedAsync(disk);

        ((int)refusal.StatusCode).ShouldBe(503);
        refusal.Detail.ShouldContain("disk is full");
        refusal.RetryAfter.ShouldNotBeNull();
        var seen = await Installation.Client.GetDiskAsync(disk.Id, Ct);
        seen.Name.ShouldBe(accepted);
        seen.Status.ShouldBe(Statuses.Active);

        Disk.Free();
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    await Installation.Client.RenameDiskAsync(disk.Id, "room again", Ct);
                    return true;
                }
                catch (MooringApiException e) when ((int)e.StatusCode == 503)
                {
                    return false;
                }
            },
            "writes are accepted again");
        var other = await tenant.CreateDiskAsync();
        await Holdings.AssertExactlyAsync(Installation, [disk, other], []);
        await Bill.AssertAgreesAsync(Installation.Records);
        await tenant.DeleteDiskAsync(other.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    // The log has room of its own for some of them.
    private async Task<(string Accepted, MooringApiException Refusal)> RenameUntilRefusedAsync(Disk disk)
    {
        var accepted = disk.Name;
        for (var i = 0; i < RenamesAtMost; i++)
        {
            try
            {
                var name = $"{i} {new string('x', 200)}";
                await Installation.Client.RenameDiskAsync(disk.Id, name, Ct);
                accepted = name;
            }
            catch (MooringApiException refusal)
            {
                return (accepted, refusal);
            }
        }

        throw new InvalidOperationException($"{RenamesAtMost} renames were accepted on a full disk");
    }
}
