using System.Numerics;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Ledger;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Ledger;

/// <summary>GET /billing/wallet (contract, section 9): the bill, from the usage spans alone.</summary>
public abstract class WalletTests(Backend backend) : IAsyncLifetime
{
    private TestMooring? _mooring;
    private WalletId _wallet;

    private TestMooring Mooring => _mooring!;

    private static DateTimeOffset Now => TestMooring.Start;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mooring = await TestMooring.StartAsync(backend: backend);
        _wallet = await Mooring.ReadAsync(db => db.Wallets.Select(wallet => wallet.Id).SingleAsync(Ct));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task A_new_wallet_is_empty() => (await Mooring.GetAsync("/billing/wallet")).ShouldBe(200).ShouldBeJson(
        $$"""
        {"wallet_id":"{{_wallet}}","team_id":null,"balance_usd":0.0,"currency":"USD","total_billings":0,
         "recent_billings":[]}
        """);

    [Fact]
    public async Task A_resource_has_one_row_and_what_is_billed_now_comes_first()
    {
        await AddAsync(
            Span("aaaa", -3, -2, 0m),
            Span("aaaa", -2, -1, 0.075m),
            Span("bbbb", -5, null, 0.01m, ResourceKind.Pod),
            Span("cccc", -9, -8, 1.5m));

        (await Mooring.GetAsync("/billing/wallet")).ShouldBe(200).ShouldBeJson($$"""
            {"wallet_id":"{{_wallet}}","team_id":null,"balance_usd":-1.625,"currency":"USD","total_billings":3,
             "recent_billings":[
              {"id":"bbbb","created_at":"2025-11-07T16:07:15.183000","updated_at":"2025-11-07T21:07:15.183000",
               "last_billed_at":"2025-11-07T21:07:15.183000","amount_usd":0.05,"currency":"USD",
               "resource_type":"compute","resource_id":"bbbb"},
              {"id":"aaaa","created_at":"2025-11-07T18:07:15.183000","updated_at":"2025-11-07T20:07:15.183000",
               "last_billed_at":"2025-11-07T20:07:15.183000","amount_usd":0.075,"currency":"USD",
               "resource_type":"disks","resource_id":"aaaa"},
              {"id":"cccc","created_at":"2025-11-07T12:07:15.183000","updated_at":"2025-11-07T13:07:15.183000",
               "last_billed_at":"2025-11-07T13:07:15.183000","amount_usd":1.5,"currency":"USD",
               "resource_type":"disks","resource_id":"cccc"}]}
            """);
    }

    [Fact]
    public async Task A_disk_is_on_the_bill_from_its_creation_on()
    {
        var disk = await Mooring.CreateDiskAsync(size: 500);

        var wallet = (await Mooring.GetAsync("/billing/wallet")).ShouldBe(200).Object;

        wallet["total_billings"]!.GetValue<int>().ShouldBe(1);
        var row = wallet["recent_billings"]!.AsArray().Single()!;
        row["resource_id"]!.GetValue<string>().ShouldBe(disk);
        row["amount_usd"]!.GetValue<decimal>().ShouldBe(0m);
    }

    [Fact]
    public async Task Pages_are_the_whole_bill_cut_in_pieces_and_cost_the_same_number_of_queries()
    {
        await AddAsync([.. Enumerable.Range(0, 45).Select(n => Span($"{n:d4}", -100, n % 3 == 0 ? null : -n, 0.1m))]);

        var whole = await RowsAsync("?limit=100");
        var (one, many) = (await QueriesAsync("?limit=1"), await QueriesAsync("?limit=45"));
        List<string> paged = [];
        for (var offset = 0; offset < 60; offset += 20)
        {
            paged.AddRange(await RowsAsync($"?offset={offset}"));
        }

        whole.Count.ShouldBe(45);
        paged.ShouldBe(whole);
        many.ShouldBe(one);
        (await Mooring.GetAsync("/billing/wallet?limit=5&offset=40")).Object["total_billings"]!.GetValue<int>()
            .ShouldBe(45);

        async Task<List<string>> RowsAsync(string query) =>
        [
            .. (await Mooring.GetAsync("/billing/wallet" + query)).ShouldBe(200).Object["recent_billings"]!.AsArray()
                .Select(row => row!["resource_id"]!.GetValue<string>()),
        ];

        async Task<int> QueriesAsync(string query)
        {
            Mooring.Log.Sql.Clear();
            await RowsAsync(query);
            return Mooring.Log.Sql.Count(sql => sql.Contains("usage_spans", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Sums_are_exact_however_large_prices_and_times_are()
    {
        const long MicrosecondsPerHour = 3_600_000_000;
        var spans = Gen.Select(
                Gen.Int[0, 39], Gen.Long[1, 2_000_000_000_000_000], Gen.Long[0, 1_000_000_000_000_000], Gen.Int[0, 3])
            .Array[200]
            .Generate(new PCG(3, 17), null, out _)
            .Select((one, index) => Span($"{index:d4}", 0, null, 0m) with
            {
                ResourceId = $"{(one.Item4 == 0 ? index + 1_000 : one.Item1):d4}",
                From = Now.AddMicroseconds(-one.Item2),
                To = one.Item4 == 0 ? null : Now.AddMicroseconds(-one.Item2 / (one.Item4 + 1)),
                PriceHr = new Money(one.Item3),
            }).ToArray();
        await AddAsync(spans);
        var exact = spans.Aggregate(BigInteger.Zero, (sum, span) => sum
            + ((BigInteger)(Clock.ToMicroseconds(span.To ?? Now) - Clock.ToMicroseconds(span.From))
                * span.PriceHr.PicoUsd));
        var expected = (decimal)((exact + (MicrosecondsPerHour / 2)) / MicrosecondsPerHour) / 1_000_000_000_000m;

        var wallet = (await Mooring.GetAsync("/billing/wallet?limit=100")).ShouldBe(200).Object;

        wallet["balance_usd"]!.GetValue<decimal>().ShouldBe(-expected);
        wallet["total_billings"]!.GetValue<int>()
            .ShouldBe(spans.Select(span => span.ResourceId).Distinct().Count());
    }

    [Fact]
    public async Task A_clock_that_was_set_back_takes_nothing_off_the_bill()
    {
        await AddAsync(Span("aaaa", 2, null, 5m), Span("bbbb", -1, 0, 0.5m));

        (await Mooring.GetAsync("/billing/wallet")).ShouldBe(200).Object["balance_usd"]!.GetValue<decimal>()
            .ShouldBe(-0.5m);
    }

    [Fact]
    public async Task Others_see_nothing_of_it_and_a_team_that_one_is_not_in_has_no_wallet()
    {
        await AddAsync(Span("aaaa", -1, null, 1m));
        var stranger = await Mooring.MintStrangerAsync();

        var theirs = (await Mooring.GetAsync("/billing/wallet", stranger)).ShouldBe(200).Object;

        theirs["wallet_id"]!.GetValue<string>().ShouldNotBe(_wallet.Value);
        theirs["total_billings"]!.GetValue<int>().ShouldBe(0);
        theirs["balance_usd"]!.GetValue<decimal>().ShouldBe(0m);
        (await Mooring.GetAsync("/billing/wallet?teamId=clvb0itli0000oxevorvgrpfn"))
            .ShouldRefuse(404, "clvb0itli0000oxevorvgrpfn");
        (await Mooring.GetAsync("/billing/wallet?limit=101")).ShouldFault("limit");
        (await Mooring.GetAsync("/billing/wallet?limit=0&offset=-1")).ShouldFault("limit", "offset");
    }

    private UsageSpan Span(
        string id, int fromHours, int? toHours, decimal priceUsd, ResourceKind kind = ResourceKind.Disk) => new()
        {
            Kind = kind,
            ResourceId = id,
            AccountId = new AccountId("account"),
            WalletId = _wallet,
            From = Now.AddHours(fromHours),
            To = toHours is { } hours ? Now.AddHours(hours) : null,
            PriceHr = Money.FromUsd(priceUsd),
            Cause = Happened.Created,
        };

    private Task AddAsync(params UsageSpan[] spans) => Mooring.Database.WriteAsync(
        (db, _) =>
        {
            db.UsageSpans.AddRange(spans);
            return Task.CompletedTask;
        },
        Ct);
}

public sealed class SqliteWalletTests() : WalletTests(Backend.Sqlite);

public sealed class PostgresWalletTests() : WalletTests(Backend.PostgreSql);
