using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring costs</c>.</summary>
internal sealed class CostsCommand : ServerCommand
{
    private const string ByDay = "day";
    private const int LimitMax = 1_000;
    private const int LimitByDefault = 50;

    // Days come in their order, so that a limit would leave out the newest; more are not asked for at once.
    private const int DaysMax = 366;
    private const int BarWidth = 12;
    private static readonly string[] Groups = ["disk", "pod", "team", "user", "provider", ByDay];

    private readonly Option<string> _by = new("--by")
    {
        Description = "What the rows are.",
        HelpName = string.Join('|', Groups),
        DefaultValueFactory = _ => Groups[0],
    };

    private readonly Option<DateOnly?> _from =
        DayOption.Create("--from", "The first day, UTC; by default the first of the month of the last.");

    private readonly Option<DateOnly?> _to = DayOption.Create("--to", "The last day, UTC; today by default.");

    private readonly Option<int?> _limit = new("--limit")
    {
        Description =
            $"Rows at most, 1 to {LimitMax}, the dearest: {LimitByDefault} by default. All days are shown, and --csv "
            + "has all rows.",
        HelpName = "N",
    };

    private readonly Option<bool> _all = new("--all")
    {
        Description = "Everybody's, not only yours and your teams'; needs the permission Admin: read.",
    };

    private readonly Option<bool> _csv = new("--csv")
    {
        Description = "Write all rows as comma-separated values.",
    };

    public CostsCommand(Common common)
        : base(
            common,
            "costs",
            "Show what has been used, and what the month will cost.",
            "mooring costs",
            "mooring costs --by day --from 2026-11-01 --to 2026-11-30",
            "mooring costs --by team --csv > november.csv")
    {
        _by.AcceptOnlyFromAmong(Groups);
        _limit.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int?>() is < 1 or > LimitMax)
            {
                option.AddError($"--limit must be a number from 1 to {LimitMax}.");
            }
        });
        Options.Add(_by);
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_all);
        Options.Add(_limit);
        Options.Add(_csv);
        AddCommonOptions();
        Validators.Add(line =>
        {
            if (line.GetValue(_csv) && line.GetValue(common.Output) == Common.Json)
            {
                line.AddError("--csv and -o json are two forms of one answer; give one of them.");
            }
        });
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var by = call.Value(_by)!;
        if (call.Value(_csv))
        {
            await WriteCsvAsync(call, by);
            return ExitCode.Done;
        }

        var costs = await call.Client.ReadCostsAsync(
            by, call.Value(_from), call.Value(_to), call.Value(_all), limit: LimitOf(call, by), ct: call.Ct);
        if (call.Printer.IsJson)
        {
            call.Printer.Lines(costs, Printer.Json.Costs);
            return ExitCode.Done;
        }

        var none = $"Nothing was used from {DayOption.ToText(costs.From)} to {DayOption.ToText(costs.To)}.";
        call.Printer.Rows(costs.Data, Printer.Json.CostRow, Table(by, costs, call.Around.Time), none);
        Tell(call, by, costs);
        return ExitCode.Done;
    }

    private int LimitOf(Call call, string by) => call.Value(_limit) ?? (by == ByDay ? DaysMax : LimitByDefault);

    // Page after page, with the line of names once; the server writes it, so that it is the same wherever it is asked.
    private async Task WriteCsvAsync(Call call, string by)
    {
        const string LineEnd = "\r\n";
        for (var offset = 0; ; offset += LimitMax)
        {
            var text = await call.Client.ReadCostsCsvAsync(
                by, call.Value(_from), call.Value(_to), call.Value(_all), offset, LimitMax, call.Ct);
            var names = text.IndexOf(LineEnd, StringComparison.Ordinal) + LineEnd.Length;
            await call.Around.Output.WriteAsync(offset == 0 ? text : text[names..]);
            // Names of things have no line ends: a row is a line.
            if (text.AsSpan(names).Count(LineEnd) < LimitMax)
            {
                return;
            }
        }
    }

    private static Table<CostRow> Table(string by, Costs costs, TimeProvider time)
    {
        var most = costs.Data.Select(row => row.Usd).DefaultIfEmpty().Max();
        var bar = new Column<CostRow>("", row => Bar(row.Usd, most)) { LeftOut = 1 };
        var usd = new Column<CostRow>("USD", row => Words.Price(row.Usd)) { IsRight = true };
        var forecast = new Column<CostRow>("MONTH WILL BE", row => Words.Price(row.ForecastUsd))
        {
            IsRight = true,
            LeftOut = 4,
        };
        var name = new Column<CostRow>("NAME", row => row.Name) { WidthMin = 8 };
        var id = new Column<CostRow>("ID", row => row.Id);
        var status = new Column<CostRow>("STATUS", row => row.Status) { Colour = Colours.OfStatus, LeftOut = 3 };
        var price = new Column<CostRow>("USD/H", row => Words.Price(row.PriceHr)) { IsRight = true, LeftOut = 5 };
        var toDate = new Column<CostRow>("SINCE MADE", row => Words.Price(row.CostToDate))
        {
            IsRight = true,
            LeftOut = 2,
        };
        return by switch
        {
            ByDay => new Table<CostRow>(new Column<CostRow>("DAY", row => row.Id), usd, bar),
            "disk" => new Table<CostRow>(
                id,
                name,
                status,
                usd,
                bar,
                price,
                toDate,
                new Column<CostRow>(
                    "IDLE", row => row.IdleSince is { } since ? Words.Age(since, time) : null)
                {
                    IsRight = true,
                },
                new Column<CostRow>("IDLE USD", row => Words.Price(row.IdleCost)) { IsRight = true },
                forecast),
            "pod" => new Table<CostRow>(id, name, status, usd, bar, price, toDate, forecast),
            _ => new Table<CostRow>(
                new Column<CostRow>("ID", row => row.Id ?? "(no team)"), name, usd, bar, forecast),
        };
    }

    /// <summary>A row's part of the largest, in eighths of a cell; what is more than nothing is seen.</summary>
    private static string? Bar(decimal usd, decimal most)
    {
        if (most <= 0 || usd <= 0)
        {
            return " ";
        }

        var eighths = Math.Max(1, (int)(usd / most * BarWidth * 8));
        var rest = eighths % 8;
        // U+2588 is a full cell, and U+258F down to U+2589 one to seven eighths.
        return new string('\u2588', eighths / 8) + (rest == 0 ? "" : ((char)('\u2590' - rest)).ToString());
    }

    // Beside the table, so that what reads it gets rows alone.
    private static void Tell(Call call, string by, Costs costs)
    {
        var error = call.Around.Error;
        // Who takes the sum of one kind for the whole bill is wrong by the other.
        var kind = by switch { "disk" => " for disks alone", "pod" => " for instances alone", _ => "" };
        error.WriteLine(
            $"{Words.Price(costs.TotalUsd)} USD{kind} from {DayOption.ToText(costs.From)} "
            + $"to {DayOption.ToText(costs.To)}; "
            + $"{Words.Price(costs.ForecastUsd)} USD this month, if all that is billed now goes on until its end.");
        if (costs.TotalCount > costs.Data.Count)
        {
            error.WriteLine($"{costs.TotalCount} rows in all; --limit shows more, and --csv all of them.");
        }
    }
}
