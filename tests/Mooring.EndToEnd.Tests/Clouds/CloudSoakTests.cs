using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Mooring.Client;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Clouds;

/// <summary>
/// Disks by the dozen, and in <c>./test --soak</c> by the hundred, at three accounts on a bad day, while mooringd is
/// killed with SIGKILL again and again.
/// </summary>
public sealed class CloudSoakTests
{
    private const int Users = 8;
    private const int MillisecondsAtMost = 2_500;

    // One disk in so many stays.
    private const int Kept = 10;

    private static readonly int DisksEach = Soak.IsOn ? 167 : 10;
    private static readonly int Kills = Soak.IsOn ? 20 : 3;
    private static readonly TimeSpan Patience = Soak.IsOn ? TimeSpan.FromMinutes(40) : CloudPlace.Patience;

    private readonly Random _random = new(Soak.Seed);
    private int _kills;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_disks_at_three_accounts_nothing_is_left_but_what_was_planted_and_that_is_listed()
    {
        // Of two accounts with the same offers the first is used, until it is disabled, or while nobody has heard yet
        // what it offers: just after a start the other may answer first. So the records say which disk is where.
        await using var place = await CloudPlace.OpenAsync(
            Soak.Seed, CloudPlace.BadDay, "hyperstack", "runpod", "runpod");
        var installation = place.Installation;
        installation.DrainPatience = Patience;
        List<string> disks = [];
        foreach (var cloud in place.Clouds)
        {
            disks.AddRange(await CreateManyAsync(installation, cloud));
            await installation.Client.DisableProviderAccountAsync(cloud.Account, Ct);
        }

        Dictionary<SimulatedCloud, string> planted = [];
        await AssertAreThereAsync(place, disks, planted);
        foreach (var cloud in place.Clouds)
        {
            planted[cloud] = await PlantAsync(installation, cloud);
        }

        var kept = disks.Where((_, n) => n % Kept == 0).ToList();
        await DeleteManyAsync(installation, [.. disks.Except(kept)]);
        await AssertAreThereAsync(place, kept, planted);
        await OnlyThePlantedAreListedAsync(installation, planted.Values);

        await DeleteManyAsync(installation, kept);
        await AssertAreThereAsync(place, [], planted);
        await OnlyThePlantedAreListedAsync(installation, planted.Values);
        await Bill.AssertAgreesAsync(installation.Records);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {Soak.Seed}: {3 * DisksEach} disks, {_kills} kills; faults: "
            + string.Join("; ", await Task.WhenAll(place.Clouds.Select(FaultsOfAsync))));
    }

    /// <summary>The remote names of the disks that were made; all are ACTIVE.</summary>
    private async Task<List<string>> CreateManyAsync(Installation installation, SimulatedCloud cloud)
    {
        var request = await CloudPlace.DiskAtAsync(installation.Client, cloud);
        var names = Enumerable.Range(0, DisksEach).Select(n => $"{cloud.Account}-{n}").ToList();
        await WhileKilledAsync(installation, names, async name =>
        {
            var disk = request.Disk! with { Name = name };
            try
            {
                await installation.Client.CreateDiskAsync(request with { Disk = disk }, ct: Ct);
                return true;
            }
            catch (MooringApiException refusal) when (refusal.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                return false;
            }
        });
        List<Disk> made = [];
        await Until.HoldsAsync(
            async () =>
            {
                made = (await ListAsync(installation)).FindAll(disk => names.Contains(disk.Name));
                made.ShouldNotContain(disk => disk.Status == Statuses.Error);
                return made.TrueForAll(disk => disk.Status == Statuses.Active);
            },
            $"all disks at {cloud.Provider} are ACTIVE",
            Patience);
        made.Select(disk => disk.Name).ShouldBe(names, ignoreOrder: true);
        return [.. made.Select(disk => installation.NameOf(disk.Id))];
    }

    private async Task DeleteManyAsync(Installation installation, IReadOnlyList<string> names)
    {
        await WhileKilledAsync(installation, names, async name =>
        {
            await installation.Client.DeleteDiskAsync(name[^32..], Ct);
            return true;
        });
        await Until.HoldsAsync(
            async () => !(await ListAsync(installation)).Exists(disk => names.Contains(installation.NameOf(disk.Id))),
            "all deleted disks are gone",
            Patience);
    }

    /// <summary>
    /// Some users do something for each name, until all of it is answered with a yes. What a kill left unanswered is
    /// asked again once it is known not to be done.
    /// </summary>
    private async Task WhileKilledAsync(
        Installation installation, IReadOnlyList<string> names, Func<string, Task<bool>> doAsync)
    {
        ConcurrentQueue<string> open = new(names);
        for (var kill = 0; kill < Kills || !open.IsEmpty; kill++)
        {
            var unanswered = 0;
            var users = Enumerable.Range(0, Users).Select(async _ =>
            {
                while (open.TryDequeue(out var name))
                {
                    try
                    {
                        if (!await doAsync(name))
                        {
                            open.Enqueue(name);
                        }
                    }
                    catch (MooringConnectionException)
                    {
                        Interlocked.Increment(ref unanswered);
                        open.Enqueue(name);
                        return;
                    }
                }
            }).ToList();
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(MillisecondsAtMost)), TimeProvider.System, Ct);
            await installation.KillAsync();
            _kills++;
            await Task.WhenAll(users);
            await installation.StartAsync();
            if (unanswered > 0)
            {
                var there = await ListAsync(installation);
                open = new ConcurrentQueue<string>(open.Where(name => !there.Exists(disk => disk.Name == name)));
            }
        }
    }

    private static async Task<List<Disk>> ListAsync(Installation installation) =>
        await installation.Client.ListDisksAsync(ct: Ct).ToListAsync(Ct);

    /// <summary>At each cloud there is what the records say is there, and what was planted, and nothing else.</summary>
    private static async Task AssertAreThereAsync(
        CloudPlace place, List<string> disks, Dictionary<SimulatedCloud, string> planted)
    {
        var accounts = await place.Installation.Records.DiskAccountsAsync();
        foreach (var cloud in place.Clouds)
        {
            var there = (await cloud.ReadBooksAsync()).DisksThere
                .ToLookup(name => name == planted.GetValueOrDefault(cloud));
            there[false].ShouldBe(
                disks.Where(name => accounts[name] == cloud.Account), ignoreOrder: true, cloud.Provider);
            // What was planted may have come twice.
            there[true].Any().ShouldBe(planted.ContainsKey(cloud));
        }
    }

    // On a bad day the call that plants may fail, too.
    private static async Task<string> PlantAsync(Installation installation, SimulatedCloud cloud)
    {
        var name = installation.NameOf(RandomNumberGenerator.GetHexString(32, lowercase: true));
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    await cloud.PlantDiskAsync(name);
                }
                catch (HttpRequestException)
                {
                    // Perhaps it is there all the same.
                }

                return (await cloud.ReadBooksAsync()).DisksThere.Contains(name);
            },
            $"a disk is planted at {cloud.Provider}",
            Patience);
        return name;
    }

    private static async Task OnlyThePlantedAreListedAsync(Installation installation, IEnumerable<string> planted)
    {
        var names = planted.Order(StringComparer.Ordinal).ToList();
        await Until.HoldsAsync(
            async () => names.SequenceEqual((await installation.Client.ListInventoryAsync(ct: Ct))
                .Select(finding => finding.Name)
                .Distinct()
                .Order(StringComparer.Ordinal)),
            "the planted disks are listed, and nothing else",
            Patience);
    }

    private static async Task<string> FaultsOfAsync(SimulatedCloud cloud) =>
        $"{cloud.Provider}: {string.Join(", ", (await cloud.ReadBooksAsync()).Faults.CountBy(fault => fault))}";
}
