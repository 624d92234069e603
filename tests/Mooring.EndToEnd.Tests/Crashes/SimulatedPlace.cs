using System.Globalization;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>A simulated cloud, whose own books tell what exists there.</summary>
internal sealed class SimulatedPlace(Installation installation, string account) : IPlace
{
    private const string Provider = "hyperstack";
    private const string DataCenter = "US-1";

    public int PodsAtMost => 8;

    /// <summary>An installation that serves nothing else. It is not started yet.</summary>
    /// <param name="account">Which; part of the books' name.</param>
    /// <param name="delays">The script's <c>delays</c>.</param>
    /// <param name="faults">The script's <c>faults</c>.</param>
    public static Installation Prepare(string account, string delays, string faults)
    {
        var installation = Simulating.Prepare();
        var script = Simulating.Write(installation, $"{account}.json", string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "provider": "{{Provider}}",
              "account": "{{account}}",
              "seed": {{Soak.Seed}},
              "settlingSeconds": 1,
              "delays": {{delays}},
              "disks": [{ "dataCenter": "{{DataCenter}}", "country": "US", "region": "united_states",
                "stockGb": 1000 }],
              "instances": [{ "cloudId": "cpu-8", "dataCenter": "{{DataCenter}}", "country": "US",
                "region": "united_states", "pricePerHour": 0.4 }],
              "faults": {{faults}}
            }
            """));
        installation.Options = ["--simulate", script];
        return installation;
    }

    public CreateDiskRequest DiskRequest(string name) => new()
    {
        Disk = new CreateDisk { Size = 1, Name = name, DataCenterId = DataCenter },
        Provider = new ProviderChoice { Type = Provider },
    };

    public CreatePodRequest PodRequest(string name, string disk) => new()
    {
        Pod = new CreatePod
        {
            Name = name,
            CloudId = "cpu-8",
            GpuType = "CPU_NODE",
            Socket = "PCIe",
            GpuCount = 1,
            DataCenterId = DataCenter,
        },
        Provider = new ProviderChoice { Type = Provider },
        Disks = [disk],
    };

    // Nobody can log in there.
    public Task UseAsync(Pod pod, string wroteLast, string write) => Task.CompletedTask;

    public async Task AssertHoldsExactlyAsync(IReadOnlyCollection<Disk> disks, IReadOnlyCollection<Pod> pods)
    {
        var books = new SimulatedBooks(installation.Data, Provider, account).Read();
        var now = TimeProvider.System.GetUtcNow();
        books.DisksAt(now).Select(disk => disk.Name)
            .ShouldBe(disks.Select(disk => installation.NameOf(disk.Id)), ignoreOrder: true);
        books.Disks.Where(disk => disk.IsToComeAt(now)).ShouldBeEmpty();
        books.InstancesAt(now).Select(instance => instance.Name)
            .ShouldBe(pods.Select(pod => installation.NameOf(pod.Id)), ignoreOrder: true);
        books.HoldsAt(now).Count().ShouldBe(pods.Sum(pod => pod.AttachedResources.Count));
        (await installation.Records.PromisedGbAsync()).ShouldBe(disks.Sum(disk => disk.Size));
    }
}
