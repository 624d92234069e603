using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Ledger;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Offers;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Ledger;

/// <summary>
/// A whole server that lives through thousands of random wishes, faults, price changes and a clock that is set back,
/// while its workers do what they do: the auditor finds nothing, in the middle of it and at its end.
/// </summary>
public abstract class LedgerHistoryTests(Backend backend)
{
    private static readonly int Steps =
        Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") == "1" ? 10_000 : 1_000;

    private static readonly string[] DiskVerbs =
        ["ListOffers", "EnsureCreated", "Observe", "EnsureDeleted", "List", "DescribeAttach"];

    private static readonly string[] AgentVerbs =
        ["EnsureMounted", "EnsureUnmounted", "EnsureRunning", "Observe", "EnsureRemoved", "List"];

    private readonly List<string> _disks = [];
    private readonly List<string> _pods = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_that_can_happen_makes_a_bill_differ_from_its_history(int seed)
    {
#pragma warning disable CA5394 // chance that can be repeated is what a test wants
        var random = new Random(seed);
#pragma warning restore CA5394
        await using var mooring = await TestMooring.StartAsync(
            // Nobody moves the clock while a request waits.
            it => it.Options = it.Options with { DeleteWait = TimeSpan.Zero }, backend);
        for (var step = 1; step <= Steps; step++)
        {
            await DoAsync(mooring, random);
            if (step % 250 == 0)
            {
                await ShouldBeRightAsync(mooring);
            }
        }

        await ShouldBeRightAsync(mooring);
        await ShouldCostWhatTheWalletOwesAsync(mooring);
        // The history was one: prices changed, and more than one disk and pod of each end were in it.
        (await mooring.ReadAsync(db => Task.FromResult(db.OfferPrices.Count()))).ShouldBeGreaterThan(5);
        (await mooring.ReadAsync(db => Task.FromResult(db.Events.Select(one => one.What).Distinct().Count())))
            .ShouldBeGreaterThan(12);
    }

    // Added up along two ways, of one state, as workers go on.
    private static async Task ShouldCostWhatTheWalletOwesAsync(TestMooring mooring)
    {
        var now = mooring.Time.Now();
        await using var snapshot = await Snapshot.TakeAsync(mooring.Database, Ct);
        var account = await snapshot.Db.Accounts.SingleAsync(Ct);
        var days = (Clock.DayOf(TestMooring.Start).AddDays(-1), Clock.DayOf(now).AddDays(2));

        var costs = await new CostReport(
            snapshot.Db, new CostsWanted([account.Id], CostGroup.User, days.Item1, days.Item2, 0, 10), now)
            .MakeAsync(Ct);

        var wallet = await snapshot.Db.Wallets.SingleAsync(Ct);
        var credit = (decimal)wallet.Credit / 1_000_000_000_000m;
        costs.TotalUsd.ShouldBe(credit - await Billings.BalanceUsdAsync(snapshot.Db, account.WalletId, now, Ct));
        costs.TotalUsd.ShouldBeGreaterThan(0);
        costs.Data.Single().Usd.ShouldBe(costs.TotalUsd);
    }

    private static async Task ShouldBeRightAsync(TestMooring mooring)
    {
        var audit = (await mooring.SendAsync("GET", "/api/mooring/v1/audit/ledger")).ShouldBe(200);
        audit.Object["totalCount"]!.GetValue<int>().ShouldBe(0, audit.Text);
    }

#pragma warning disable CA5394 // as above
    private async Task DoAsync(TestMooring mooring, Random random)
    {
        switch (random.Next(100))
        {
            case < 12:
                Wish(mooring, _disks, await mooring.PostAsync(
                    "/disks/",
                    $$$"""{"disk":{"size":{{{random.Next(1, 900)}}}},"provider":{"type":"hyperstack"}}"""));
                break;
            case < 24 when _disks.Count > 0:
                Wish(mooring, _pods, await mooring.PostAsync("/pods/", TestMooring.PodBody(Any(_disks, random))));
                break;
            case < 34 when _pods.Count > 0:
                ShouldNotBreak(mooring, await mooring.DeleteAsync("/pods/" + Any(_pods, random)));
                break;
            case < 40 when _disks.Count > 0:
                ShouldNotBreak(mooring, await mooring.DeleteAsync("/disks/" + Any(_disks, random)));
                break;
            case < 62 when _disks.Count > 0:
                string[] verbs =
                    ["suspend", "suspend", "suspend", "resume", "resume", "resume", "retry", "force-detach"];
                var verb = verbs[random.Next(verbs.Length)];
                ShouldNotBreak(
                    mooring,
                    await mooring.SendAsync("POST", $"/api/mooring/v1/disks/{Any(_disks, random)}/{verb}"));
                break;
            case < 76:
                mooring.Time.Advance(random.Next(4) switch
                {
                    0 => TimeSpan.FromMicroseconds(random.Next(1, 1_000)),
                    1 => TimeSpan.FromMilliseconds(random.Next(1, 5_000)),
                    2 => TimeSpan.FromSeconds(random.Next(1, 900)),
                    _ => TimeSpan.FromMicroseconds(random.NextInt64(1, 10_800_000_000)),
                });
                break;
            case < 80:
                mooring.Time.AdjustTime(
                    mooring.Time.GetUtcNow() - TimeSpan.FromMicroseconds(random.NextInt64(1, 600_000_000)));
                break;
            case < 82:
                await PayAsync(mooring, random);
                break;
            case < 84:
                mooring.Disks.Offers =
                [
                    ScriptedDisks.PageOffer with { PricePerGiBHour = new Money(random.NextInt64(1, 1_000_000_000)) },
                ];
                await mooring.Services.GetRequiredService<OfferCatalog>().RefreshAsync(Ct);
                break;
            case < 90:
                Break(mooring, random);
                break;
            case < 96:
                mooring.Disks.Calls.HealAll(DiskVerbs);
                mooring.Agent.Calls.HealAll(AgentVerbs);
                break;
            default:
                Mishap(mooring, random);
                break;
        }
    }

    // Most of what is paid in is little, so that a wallet that is prepaid runs out again and again.
    private static async Task PayAsync(TestMooring mooring, Random random)
    {
        var wallet = await mooring.ReadAsync(db => db.Wallets.Select(one => one.Id).SingleAsync(Ct));
        var usd = random.Next(-2, 6) * random.NextInt64(1, 20_000_000_000_000) / 1_000_000_000_000m;
        ShouldNotBreak(mooring, random.Next(3) == 0
            ? await mooring.SendAsync(
                "PATCH",
                $"/api/mooring/v1/wallets/{wallet}",
                random.Next(2) == 0 ? """{"mode":"prepaid"}""" : """{"mode":"showback"}""")
            : await mooring.SendAsync(
                "POST",
                $"/api/mooring/v1/wallets/{wallet}/credits",
                FormattableString.Invariant($$"""{"amountUsd":{{usd}},"reference":"history"}""")));
    }

    private static void Break(TestMooring mooring, Random random)
    {
        var (calls, verbs) =
            random.Next(2) == 0 ? (mooring.Disks.Calls, DiskVerbs) : (mooring.Agent.Calls, AgentVerbs);
        Func<Exception>[] ways =
        [
            () => new UnreachableException("Nobody answers."),
            () => new UnknownOutcomeException("The answer is lost."),
            () => new ThrottledException("Too many.", TimeSpan.FromSeconds(7)),
            () => new RefusedException("Not like this."),
            () => new OutOfStockException("There is none left."),
        ];
        calls.Fail(verbs[random.Next(verbs.Length)], ways[random.Next(ways.Length)]);
    }

    private static void Mishap(TestMooring mooring, Random random)
    {
        var names = mooring.Disks.Disks.Keys.Order().ToList();
        var containers = mooring.Agent.Containers.Keys.Order().ToList();
        if (random.Next(2) == 0 && names.Count > 0)
        {
            var name = names[random.Next(names.Count)];
            if (random.Next(2) == 0)
            {
                mooring.Disks.Disks.TryRemove(name, out _);
            }
            else if (mooring.Disks.Disks.TryGetValue(name, out var disk))
            {
                mooring.Disks.Disks[name] = disk with { State = RemoteDiskState.Failed };
            }
        }
        else if (containers.Count > 0)
        {
            mooring.Agent.End(containers[random.Next(containers.Count)]);
        }
    }

    private static void Wish(TestMooring mooring, List<string> made, Reply reply)
    {
        ShouldNotBreak(mooring, reply);
        if (reply.Status is 200 or 201)
        {
            made.Add(reply.Id);
        }
    }

    private static string Any(List<string> ids, Random random) =>
        // The later ones, as most of the earlier are gone.
        ids[Math.Max(0, ids.Count - 1 - random.Next(12))];
#pragma warning restore CA5394

    private static void ShouldNotBreak(TestMooring mooring, Reply reply) =>
        reply.Status.ShouldNotBe(500, $"{reply.Text}\n{string.Join("\n", mooring.Log.Errors)}");
}

public sealed class SqliteLedgerHistoryTests() : LedgerHistoryTests(Backend.Sqlite);

public sealed class PostgresLedgerHistoryTests() : LedgerHistoryTests(Backend.PostgreSql);
