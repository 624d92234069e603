using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>
/// Two instances that want one disk in turn, while any request may fail in any way: never do both hold it, and in the
/// end each wish is fulfilled and the disk is still the same.
/// </summary>
public class HistoryTests
{
    private const int Seeds = 10;
    private const int SeedsOfASoak = 200;
    private const int StepsAtMost = 2000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_changes_hands_through_every_failure()
    {
        var seeds = Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") == "1" ? SeedsOfASoak : Seeds;
        for (var seed = 1; seed <= seeds; seed++)
        {
            await PlayAsync(seed);
        }
    }

    private static async Task PlayAsync(int seed)
    {
        await using var house = await House.OpenAsync(Ct, new Script(), seed);
        await house.MakeAsync(House.Disk(1), Ct);
        var disk = house.Cloud.Books.Volumes.ShouldHaveSingleItem().Id;
        house.Cloud.AddFaults(Storm());
        for (var turn = 0; turn < 4; turn++)
        {
            var machine = House.Machine(2 + (turn % 2), House.Disk(1));
            await UntilAsync(house, seed, async () =>
                (await house.Provider.Instances.EnsureCreatedAsync(machine, Ct)).State
                    is RemoteInstanceState.Ready);
            house.Cloud.Books.Machines.Single(one => one.IsThere && one.Name == machine.Name)
                .VolumeIds.ShouldBe([disk], $"seed {seed}");

            await UntilAsync(house, seed, async () =>
                (await house.Provider.Instances.EnsureDeletedAsync(new InstanceRef(machine.Name, null), Ct)).State
                    is RemoteInstanceState.Absent);
            // Mooring gives the disk to nobody else before this is so.
            await UntilAsync(house, seed, async () =>
                (await house.Provider.Disks.ObserveAsync(new DiskRef(House.Name(1), null), Ct)).State
                    is not RemoteDiskState.Changing);
        }

        house.Cloud.ClearFaults();
        house.Time.Advance(TimeSpan.FromMinutes(2));
        var books = house.Cloud.Books;
        books.Machines.ShouldAllBe(machine => !machine.IsThere, $"seed {seed}");
        books.Volumes.ShouldHaveSingleItem().Status.ShouldBe("available", $"seed {seed}");
    }

    private static async Task UntilAsync(House house, int seed, Func<Task<bool>> isSo)
    {
        for (var step = 0; step < StepsAtMost; step++)
        {
            try
            {
                if (await isSo())
                {
                    return;
                }
            }
            catch (ProviderException failure) when (failure is not RefusedException)
            {
                // As Mooring does: it is asked again.
            }

            house.Cloud.Books.Machines.Count(machine => machine.VolumeIds.Count > 0).ShouldBeLessThan(2);
            house.Time.Advance(Pause);
        }

        throw new InvalidOperationException($"Seed {seed}: after {StepsAtMost} steps it is not so.");
    }

    private static IEnumerable<Fault> Storm()
    {
        string[] changes =
        [
            "vms.create", "vms.delete", "vms.stop", "vms.attach", "vms.detach", "attachments.protect",
            "environments.create", "keypairs.create",
        ];
        return
        [
            new() { Kind = FaultKind.LostReply, On = changes, Probability = 0.15 },
            new() { Kind = FaultKind.LostRequest, On = changes, Probability = 0.1 },
            new() { Kind = FaultKind.ServerError, On = changes, Probability = 0.05 },
            new() { Kind = FaultKind.OutOfStock, On = ["vms.create"], Probability = 0.2 },
            new() { Kind = FaultKind.Slow, On = changes, Probability = 0.3, Seconds = 5, SecondsMost = 60 },
            new() { Kind = FaultKind.StuckDetach, On = ["vms.detach"], Probability = 0.5, Seconds = 100 },
            new() { Kind = FaultKind.Unreachable, On = ["*"], Probability = 0.05 },
            new() { Kind = FaultKind.Throttled, On = ["*"], Probability = 0.05 },
        ];
    }
}
