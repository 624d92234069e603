using System.Security.Cryptography;
using Mooring.Client;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// Accounts at clouds that an operator adds while mooringd runs: each cloud is simulated by a process of its own, whose
/// books tell what truly is there.
/// </summary>
public sealed class CloudTests
{
    private static readonly string[] Providers = ["hyperstack", "runpod"];

    // A create of unknown outcome is waited for a minute before it is sent again; chance may have it so more than once.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(Soak.Seed, Soak.CloudSeeds)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task On_a_bad_day_a_disk_and_an_instance_come_and_go_and_nothing_is_left(int seed)
    {
        await using var place = await OpenAsync(seed, Faults);
        var installation = place.Installation;
        await Task.WhenAll(place.Clouds.Select(async cloud =>
        {
            var client = installation.Client;
            var disk = await client.CreateDiskAsync(await DiskAtAsync(client, cloud), ct: Ct);
            await DiskShowsAsync(installation, disk.Id, Statuses.Active);
            (await cloud.ReadBooksAsync()).DisksThere.ShouldBe([installation.NameOf(disk.Id)], cloud.Provider);

            var pod = await client.CreatePodAsync(await PodWithAsync(client, cloud, disk.Id), ct: Ct);
            (await PodShowsAsync(installation, pod.Id, Statuses.Active)).SshConnection.ShouldNotBeNull();
            var books = await cloud.ReadBooksAsync();
            books.DisksThere.ShouldBe([installation.NameOf(disk.Id)], cloud.Provider);
            books.InstancesThere.ShouldBe([installation.NameOf(pod.Id)], cloud.Provider);

            await client.DeletePodAsync(pod.Id, Ct);
            await PodShowsAsync(installation, pod.Id, Statuses.Terminated);
            (await client.WaitForDiskAsync(
                disk.Id, seen => seen.Pods.Count == 0, Patience, TimeProvider.System, ct: Ct))
                .Status.ShouldBe(Statuses.Active);
            await client.DeleteDiskAsync(disk.Id, Ct);
            await DiskShowsAsync(installation, disk.Id, Statuses.Terminated);

            books = await cloud.ReadBooksAsync();
            books.DisksThere.ShouldBeEmpty(cloud.Provider);
            books.InstancesThere.ShouldBeEmpty(cloud.Provider);
            books.Faults.ShouldNotBeEmpty(cloud.Provider);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{cloud.Provider}: {string.Join(", ", books.Faults.CountBy(fault => fault))}");
        }));
        await Bill.AssertAgreesAsync(installation.Records);
    }

    [Fact]
    public async Task After_a_kill_accounts_disks_and_instances_go_on_and_nothing_is_there_twice()
    {
        await using var place = await OpenAsync(Soak.Seed, Calm);
        var installation = place.Installation;
        var accounts = await installation.Client.ListProviderAccountsAsync(Ct);
        var held = await AcceptedDisksAsync(place);
        Dictionary<SimulatedCloud, string> pods = [];
        foreach (var cloud in place.Clouds)
        {
            await DiskShowsAsync(installation, held[cloud], Statuses.Active);
            var request = await PodWithAsync(installation.Client, cloud, held[cloud]);
            pods[cloud] = (await installation.Client.CreatePodAsync(request, ct: Ct)).Id;
        }

        var free = await AcceptedDisksAsync(place);

        await RestartAsync(installation);

        (await installation.Client.ListProviderAccountsAsync(Ct)).Select(account => account.Id)
            .ShouldBe(accounts.Select(account => account.Id));
        foreach (var cloud in place.Clouds)
        {
            await DiskShowsAsync(installation, free[cloud], Statuses.Active);
            await PodShowsAsync(installation, pods[cloud], Statuses.Active);
            await HasHadAsync(cloud, areThere: true);
            await installation.Client.DeleteDiskAsync(free[cloud], Ct);
            await installation.Client.DeletePodAsync(pods[cloud], Ct);
        }

        foreach (var cloud in place.Clouds)
        {
            await PodShowsAsync(installation, pods[cloud], Statuses.Terminated);
            await installation.Client.DeleteDiskAsync(held[cloud], Ct);
        }

        foreach (var cloud in place.Clouds)
        {
            await DiskShowsAsync(installation, free[cloud], Statuses.Terminated);
            await DiskShowsAsync(installation, held[cloud], Statuses.Terminated);
            await HasHadAsync(cloud, areThere: false);
        }

        // Exactly these, now and ever: one that was made and removed again would be in the books too.
        async Task HasHadAsync(SimulatedCloud cloud, bool areThere)
        {
            var books = await cloud.ReadBooksAsync();
            books.Disks.ShouldBe(
                [
                    new Booked(installation.NameOf(held[cloud]), areThere),
                    new Booked(installation.NameOf(free[cloud]), areThere),
                ],
                ignoreOrder: true);
            books.Instances.ShouldBe([new Booked(installation.NameOf(pods[cloud]), areThere)]);
        }
    }

    [Fact]
    public async Task A_disk_under_our_name_that_no_record_is_about_is_found_and_deleted_by_the_operators_word()
    {
        await using var place = await OpenAsync(Soak.Seed, Calm);
        var installation = place.Installation;
        var orphans = place.Clouds.ToDictionary(
            cloud => cloud, _ => installation.NameOf(RandomNumberGenerator.GetHexString(32, lowercase: true)));
        foreach (var (cloud, name) in orphans)
        {
            await cloud.PlantDiskAsync(name);
        }

        // The first list is taken soon after a start.
        await RestartAsync(installation);
        IReadOnlyList<InventoryFinding> found = [];
        await Until.HoldsAsync(
            async () => (found = await installation.Client.ListInventoryAsync(Ct)).Count >= orphans.Count,
            "the orphans are found");
        found.Select(finding => (finding.Kind, finding.ProviderType, finding.Name)).ShouldBe(
            orphans.Select(orphan => ("orphan_disk", orphan.Key.Provider, orphan.Value)), ignoreOrder: true);
        foreach (var finding in found)
        {
            await installation.Client.DeleteOrphanAsync(
                new DeleteOrphanRequest { ProviderAccountId = finding.ProviderAccountId, Name = finding.Name }, Ct);
        }

        foreach (var (cloud, name) in orphans)
        {
            await DiskShowsAsync(installation, name[^32..], Statuses.Terminated);
            (await cloud.ReadBooksAsync()).Disks.ShouldBe([new Booked(name, IsThere: false)]);
        }
    }

    // Both simulators write chance alike; what differs is the fault's key, and which verbs make something.
    private static string Faults(string provider)
    {
        var (key, pods, delays) = provider == "runpod" ? ("kind", "pods", "") : ("fault", "vms", Delays);
        return $$"""
            {
              {{delays}}
              "faults": [
                { "{{key}}": "lostReply", "on": ["volumes.create", "{{pods}}.create"], "probability": 0.2 },
                { "{{key}}": "late", "on": ["volumes.create", "{{pods}}.create"], "probability": 0.15, "seconds": 1,
                  "secondsMost": 4 },
                { "{{key}}": "slow", "on": ["{{pods}}.create", "{{pods}}.delete"], "probability": 0.3, "seconds": 3 },
                { "{{key}}": "lostReply", "on": ["*"], "probability": 0.03 },
                { "{{key}}": "lostRequest", "on": ["*"], "probability": 0.03 },
                { "{{key}}": "unreachable", "on": ["*"], "probability": 0.04 },
                { "{{key}}": "throttled", "on": ["*"], "probability": 0.02, "retryAfterSeconds": 1 }
              ]
            }
            """;
    }

    private static string Calm(string provider) =>
        $$"""{ {{(provider == "runpod" ? "" : Delays)}} "faults": [] }""";

    private const string Delays = """
        "delays": {
          "volumeCreate": 1, "volumeDelete": 1, "machineCreate": 5, "machineDelete": 2, "machineChange": 2,
          "attach": 1, "detach": 1
        },
        """;

    /// <summary>A mooringd that serves nothing but what the operator has added: an account at each cloud.</summary>
    private static async Task<CloudPlace> OpenAsync(int seed, Func<string, string> scriptOf)
    {
        var place = new CloudPlace(Simulating.Prepare());
        try
        {
            foreach (var provider in Providers)
            {
                place.Clouds.Add(await SimulatedCloud.StartAsync(
                    provider, seed, Simulating.Write(place.Installation, $"{provider}.json", scriptOf(provider))));
            }

            await place.Installation.StartAsync();
            foreach (var cloud in place.Clouds)
            {
                await AddAccountAsync(place.Installation.Client, cloud);
            }

            await new Tenant(place.Installation).RegisterKeyAsync();
            return place;
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }

    // What is added is tried first; on a bad day the operator is told to try again.
    private static Task AddAccountAsync(MooringClient client, SimulatedCloud cloud) => Until.HoldsAsync(
        async () =>
        {
            try
            {
                var added = await client.AddProviderAccountAsync(
                    new AddProviderAccountRequest
                    {
                        Type = cloud.Provider,
                        Name = "rehearsal",
                        Credential = "any-key-will-do",
                        // Longer than the scripts' latest create, and short enough to be waited out.
                        Settings = new Dictionary<string, string?>
                        {
                            ["address"] = cloud.Address.AbsoluteUri,
                            ["settling-seconds"] = "8",
                        },
                    },
                    Ct);
                added.Type.ShouldBe(cloud.Provider);
                return true;
            }
            catch (MooringApiException refusal) when (refusal.Detail.Contains("Try again", StringComparison.Ordinal))
            {
                return false;
            }
        },
        $"an account at {cloud.Provider} is added",
        Patience);

    private static async Task RestartAsync(Installation installation)
    {
        await installation.KillAsync();
        await installation.StartAsync();
    }

    private static async Task<Dictionary<SimulatedCloud, string>> AcceptedDisksAsync(CloudPlace place)
    {
        var client = place.Installation.Client;
        Dictionary<SimulatedCloud, string> disks = [];
        foreach (var cloud in place.Clouds)
        {
            disks[cloud] = (await client.CreateDiskAsync(await DiskAtAsync(client, cloud), ct: Ct)).Id;
        }

        return disks;
    }

    private static async Task<CreateDiskRequest> DiskAtAsync(MooringClient client, SimulatedCloud cloud)
    {
        // At both, instances are near this one.
        var dataCenter = cloud.Provider == "runpod" ? "EU-RO-1" : "US-1";
        DiskOffer? offer = null;
        await Until.HoldsAsync(
            async () => (offer = await client.ListDiskOffersAsync(ct: Ct).FirstOrDefaultAsync(
                one => one.Provider == cloud.Provider && one.DataCenter == dataCenter, Ct)) is not null,
            $"{cloud.Provider} offers disks",
            Patience);
        return new CreateDiskRequest
        {
            Disk = new CreateDisk
            {
                Size = Math.Max(10, offer!.Spec.MinCount ?? 0),
                CloudId = offer.CloudId,
                DataCenterId = offer.DataCenter,
            },
            Provider = new ProviderChoice { Type = cloud.Provider },
        };
    }

    private static async Task<CreatePodRequest> PodWithAsync(MooringClient client, SimulatedCloud cloud, string disk)
    {
        GpuOffer? offer = null;
        await Until.HoldsAsync(
            async () => (offer = await client.ListGpuOffersAsync(new GpuOfferFilter { Disks = [disk] }, Ct)
                .FirstOrDefaultAsync(one => one.Provider == cloud.Provider && one.Images.Count > 0, Ct)) is not null,
            $"{cloud.Provider} offers an instance for the disk",
            Patience);
        return new CreatePodRequest
        {
            Pod = new CreatePod
            {
                CloudId = offer!.CloudId,
                GpuType = offer.GpuType,
                Socket = offer.Socket,
                GpuCount = offer.GpuCount,
                DataCenterId = offer.DataCenter,
                Image = offer.Images[0],
            },
            Provider = new ProviderChoice { Type = offer.Provider },
            Disks = [disk],
        };
    }

    private static Task<Disk> DiskShowsAsync(Installation installation, string id, string status) =>
        new Tenant(installation).WaitForDiskAsync(id, status, Patience);

    private static async Task<Pod> PodShowsAsync(Installation installation, string id, string status)
    {
        var pod = await installation.Client.WaitForPodAsync(
            id,
            seen => seen.Status == status || seen.Status is Statuses.Error or Statuses.Terminated,
            Patience,
            TimeProvider.System,
            ct: Ct);
        pod.Status.ShouldBe(status, await new Tenant(installation).HistoryAsync(id));
        return pod;
    }

    private sealed class CloudPlace(Installation installation) : IAsyncDisposable
    {
        public Installation Installation => installation;

        public List<SimulatedCloud> Clouds { get; } = [];

        // What a failed test has left is removed through Mooring, so the clouds go last.
        public async ValueTask DisposeAsync()
        {
            try
            {
                await installation.DisposeAsync();
            }
            finally
            {
                foreach (var cloud in Clouds)
                {
                    await cloud.DisposeAsync();
                }
            }
        }
    }
}
