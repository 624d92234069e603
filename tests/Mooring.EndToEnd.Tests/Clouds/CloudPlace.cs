using Mooring.Client;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Clouds;

/// <summary>A mooringd that serves nothing but what its operator has added: accounts at simulated clouds.</summary>
internal sealed class CloudPlace : IAsyncDisposable
{
    private const string Delays = """
        "delays": {
          "volumeCreate": 1, "volumeDelete": 1, "machineCreate": 5, "machineDelete": 2, "machineChange": 2,
          "attach": 1, "detach": 1
        },
        """;

    private CloudPlace(Installation installation) => Installation = installation;

    /// <summary>
    /// A create of unknown outcome is waited for before it is sent again; chance may have it so more than once.
    /// </summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(8);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Installation Installation { get; }

    public List<SimulatedCloud> Clouds { get; } = [];

    /// <summary>Starts the clouds and the server, and adds an account at each cloud.</summary>
    /// <param name="seed">Where chance begins.</param>
    /// <param name="scriptOf">What goes wrong at a cloud, by its name.</param>
    /// <param name="providers">
    /// The clouds' names. One that is there twice is two accounts, of which the first is used.
    /// </param>
    public static async Task<CloudPlace> OpenAsync(
        int seed, Func<string, string> scriptOf, params IReadOnlyList<string> providers)
    {
        var place = new CloudPlace(Simulating.Prepare());
        try
        {
            foreach (var (number, provider) in providers.Index())
            {
                place.Clouds.Add(await SimulatedCloud.StartAsync(
                    provider,
                    seed + number,
                    Simulating.Write(place.Installation, $"{provider}.json", scriptOf(provider))));
            }

            await place.Installation.StartAsync();
            foreach (var (number, cloud) in place.Clouds.Index())
            {
                await AddAccountAsync(place.Installation.Client, cloud, number);
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

    /// <summary>
    /// Much goes wrong. Both simulators write chance alike; what differs is the fault's key, and which verbs make
    /// something.
    /// </summary>
    public static string BadDay(string provider)
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

    /// <summary>Nothing goes wrong.</summary>
    public static string Calm(string provider) =>
        $$"""{ {{(provider == "runpod" ? "" : Delays)}} "faults": [] }""";

    public static async Task<CreateDiskRequest> DiskAtAsync(MooringClient client, SimulatedCloud cloud)
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

    // What a failed test has left is removed through Mooring, so the clouds go last.
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Installation.DisposeAsync();
        }
        finally
        {
            foreach (var cloud in Clouds)
            {
                await cloud.DisposeAsync();
            }
        }
    }

    // What is added is tried first; on a bad day the operator is told to try again.
    private static Task AddAccountAsync(MooringClient client, SimulatedCloud cloud, int number) => Until.HoldsAsync(
        async () =>
        {
            try
            {
                var added = await client.AddProviderAccountAsync(
                    new AddProviderAccountRequest
                    {
                        Type = cloud.Provider,
                        Name = $"rehearsal-{number}",
                        Priority = -number,
                        Credential = "any-key-will-do",
                        // Longer than the scripts' latest create, and short enough to be waited out.
                        Settings = new Dictionary<string, string?>
                        {
                            ["address"] = cloud.Address.AbsoluteUri,
                            ["settling-seconds"] = "8",
                        },
                    },
                    Ct);
                cloud.Account = added.Id;
                return true;
            }
            catch (MooringApiException refusal) when (refusal.Detail.Contains("Try again", StringComparison.Ordinal))
            {
                return false;
            }
        },
        $"an account at {cloud.Provider} is added",
        Patience);
}
