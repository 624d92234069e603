using Microsoft.AspNetCore.Http;
using Mooring.Contract.Native;

namespace Mooring.Cli.Tests.Commands;

/// <summary>What has been used, whether that is right, and what prices were.</summary>
public sealed class CostsCommandTests : IAsyncLifetime
{
    private const string Names = "id,name,usd\r\n";
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.On("GET /api/mooring/v1/costs", Of("disk", Row("d1", "data", 8m), Row("d2", "notes", 0.5m)) with
        {
            TotalCount = 7,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _line.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Rows_have_a_bar_each_and_the_sum_stands_beside_them()
    {
        (await _line.RunAsync("costs", "--from", "2026-11-01", "--to", "2026-11-30", "--limit", "2"))
            .ShouldBe(ExitCode.Done);

        _server.Requests.Last().Route.ShouldBe(
            "GET /api/mooring/v1/costs?group_by=disk&from=2026-11-01&to=2026-11-30&offset=0&limit=2");
        var lines = _line.Output.TrimEnd().Split('\n');
        lines[1].ShouldContain("d1  data");
        lines[1].ShouldContain("8.00  ████████████ ");
        lines[2].ShouldContain("0.50  ▊ ");
        _line.Error.ShouldContain(
            "8.50 USD for disks alone from 2026-11-01 to 2026-11-28; 99.123456789012 USD this month");
        _line.Error.ShouldContain("7 rows in all");
    }

    [Theory]
    [InlineData("day", "DAY")]
    [InlineData("pod", "SINCE MADE")]
    [InlineData("team", "MONTH WILL BE")]
    [InlineData("user", "MONTH WILL BE")]
    [InlineData("provider", "MONTH WILL BE")]
    public async Task Each_grouping_has_its_columns(string by, string column)
    {
        _server.On("GET /api/mooring/v1/costs", Of(by, Row(null, null, 0m)));

        (await _line.RunAsync("costs", "--by", by)).ShouldBe(ExitCode.Done);

        _server.Requests.Last().Route.ShouldContain($"group_by={by}");
        _line.Output.ShouldContain(column);
    }

    [Theory]
    [InlineData("pod", "8.50 USD for instances alone from")]
    [InlineData("provider", "8.50 USD from")]
    public async Task The_sum_says_what_it_is_of(string by, string words)
    {
        _server.On("GET /api/mooring/v1/costs", Of(by, Row("x", null, 8.5m)));

        (await _line.RunAsync("costs", "--by", by)).ShouldBe(ExitCode.Done);

        _line.Error.ShouldStartWith(words);
    }

    [Fact]
    public async Task All_days_are_shown_unless_fewer_are_asked_for_and_no_line_ends_in_blanks()
    {
        _server.On("GET /api/mooring/v1/costs", Of("day", Row("2026-11-27", null, 0m), Row("2026-11-28", null, 8m)));

        (await _line.RunAsync("costs", "--by", "day")).ShouldBe(ExitCode.Done);

        _server.Requests.Last().Route.ShouldEndWith("&limit=366");
        _line.Output.TrimEnd().Split('\n').ShouldBe(
            ["DAY          USD", "2026-11-27  0.00", "2026-11-28  8.00  ████████████"]);

        (await _line.RunAsync("costs", "--by", "day", "--limit", "3")).ShouldBe(ExitCode.Done);
        _server.Requests.Last().Route.ShouldEndWith("&limit=3");
    }

    [Fact]
    public async Task Nothing_used_is_said_and_no_table_is_drawn()
    {
        _server.On("GET /api/mooring/v1/costs", Of("disk"));

        (await _line.RunAsync("costs")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldContain("Nothing was used from 2026-11-01 to 2026-11-28.");
    }

    [Fact]
    public async Task Comma_separated_values_go_out_page_by_page_with_the_names_once()
    {
        var full = string.Concat(Enumerable.Repeat("d,n,1\r\n", 1_000));
        _server.On("GET /api/mooring/v1/costs", context =>
        {
            context.Response.ContentType = "text/csv";
            return context.Response.WriteAsync(
                Names + (context.Request.Query["offset"] == "2000" ? "last,n,1\r\n" : full));
        });

        (await _line.RunAsync("costs", "--by", "user", "--all", "--csv")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(Names + full + full + "last,n,1\r\n");
        _server.Requests.Select(asked => asked.Route).ShouldBe(
        [
            .. new[] { 0, 1_000, 2_000 }.Select(offset =>
                $"GET /api/mooring/v1/costs?group_by=user&all=true&format=csv&offset={offset}&limit=1000"),
        ]);
    }

    [Fact]
    public async Task What_can_not_be_asked_is_refused_before_it_is()
    {
        (await _line.RunAsync("costs", "--by", "planet")).ShouldBe(ExitCode.Usage);
        (await _line.RunAsync("costs", "--from", "yesterday")).ShouldBe(ExitCode.Usage);
        (await _line.RunAsync("costs", "--limit", "1001")).ShouldBe(ExitCode.Usage);
        (await _line.RunAsync("costs", "--csv", "-o", "json")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldContain("give one of them");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sound_ledger_ends_with_0_and_one_that_differs_with_1()
    {
        var sound = new LedgerAudit
        {
            At = default,
            Resources = 3,
            Events = 10,
            UsageSpans = 5,
            Wallets = 1,
            TotalCount = 0,
            Differences = [],
        };
        _server.On("GET /api/mooring/v1/audit/ledger", sound, sound with
        {
            TotalCount = 102,
            Differences = [new LedgerDifference("d1", "The bill of d1 is not what its history says.")],
        });

        (await _line.RunAsync("audit", "ledger")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldContain("The ledger is what its events say: 3 disks and pods, 10 events, 1 wallet.");
        (await _line.RunAsync("audit", "ledger")).ShouldBe(ExitCode.Failed);
        _line.Output.ShouldContain("The bill of d1 is not what its history says.");
        _line.Output.ShouldContain("And 101 more");
        _line.Output.ShouldContain("102 differences");
    }

    [Fact]
    public async Task Prices_are_listed_with_what_they_were_before()
    {
        _server.On("GET /api/mooring/v1/offers/prices", new PriceHistory(
            [
                new PriceSeen
                {
                    ProviderAccountId = "cacc",
                    ProviderType = "hyperstack",
                    CloudId = null,
                    DataCenter = "US-1",
                    PricePerGbHour = 0.0002m,
                    PriceBefore = 0.00015m,
                    SeenAt = new DateTimeOffset(2026, 11, 28, 1, 2, 3, TimeSpan.Zero),
                },
            ],
            1));

        (await _line.RunAsync("availability", "prices")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain("2026-11-28 01:02:03Z  hyperstack");
        _line.Output.ShouldContain("0.0002  0.00015");
    }

    private static Costs Of(string by, params CostRow[] rows) => new()
    {
        GroupBy = by,
        From = new DateOnly(2026, 11, 1),
        To = new DateOnly(2026, 11, 28),
        Currency = "USD",
        TotalUsd = 8.5m,
        ForecastUsd = 99.123456789012m,
        TotalCount = rows.Length,
        Offset = 0,
        Limit = 50,
        Data = rows,
    };

    private static CostRow Row(string? id, string? name, decimal usd) => new()
    {
        Id = id,
        Name = name,
        Usd = usd,
        ForecastUsd = 10,
        Status = "ACTIVE",
        PriceHr = 0.075m,
        CostToDate = 9,
        IdleSince = null,
        IdleCost = null,
    };
}
