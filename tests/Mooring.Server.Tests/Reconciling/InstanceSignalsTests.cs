using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Server.Hosts;
using Mooring.Server.Inventory;
using Mooring.Server.Offers;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Reconciling;

public sealed class InstanceSignalsTests
{
    [Fact]
    public async Task A_signal_makes_its_instance_due_and_a_database_that_fails_ends_nothing()
    {
        await using var store = await Store.OpenAsync(Backend.Sqlite);
        var pod = Sample.Pod(store);
        await store.AddAsync(pod);
        var agent = new ScriptedAgent();
        var flaky = new FlakyDatabase(store) { Failures = 1 };
        var registry = new ProviderRegistry();
        registry.Fill(
        [
            new Provider(
                Sample.ProviderAccount,
                ScriptedDisks.Type,
                null,
                new HostInstances(
                    Sample.ProviderAccount,
                    ScriptedDisks.Us1,
                    agent,
                    flaky,
                    new MooringOptions { DataDirectory = "/nowhere" },
                    store.Time)),
        ]);
        using var signals = new InstanceSignals(registry, flaky, store.Time, NullLogger<InstanceSignals>.Instance);
        await signals.StartAsync(Store.Ct);

        agent.End(pod.RemoteName);
        await Eventually.HoldsAsync(() => flaky.Failures == 0, "the first signal meets the fault");
        agent.End(pod.RemoteName);
        await Eventually.HoldsAsync(
            async () =>
            {
                store.Time.Advance(TimeSpan.FromSeconds(1));
                return await store.ReadAsync(db => db.Pods.CountAsync(row => row.DueAt != null, Store.Ct)) == 1;
            },
            "the second makes the instance due");

        signals.ExecuteTask!.IsCompleted.ShouldBeFalse();
        await signals.StopAsync(CancellationToken.None);
    }
}
