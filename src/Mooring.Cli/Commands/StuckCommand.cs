using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring stuck</c>.</summary>
internal sealed class StuckCommand : ServerCommand
{
    private const int LimitMax = 500;

    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"Rows at most, 1 to {LimitMax}.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    public StuckCommand(Common common)
        : base(
            common,
            "stuck",
            "List your disks and pods that are overdue or can't be read, oldest first.",
            "mooring stuck",
            "mooring stuck -o json | jq length")
    {
        _limit.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() is < 1 or > LimitMax)
            {
                option.AddError($"--limit must be a number from 1 to {LimitMax}.");
            }
        });
        Options.Add(_limit);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var stuck = await call.Client.ListStuckAsync(call.Value(_limit), call.Ct);
        call.Printer.Rows(stuck.Data, Printer.Json.StuckResource, Table(call.Around.Time), "Nothing is stuck.");
        return ExitCode.Done;
    }

    private static Table<StuckResource> Table(TimeProvider time) => new(
        new Column<StuckResource>("KIND", stuck => stuck.Kind),
        new Column<StuckResource>("ID", stuck => stuck.Id),
        new Column<StuckResource>("NAME", stuck => stuck.Name) { WidthMin = 8, LeftOut = 2 },
        new Column<StuckResource>("STATUS", stuck => stuck.Status) { Colour = Colours.OfStatus },
        new Column<StuckResource>("FOR", stuck => Words.Age(stuck.Since, time)) { IsRight = true },
        new Column<StuckResource>(
            "DEADLINE", stuck => stuck.Deadline is { } end ? Words.Until(end, time) : null)
        {
            LeftOut = 3,
        },
        new Column<StuckResource>("TRIES", stuck => $"{stuck.Attempt}") { IsRight = true, LeftOut = 4 },
        new Column<StuckResource>(
            "NEXT TRY", stuck => stuck.NextTry is { } next ? Words.Until(next, time) : null)
        {
            LeftOut = 1,
        },
        new Column<StuckResource>("WHY", stuck => stuck.Reason) { WidthMin = 12 });
}
