using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Providers;

/// <summary><c>mooring providers charges</c>.</summary>
internal sealed class ChargesCommand : ProviderCommand
{
    private const string ByDay = "day";
    private const string ByResource = "resource";

    private readonly Option<DateOnly?> _from =
        DayOption.Create("--from", "The first day, UTC; by default the first of the month of the last.");
    private readonly Option<DateOnly?> _to = DayOption.Create("--to", "The last day, UTC; today by default.");

    private readonly Option<string> _by = new("--by")
    {
        Description = "What the rows are; of resources, the 500 that were charged most.",
        HelpName = $"{ByDay}|{ByResource}",
        DefaultValueFactory = _ => ByDay,
    };

    private readonly Option<bool> _read = new("--read")
    {
        Description = "Have the provider asked now; without it, what was read within the last hour is shown.",
    };

    public ChargesCommand(Common common)
        : base(
            common,
            "charges",
            "Show what an account says that it charged, and what accrued here for the same.",
            "mooring providers charges lab",
            "mooring providers charges lab --from 2026-11-01 --to 2026-11-30 --by resource")
    {
        _by.AcceptOnlyFromAmong(ByDay, ByResource);
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_by);
        Options.Add(_read);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call, string id)
    {
        if (call.Value(_read))
        {
            await call.Client.ReadChargesNowAsync(id, call.Ct);
        }

        var charges = await call.Client.ReadProviderChargesAsync(
            id, call.Value(_from), call.Value(_to), limit: 500, ct: call.Ct);
        if (call.Printer.IsJson)
        {
            call.Printer.Lines(charges, Printer.Json.ProviderCharges);
            return ExitCode.Done;
        }

        var none = $"No charges are known from {DayOption.ToText(charges.From)} to {DayOption.ToText(charges.To)}.";
        if (call.Value(_by) == ByResource)
        {
            call.Printer.Rows(charges.Resources, Printer.Json.ChargedResource, Resources, none);
        }
        else
        {
            call.Printer.Rows(charges.Days, Printer.Json.DayOfCharges, Days, none);
        }

        Tell(call, charges);
        return ExitCode.Done;
    }

    private static readonly Table<DayOfCharges> Days = new(
        new Column<DayOfCharges>("DAY", day => DayOption.ToText(day.Day)),
        new Column<DayOfCharges>("DISKS USD", day => Words.Price(day.DisksUsd)) { IsRight = true },
        new Column<DayOfCharges>("INSTANCES USD", day => Words.Price(day.InstancesUsd)) { IsRight = true },
        new Column<DayOfCharges>("UNMATCHED USD", day => Words.Price(day.UnmatchedUsd)) { IsRight = true });

    private static readonly Table<ChargedResource> Resources = new(
        new Column<ChargedResource>("KIND", thing => thing.Kind),
        new Column<ChargedResource>("ID", thing => thing.ResourceId ?? "-"),
        new Column<ChargedResource>("THERE", thing => thing.RemoteId) { WidthMin = 8 },
        new Column<ChargedResource>("CHARGED USD", thing => Words.Price(thing.ChargedUsd)) { IsRight = true },
        new Column<ChargedResource>("ACCRUED USD", thing => Words.Price(thing.AccruedUsd)) { IsRight = true });

    // Beside the table, so that what reads it gets rows alone.
    private static void Tell(Call call, ProviderCharges charges)
    {
        call.Around.Error.WriteLine(
            $"{Words.Price(charges.TotalUsd)} USD from {DayOption.ToText(charges.From)} "
            + $"to {DayOption.ToText(charges.To)}, "
            + (charges.ReadAt is { } at ? $"read {Words.Age(at, call.Around.Time)} ago" : "never read so far"));
        if (charges.TotalCount > charges.Resources.Count)
        {
            call.Around.Error.WriteLine($"{charges.TotalCount} things were charged.");
        }

        if (charges.Reason is { } reason)
        {
            call.Around.Error.WriteLine($"They could not be read the last time: {Printable.Line(reason)}");
        }
    }
}
