using System.Security.Cryptography;
using Mooring.Client;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Clouds;

/// <summary>
/// Accounts at clouds that an operator adds while mooringd runs: each cloud is simulated by a process of its own, whose
/// books tell what truly is there.
/// </summary>
public sealed class CloudTests
{
    private static readonly string[] Providers = ["hyperstack", "runpod"];

    private static readonly TimeSpan Patience = CloudPlace.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(Soak.Seed, Soak.CloudSeeds)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task On_a_bad_day_a_disk_and_an_instance_come_and_go_and_nothing_is_left(int seed)
    {
        await using var place = await CloudPlace.OpenAsync(seed, CloudPlace.BadDay, Providers);
        var installation = place.Installation;
        await Task.WhenAll(place.Clouds.Select(async cloud =>
        {
            var client = installation.Client;
            var disk = await client.CreateDiskAsync(await CloudPlace.DiskAtAsync(client, cloud), ct: Ct);
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
                disk.Id, seen => seen.Pods.Count == 0, Patience, Hasty.Time, ct: Ct))
                .Status.ShouldBe(Statuses.Active);
            await client.DeleteDiskAsync(disk.Id, Ct);
            await DiskShowsAsync(installation, disk.Id, Statuses.Terminated);

            books = await cloud.ReadBooksAsync();
            books.DisksThere.ShouldBeEmpty(cloud.Provider);
            books.InstancesThere.ShouldBeEmpty(cloud.Provider);
            books.Faults.ShouldNotBeEmpty(cloud.Provider);
            var charges = await ReadChargesAsync(client, cloud);
            // The cloud's bill is rounded for each thing and day.
            charges.TotalUsd.ShouldBe(
                books.CostUsd, 0.000000001m * charges.TotalCount * Math.Max(1, charges.Days.Count), cloud.Provider);
            charges.Resources.Select(one => one.ResourceId).ShouldBeSubsetOf([disk.Id, pod.Id, null]);
            charges.Resources.ShouldContain(one => one.ResourceId == disk.Id, cloud.Provider);
            charges.Resources.ShouldContain(one => one.ResourceId == pod.Id, cloud.Provider);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{cloud.Provider}: {charges.TotalUsd} USD charged, {books.CostUsd} in its books; faults: "
                + string.Join(", ", books.Faults.CountBy(fault => fault)));
        }));
        await Bill.AssertAgreesAsync(installation.Records);
    }

    [Fact]
    public async Task After_a_kill_accounts_disks_and_instances_go_on_and_nothing_is_there_twice()
    {
        await using var place = await CloudPlace.OpenAsync(Soak.Seed, CloudPlace.Calm, Providers);
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
        await using var place = await CloudPlace.OpenAsync(Soak.Seed, CloudPlace.Calm, Providers);
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
            async () => (found = await installation.Client.ListInventoryAsync(ct: Ct)).Count >= orphans.Count
                && found.All(finding => finding.CostHr > 0),
            "the orphans are found, and what they cost");
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

    [Fact]
    public async Task A_simulator_ends_when_it_is_told_to()
    {
        await using var installation = Simulating.Prepare();
        foreach (var provider in Providers)
        {
            await using var cloud = await SimulatedCloud.StartAsync(
                provider,
                Soak.Seed,
                Simulating.Write(installation, $"{provider}.json", CloudPlace.Calm(provider)));
            (await cloud.StopAsync()).ShouldBe(0, provider);
        }
    }

    [Theory]
    [InlineData("hyperstack", 7)]
    [InlineData("runpod", 1_001)]
    public async Task What_no_key_of_the_cloud_looks_like_is_refused_as_the_credential(string provider, int characters)
    {
        await using var installation = Simulating.Prepare();
        await installation.StartAsync();

        var refusal = await Should.ThrowAsync<MooringApiException>(() => installation.Client.AddProviderAccountAsync(
            new AddProviderAccountRequest { Type = provider, Name = "x", Credential = new string('k', characters) },
            Ct));

        refusal.StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
        refusal.Detail.ShouldStartWith("credential: ");
    }

    // The bill is read by calls that may fail, too.
    private static async Task<ProviderCharges> ReadChargesAsync(MooringClient client, SimulatedCloud cloud)
    {
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    await client.ReadChargesNowAsync(cloud.Account, Ct);
                    return true;
                }
                catch (MooringApiException refusal)
                    when (refusal.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
                {
                    return false;
                }
            },
            $"{cloud.Provider} says what it charges",
            Patience);
        // A test may go on past midnight.
        var yesterday = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1);
        return await client.ReadProviderChargesAsync(cloud.Account, from: yesterday, ct: Ct);
    }

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
            disks[cloud] = (await client.CreateDiskAsync(await CloudPlace.DiskAtAsync(client, cloud), ct: Ct)).Id;
        }

        return disks;
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
            Hasty.Time,
            ct: Ct);
        pod.Status.ShouldBe(status, await new Tenant(installation).HistoryAsync(id));
        return pod;
    }
}
