using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Ledger;

/// <summary>GET /api/mooring/v1/costs: rows by disk, pod, team, user, provider or day, to the last digit.</summary>
public abstract class CostTests(Backend backend) : IAsyncLifetime
{
    private const string Route = "/api/mooring/v1/costs";
    private TestMooring? _mooring;
    private AccountId _account;

    private TestMooring Mooring => _mooring!;

    // 7 November 2025, 21:07:15.183.
    private static DateTimeOffset Now => TestMooring.Start;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mooring = await TestMooring.StartAsync(backend: backend);
        _account = await Mooring.ReadAsync(db => db.Accounts.Select(account => account.Id).SingleAsync(Ct));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_costs_nothing() => (await GetAsync("")).ShouldBeJson(
        """
        {"groupBy":"disk","from":"2025-11-01","to":"2025-11-07","currency":"USD","totalUsd":0.0,"forecastUsd":0.0,
         "totalCount":0,"offset":0,"limit":100,"data":[]}
        """);

    [Fact]
    public async Task A_disk_has_what_it_cost_in_these_days_and_since_it_was_made_and_will_by_the_months_end()
    {
        var disk = await Mooring.CreateDiskAsync("data", size: 500);
        Mooring.Time.Advance(TimeSpan.FromHours(2));

        // 0.075 USD an hour: 2 hours so far, and until 1 December 22 days, 52 minutes, 44.817 seconds more.
        (await GetAsync("")).ShouldBeJson($$"""
            {"groupBy":"disk","from":"2025-11-01","to":"2025-11-07","currency":"USD","totalUsd":0.15,
             "forecastUsd":41.6159336875,"totalCount":1,"offset":0,"limit":100,"data":[
              {"id":"{{disk}}","name":"data","usd":0.15,"forecastUsd":41.6159336875,"status":"ACTIVE","priceHr":0.075,
               "costToDate":0.15,"idleSince":"2025-11-07T21:07:15.183000","idleCost":0.15}]}
            """);
    }

    [Fact]
    public async Task A_disk_is_idle_from_its_making_or_its_last_release_on_and_not_while_it_is_held()
    {
        var disk = await Mooring.CreateDiskAsync(size: 1_000);
        Mooring.Time.Advance(TimeSpan.FromHours(1));
        (await IdleAsync()).ShouldBe((Now, 0.15m, 0.15m));

        var pod = await Mooring.CreatePodAsync(disk);
        Mooring.Time.Advance(TimeSpan.FromHours(1));
        (await IdleAsync()).ShouldBe((null, null, 0.3m));

        (await Mooring.DeleteAsync("/pods/" + pod)).ShouldBe(200);
        await Mooring.ShowsAsync("/pods/" + pod, "TERMINATED");
        Mooring.Time.Advance(TimeSpan.FromHours(3));
        (await IdleAsync()).ShouldBe((Now.AddHours(2), 0.45m, 0.75m));

        (await Mooring.DeleteAsync("/disks/" + disk)).ShouldBe(200);
        (await IdleAsync()).ShouldBe((null, null, 0.75m));

        async Task<(DateTimeOffset?, decimal?, decimal)> IdleAsync()
        {
            var row = (await GetAsync("")).Object["data"]![0]!;
            return (
                row["idleSince"]?.GetValue<string>() is { } at
                    ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                    : null,
                row["idleCost"]?.GetValue<decimal>(),
                row["costToDate"]!.GetValue<decimal>());
        }
    }

    [Fact]
    public async Task Rows_are_by_what_is_asked_for_and_the_dearest_comes_first()
    {
        var disk = await Mooring.CreateDiskAsync(size: 100);
        var pod = await Mooring.CreatePodAsync();
        await Mooring.Database.WriteAsync(
            (db, ct) => db.Disks.ExecuteUpdateAsync(set => set.SetProperty(one => one.TeamId, new TeamId("red")), ct),
            Ct);
        Mooring.Time.Advance(TimeSpan.FromHours(10));
        var user = await Mooring.ReadAsync(db => db.Users.SingleAsync(Ct));
        var provider = await Mooring.ProviderAccountIdAsync();

        (await RowsAsync("disk")).ShouldBe([(disk, "data", 0.15m)]);
        (await RowsAsync("pod")).ShouldBe([(pod, "trainer", 0.1m)]);
        (await RowsAsync("team")).ShouldBe([("red", null, 0.15m), (null, null, 0.1m)]);
        (await RowsAsync("user")).ShouldBe([(user.Id.Value, "admin", 0.25m)]);
        (await RowsAsync("provider")).ShouldBe([(provider, "hyperstack test", 0.25m)]);
        (await RowsAsync("day", "&from=2025-11-06&to=2025-11-30")).ShouldBe(
        [
            ("2025-11-06", null, 0m), ("2025-11-07", null, 0.071977895833m), ("2025-11-08", null, 0.178022104167m),
        ]);

        async Task<List<(string?, string?, decimal)>> RowsAsync(string group, string more = "&to=2025-11-08") =>
        [
            .. (await GetAsync($"?group_by={group}{more}")).Object["data"]!.AsArray().Select(row => (
                row!["id"]?.GetValue<string>(), row["name"]?.GetValue<string>(), row["usd"]!.GetValue<decimal>())),
        ];
    }

    [Fact]
    public async Task Every_grouping_and_every_cut_is_exact()
    {
        var spans = RandomSpans(300);
        await Mooring.Database.WriteAsync(
            (db, _) =>
            {
                db.UsageSpans.AddRange(spans);
                return Task.CompletedTask;
            },
            Ct);

        await using var db = await Mooring.Database.ReadAsync(Ct);
        foreach (var (from, to) in new (DateOnly, DateOnly)[]
        {
            (new(2025, 11, 1), new(2025, 11, 7)), (new(2025, 3, 30), new(2025, 3, 30)),
            (new(2024, 12, 31), new(2025, 1, 1)), (new(2024, 11, 8), new(2025, 11, 7)),
            (new(2024, 1, 1), new(2024, 9, 1)),
        })
        {
            var end = Clock.StartOf(to.AddDays(1));
            var window = new CostWindow(Clock.StartOf(from), end, Clock.Earlier(end, Now));
            var cut = CostSpans.Of(db, [_account], CostGroup.Day, window);
            var days = await DailyCosts.OfAsync(cut, from, to, Ct);
            var keys = spans.ConvertAll(span => span.ResourceId).Distinct().ToList();
            var byDisk = await CostSpans.Of(db, [_account], CostGroup.Disk, window).SumsAsync(keys, Ct);
            var byPod = await CostSpans.Of(db, [_account], CostGroup.Pod, window).SumsAsync(keys, Ct);

            foreach (var (day, sum) in days)
            {
                ((BigInteger)sum).ShouldBe(Expected(_ => true, Clock.StartOf(day), Clock.StartOf(day.AddDays(1))));
            }

            foreach (var key in keys)
            {
                ((BigInteger)byDisk.GetValueOrDefault(key)).ShouldBe(Expected(
                    span => span.ResourceId == key && span.Kind == ResourceKind.Disk, window.Begin, end));
                ((BigInteger)byPod.GetValueOrDefault(key)).ShouldBe(Expected(
                    span => span.ResourceId == key && span.Kind == ResourceKind.Pod, window.Begin, end));
            }

            var whole = (BigInteger)await cut.SumAsync(Ct);
            whole.ShouldBe(Expected(_ => true, window.Begin, end));
            days.Aggregate(BigInteger.Zero, (sum, day) => sum + (BigInteger)day.Sum).ShouldBe(whole);
            var told = (await GetAsync($"?group_by=user&from={from:O}&to={to:O}")).Object;
            told["totalUsd"]!.GetValue<decimal>().ShouldBe(Accrual.Usd((Int128)whole));
        }

        // Told a second time, without a usage span's cutting: the time in common of two stretches, in microseconds.
        BigInteger Expected(Func<UsageSpan, bool> isMeant, DateTimeOffset begin, DateTimeOffset end) => spans
            .Where(isMeant)
            .Aggregate(BigInteger.Zero, (sum, span) =>
            {
                BigInteger from = Math.Max(Clock.ToMicroseconds(span.From), Clock.ToMicroseconds(begin));
                BigInteger to = Math.Min(Clock.ToMicroseconds(span.To ?? Now), Clock.ToMicroseconds(end));
                return sum + (BigInteger.Max(0, to - from) * span.PriceHr.PicoUsd);
            });
    }

    [Fact]
    public async Task Pages_are_the_whole_cut_in_pieces_and_cost_the_same_number_of_queries()
    {
        await Mooring.Database.WriteAsync(
            (db, _) =>
            {
                db.UsageSpans.AddRange(Enumerable.Range(0, 45).Select(n =>
                    Span($"{n:x32}") with { PriceHr = new Money((n % 7) * 1_000), From = Now.AddHours(-5) }));
                return Task.CompletedTask;
            },
            Ct);

        foreach (var group in new[] { "disk", "day" })
        {
            var whole = await IdsAsync($"?group_by={group}&from=2025-09-01&limit=1000");
            List<string> paged = [];
            for (var offset = 0; offset < 100; offset += 20)
            {
                paged.AddRange(await IdsAsync($"?group_by={group}&from=2025-09-01&limit=20&offset={offset}"));
            }

            whole.Count.ShouldBe(group == "disk" ? 45 : 68);
            paged.ShouldBe(whole);
        }

        var one = await QueriesAsync("?limit=1");
        (await QueriesAsync("?limit=1000")).ShouldBe(one);

        async Task<List<string>> IdsAsync(string query) =>
        [
            .. (await GetAsync(query)).Object["data"]!.AsArray().Select(row => row!["id"]!.GetValue<string>()),
        ];

        async Task<int> QueriesAsync(string query)
        {
            Mooring.Log.Sql.Clear();
            await GetAsync(query);
            return Mooring.Log.Sql.Count(sql => sql.Contains("usage_spans", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Comma_separated_values_are_read_as_what_they_are()
    {
        var plain = await Mooring.CreateDiskAsync("data", size: 500);
        Mooring.Time.Advance(TimeSpan.FromHours(1));
        var evil = await Mooring.CreateDiskAsync("=cmd|'/c \\\"calc\\\"'!A1, or", size: 20);
        Mooring.Time.Advance(TimeSpan.FromHours(1));

        var csv = await GetAsync("?format=csv");

        csv.Text.ShouldBe(string.Join("\r\n",
        [
            "id,name,usd,forecast_usd,status,price_hr,cost_to_date_usd,idle_since,idle_cost_usd",
            plain + ",data,0.15,41.6159336875,ACTIVE,0.075,0.15,2025-11-07T21:07:15.183000Z,0.15",
            evil + ",\"'=cmd|'/c \"\"calc\"\"'!A1, or\",0.003,1.6616373475,ACTIVE,0.003,0.003,"
                + "2025-11-07T22:07:15.183000Z,0.003",
            "",
        ]));
        csv.ContentType.ShouldBe("text/csv");
        var asked = await Mooring.SendAsync("GET", Route, change: request => request.Headers.Add("Accept", "text/csv"));
        asked.Text.ShouldBe(csv.Text);
        (await Mooring.SendAsync("GET", Route, change: request => request.Headers.Add("Accept", "*/*")))
            .ContentType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Nobody_sees_what_others_cost()
    {
        await Mooring.CreateDiskAsync();
        var stranger = await Mooring.MintStrangerAsync();
        Mooring.Time.Advance(TimeSpan.FromHours(1));

        foreach (var group in new[] { "disk", "pod", "team", "user", "provider" })
        {
            var theirs = (await Mooring.SendAsync("GET", $"{Route}?group_by={group}", key: stranger)).ShouldBe(200);
            theirs.Object["totalCount"]!.GetValue<int>().ShouldBe(0);
            theirs.Object["totalUsd"]!.GetValue<decimal>().ShouldBe(0m);
            theirs.Object["forecastUsd"]!.GetValue<decimal>().ShouldBe(0m);
        }
    }

    [Fact]
    public async Task Everybodys_costs_are_told_to_an_operator_alone()
    {
        await Mooring.CreateDiskAsync(size: 100);
        var stranger = await Mooring.MintStrangerAsync();
        await Mooring.CreateDiskAsync(size: 300, key: stranger);
        var bookkeeper = await Mooring.MintKeyAsync(ApiKey.Permit((Section.Billing, Access.Read)));
        Mooring.Time.Advance(TimeSpan.FromHours(1));

        foreach (var group in new[] { "disk", "user", "day" })
        {
            var all = (await GetAsync($"?group_by={group}&all=true")).Object;
            all["totalUsd"]!.GetValue<decimal>().ShouldBe(0.06m);
            all["totalCount"]!.GetValue<int>().ShouldBe(group == "day" ? 7 : 2);
            (await GetAsync($"?group_by={group}&all=false")).Object["totalUsd"]!.GetValue<decimal>().ShouldBe(0.015m);
        }

        (await Mooring.SendAsync("GET", Route, key: bookkeeper)).ShouldBe(200);
        (await Mooring.SendAsync("GET", Route + "?all=true", key: bookkeeper)).ShouldRefuse(403, "Admin: read");
    }

    [Theory]
    [InlineData("?group_by=planet", "group_by")]
    [InlineData("?format=xml", "format")]
    [InlineData("?from=2025-11-08", "from")]
    [InlineData("?from=2024-11-06", "from")]
    [InlineData("?to=2027-01-01", "to")]
    [InlineData("?limit=1001", "limit")]
    public async Task What_can_not_be_asked_is_told(string query, string fault) =>
        (await Mooring.SendAsync("GET", Route + query)).ShouldFault(fault);

    // The last day is today where none is given, which whoever gave only the first need not have thought of.
    [Theory]
    [InlineData("?from=2025-11-08", "2024-11-07 to 2025-11-07")]
    [InlineData("?from=2024-11-06", "2024-11-07 to 2025-11-07")]
    [InlineData("?from=2024-02-29&to=2024-02-28", "2023-02-28 to 2024-02-28")]
    [InlineData("?from=0001-01-09&to=0001-01-08", "0001-01-01 to 0001-01-08")]
    public async Task Which_days_can_be_the_first_is_told(string query, string days) =>
        (await Mooring.SendAsync("GET", Route + query)).Text.ShouldContain($"must be a day from {days}, the last");

    [Theory]
    [InlineData("?from=2024-11-07", "2024-11-07", "2025-11-07")]
    [InlineData("?to=2025-09-30", "2025-09-01", "2025-09-30")]
    [InlineData("?to=0001-01-08", "0001-01-01", "0001-01-08")]
    public async Task What_is_not_said_of_the_days_is_the_month_of_the_last_and_today(
        string query, string from, string to)
    {
        var costs = await GetAsync(query);
        costs.Object["from"]!.GetValue<string>().ShouldBe(from);
        costs.Object["to"]!.GetValue<string>().ShouldBe(to);
    }

    private List<UsageSpan> RandomSpans(int many) =>
        Gen.Select(
                Gen.Int[0, 59],
                Gen.Long[0, 400L * 86_400_000_000],
                Gen.Long[0, 90L * 86_400_000_000],
                Gen.Int[0, 5],
                Gen.OneOf(Gen.Long[0, 10_000_000_000_000], Gen.Long[0, long.MaxValue]))
            .Array[many]
            .Generate(new PCG(5, 23), null, out _)
            .Select((one, index) => Span($"{(one.Item4 == 0 ? 1_000 + index : one.Item1):x32}") with
            {
                Kind = one.Item1 % 3 == 0 ? ResourceKind.Pod : ResourceKind.Disk,
                From = Now.AddMicroseconds(-one.Item2),
                To = one.Item4 == 0 ? null : Clock.Earlier(Now, Now.AddMicroseconds(one.Item3 - one.Item2)),
                PriceHr = new Money(one.Item5),
            })
            .ToList();

    private async Task<Reply> GetAsync(string query) => (await Mooring.SendAsync("GET", Route + query)).ShouldBe(200);

    private UsageSpan Span(string id) => new()
    {
        Kind = ResourceKind.Disk,
        ResourceId = id,
        AccountId = _account,
        WalletId = new WalletId("wallet"),
        From = Now,
        PriceHr = Money.Zero,
        Cause = Happened.Created,
    };
}

public sealed class SqliteCostTests() : CostTests(Backend.Sqlite);

public sealed class PostgresCostTests() : CostTests(Backend.PostgreSql);
