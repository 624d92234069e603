using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>What docs/guides/rehearse-failure.md promises, with the real mooringd.</summary>
public sealed class RehearsalTests
{
    private static readonly (string Sample, string Provider, string Account)[] Places =
    [
        ("lost-replies.json", "runpod", "lost-replies"),
        ("duplicates.json", "nebius", "duplicates"),
        ("bad-day.json", "dc_roan", "bad-day"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_goes_wrong_each_disk_is_there_once_and_in_the_end_not()
    {
        await using var installation = Simulating.Prepare([.. Places.Select(place => place.Sample)]);
        await installation.StartAsync();
        var tenant = new Tenant(installation);
        await ArePlacesOfferedAsync(installation);
        List<string> accepted = [];
        foreach (var (_, provider, _) in Places)
        {
            for (var number = 1; number <= 4; number++)
            {
                accepted.Add((await installation.Client.CreateDiskAsync(DiskAt(provider), ct: Ct)).Id);
            }
        }

        // The provider remembers what the server may have forgotten.
        await installation.KillAsync();
        await installation.StartAsync();

        foreach (var id in accepted)
        {
            await tenant.WaitForDiskAsync(id, Statuses.Active);
        }

        await ArePlacesOfferedAsync(installation);
        var pods = new List<string>();
        foreach (var (index, place) in Places.Index())
        {
            pods.Add((await installation.Client.CreatePodAsync(
                await PodAtAsync(installation, place.Provider, accepted[index * 4], accepted[(index * 4) + 1]),
                ct: Ct)).Id);
        }

        foreach (var id in pods)
        {
            await ShowsAsync(installation, id, Statuses.Active);
        }

        Ids(installation).Order().ShouldBe(accepted.Order(), "each of them, and each once");
        foreach (var (_, provider, account) in Places)
        {
            new SimulatedBooks(installation.Data, provider, account).Instances.Count.ShouldBe(1);
        }

        await tenant.RemoveEverythingAsync();
        Ids(installation).ShouldBeEmpty();
        foreach (var (_, provider, account) in Places)
        {
            var books = new SimulatedBooks(installation.Data, provider, account);
            books.Instances.ShouldBeEmpty();
            books.Faults.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_provider_that_hangs_keeps_nobody_from_what_the_others_have()
    {
        await using var installation = Simulating.Prepare("hyperstack.json");
        var hanging = Simulating.Write(installation, "hanging.json", """
            {
              "provider": "denvr",
              "disks": [{ "dataCenter": "Msc1" }],
              "faults": [{ "fault": "slowReply", "on": ["disk.offers", "disk.list"], "seconds": 600 }]
            }
            """);
        installation.Options = [.. installation.Options, "--simulate", hanging];
        await installation.StartAsync();
        var offers = await installation.Client.ListDiskOffersAsync(ct: Ct).ToListAsync(Ct);
        offers.ShouldHaveSingleItem().Provider.ShouldBe("hyperstack");
        var disk = await installation.Client.CreateDiskAsync(DiskAt("hyperstack"), ct: Ct);
        await new Tenant(installation).WaitForDiskAsync(disk.Id, Statuses.Active);
    }

    [Fact]
    public async Task Without_its_script_an_accounts_disk_stays_and_goes_on_when_it_is_given_again()
    {
        await using var installation = Simulating.Prepare("hyperstack.json");
        await installation.StartAsync();
        var tenant = new Tenant(installation);
        var disk = (await installation.Client.CreateDiskAsync(DiskAt("hyperstack"), ct: Ct)).Id;
        await tenant.WaitForDiskAsync(disk, Statuses.Active);
        await installation.StopAsync();

        var options = installation.Options;
        installation.Options = [];
        await installation.StartAsync();
        (await installation.Client.ListDiskOffersAsync(ct: Ct).ToListAsync(Ct)).ShouldBeEmpty();
        (await installation.Client.DeleteDiskAsync(disk, Ct)).Status.ShouldBe(Statuses.Deleting);
        await installation.StopAsync();
        new SimulatedBooks(installation.Data, "hyperstack", "rehearsal").Disks.Count.ShouldBe(1);

        installation.Options = options;
        await installation.StartAsync();
        await tenant.WaitForDiskAsync(disk, Statuses.Terminated);
        new SimulatedBooks(installation.Data, "hyperstack", "rehearsal").Disks.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{ "provider": "denvr", "dsks": [] }""", "$.dsks is not known here. Known are: $schema, account,")]
    [InlineData("""{ "provider": "denvr",""", "is no JSON:")]
    public async Task A_script_that_can_t_be_used_ends_the_start_with_words(string json, string words)
    {
        await using var installation = Simulating.Prepare();
        var script = Simulating.Write(installation, "wrong.json", json);
        using var daemon = installation.Launch("--simulate", script);
        (await daemon.WaitForEndAsync(Ct).WaitAsync(Until.Patience, TimeProvider.System, Ct)).ShouldBe(2);
        daemon.LastWords.ShouldContain($"mooringd: --simulate {script}");
        daemon.LastWords.ShouldContain(words);
    }

    [Fact]
    public async Task One_account_twice_is_refused_with_words()
    {
        await using var installation = Simulating.Prepare("hyperstack.json", "hyperstack.json");
        using var daemon = installation.Launch();
        (await daemon.WaitForEndAsync(Ct).WaitAsync(Until.Patience, TimeProvider.System, Ct)).ShouldBe(2);
        daemon.LastWords.ShouldContain("--simulate names account 'rehearsal' of provider 'hyperstack' twice.");
    }

    // On a bad day the first question for offers may have no answer; it is asked again twice a minute.
    private static Task ArePlacesOfferedAsync(Installation installation) => Until.HoldsAsync(
        async () =>
        {
            var disks = await installation.Client.ListDiskOffersAsync(ct: Ct).ToListAsync(Ct);
            var pods = await installation.Client.ListGpuOffersAsync(ct: Ct).ToListAsync(Ct);
            return Places.All(place => disks.Exists(offer => offer.Provider == place.Provider)
                && pods.Exists(offer => offer.Provider == place.Provider));
        },
        "every place offers disks and instances");

    private static CreateDiskRequest DiskAt(string provider) => new()
    {
        Disk = new CreateDisk { Size = 10 },
        Provider = new ProviderChoice { Type = provider },
    };

    private static async Task<CreatePodRequest> PodAtAsync(
        Installation installation, string provider, params string[] disks)
    {
        var offer = await installation.Client.ListGpuOffersAsync(ct: Ct)
            .FirstAsync(offer => offer.Provider == provider, Ct);
        return new CreatePodRequest
        {
            Pod = new CreatePod
            {
                CloudId = offer.CloudId,
                GpuType = offer.GpuType,
                Socket = offer.Socket,
                GpuCount = offer.GpuCount,
                DataCenterId = offer.DataCenter,
            },
            Provider = new ProviderChoice { Type = provider },
            Disks = disks,
        };
    }

    private static async Task ShowsAsync(Installation installation, string pod, string status)
    {
        var shown = await installation.Client.WaitForPodAsync(
            pod,
            seen => seen.Status == status || seen.Status == Statuses.Error,
            Until.Patience,
            Hasty.Time,
            ct: Ct);
        shown.Status.ShouldBe(status, await new Tenant(installation).HistoryAsync(pod));
        shown.InstallationStatus.ShouldBe("FINISHED");
        shown.SshConnection.ShouldBeNull("there is nothing to log in to");
    }

    // Ids in the remote names of the disks that are there, at all places together.
    private static IEnumerable<string> Ids(Installation installation) =>
        from place in Places
        from name in new SimulatedBooks(installation.Data, place.Provider, place.Account).Disks
        select name[^32..];
}
