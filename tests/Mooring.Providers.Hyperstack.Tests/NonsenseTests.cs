using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>Whatever the cloud answers: what is thrown is understood, and what can't be read is not absent.</summary>
public class NonsenseTests
{
    private const int Rounds = 400;

    private static readonly Func<JsonNode?>[] Values =
    [
        () => null, () => "", () => "\u0000", () => -1, () => 0, () => long.MaxValue, () => 1e300, () => 0.5,
        () => true, () => false, () => new JsonArray(), () => new JsonArray((JsonNode?)null), () => new JsonObject(),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_wrong_value_in_an_answer_is_never_a_failure_of_ours()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.RunAsync(House.Machine(2, House.Disk(1)), Ct);
        var random = new Random(20260301);
        using var network = new Garbling(random);
        var options = new HyperstackOptions
        {
            BaseAddress = house.Cloud.Address,
            CallsPerMinute = 1_000_000,
            CallBurst = 1_000_000,
        };
        using var provider = HyperstackProvider.Open(
            options, Canned.Key, Canned.Installation, TimeProvider.System, NullLogger.Instance, network);
        Func<Task>[] calls =
        [
            () => provider.Disks.ListOffersAsync(Ct),
            () => provider.Instances.ListOffersAsync(Ct),
            () => provider.Disks.ListAsync(Ct).ToListAsync(Ct).AsTask(),
            () => provider.Instances.ListAsync(Ct).ToListAsync(Ct).AsTask(),
            () => provider.Disks.ObserveAsync(new DiskRef(House.Name(1), null), Ct),
            () => provider.Instances.ObserveAsync(new InstanceRef(House.Name(2), null), Ct),
            () => provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct),
            () => provider.Instances.EnsureCreatedAsync(House.Machine(2, House.Disk(1)), Ct),
            () => provider.Billing.ListChargesAsync(new DateOnly(2026, 3, 1), Ct),
        ];
        var failures = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var failure = await Record.ExceptionAsync(calls[round % calls.Length]);
            (failure is null or ProviderException).ShouldBeTrue($"round {round}, {network.Did}: {failure}");
            failures += failure is null ? 0 : 1;
        }

        // Many answers are still good enough; that some are not shows that they were garbled.
        failures.ShouldBeInRange(Rounds / 20, Rounds - 1);
    }

    /// <summary>Puts one wrong value into each answer.</summary>
    private sealed class Garbling(Random random) : DelegatingHandler(new SocketsHttpHandler())
    {
        public string Did { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
            var places = PlacesIn(body).ToList();
            if (places.Count > 0)
            {
                var (parent, key) = places[random.Next(places.Count)];
                var value = Values[random.Next(Values.Length)]();
                Did = $"{request.RequestUri}: {key} = {value?.ToJsonString()}";
                switch (parent)
                {
                    case JsonObject owner:
                        owner[(string)key] = value;
                        break;
                    case JsonArray items:
                        items[(int)key] = value;
                        break;
                }
            }

            answer.Content = new StringContent(body.ToJsonString());
            return answer;
        }

        private static IEnumerable<(JsonNode Parent, object Key)> PlacesIn(JsonNode? node) => node switch
        {
            JsonObject owner => owner.SelectMany(
                pair => PlacesIn(pair.Value).Prepend((owner, pair.Key))),
            JsonArray items => items.SelectMany(
                (item, index) => PlacesIn(item).Prepend((items, index))),
            _ => [],
        };
    }
}
