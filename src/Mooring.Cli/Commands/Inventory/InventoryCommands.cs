using System.CommandLine;
using System.Globalization;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Inventory;

/// <summary><c>mooring inventory list</c>.</summary>
internal sealed class ListInventoryCommand : ServerCommand
{
    public ListInventoryCommand(Common common)
        : base(
            common,
            "list",
            "List what is at provider accounts and not, or not so, in the records.",
            "mooring inventory list") =>
        AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var findings = await call.Client.ListInventoryAsync(call.Ct);
        call.Printer.Rows(
            findings,
            Printer.Json.InventoryFinding,
            Table(call.Around.Time),
            "Everything at the providers is as the records say.");
        return ExitCode.Done;
    }

    private static Table<InventoryFinding> Table(TimeProvider time) => new(
        new Column<InventoryFinding>("KIND", finding => finding.Kind),
        new Column<InventoryFinding>("PROVIDER", finding => finding.ProviderType),
        new Column<InventoryFinding>("NAME", finding => finding.Name),
        new Column<InventoryFinding>("GB", finding => finding.SizeGb?.ToString(CultureInfo.InvariantCulture))
        {
            IsRight = true,
        },
        new Column<InventoryFinding>("USD/HOUR", finding => finding.CostHr?.ToString(CultureInfo.InvariantCulture))
        {
            IsRight = true,
        },
        new Column<InventoryFinding>("SEEN FOR", finding => Words.Age(finding.FirstSeenAt, time))
        {
            IsRight = true,
            LeftOut = 1,
        },
        new Column<InventoryFinding>("WHAT", finding => finding.Words) { WidthMin = 12, LeftOut = 2 });
}

/// <summary>A verb about one orphan.</summary>
internal abstract class OrphanCommand : ServerCommand
{
    private readonly Argument<string> _name = new("name")
    {
        Description = "The orphan's name at its provider, as `mooring inventory list` shows it.",
    };

    protected OrphanCommand(Common common, string name, string description, params IReadOnlyList<string> examples)
        : base(common, name, description, examples) => Arguments.Add(_name);

    protected override async Task<int> RunAsync(Call call)
    {
        var name = call.Value(_name);
        var orphans = (await call.Client.ListInventoryAsync(call.Ct))
            .Where(finding => finding.Name == name && finding.Kind == "orphan_disk")
            .ToList();
        return orphans switch
        {
            [var orphan] => await RunAsync(call, orphan),
            [] => throw new CommandFailedException($"no provider's last list has an orphan '{name}'")
            {
                Code = ExitCode.NotFound,
            },
            _ => throw new CommandFailedException($"'{name}' is at several provider accounts: use the API to name one")
            {
                Code = ExitCode.Usage,
            },
        };
    }

    protected abstract Task<int> RunAsync(Call call, InventoryFinding orphan);
}

/// <summary><c>mooring inventory adopt</c>.</summary>
internal sealed class AdoptCommand : OrphanCommand
{
    private readonly Option<string?> _diskName = new("--disk-name")
    {
        Description = "What the disk shall be called; made of its id if not given.",
        HelpName = "NAME",
    };

    private readonly Option<decimal?> _price = new("--price")
    {
        Description = "What you pay for it, USD per hour; what such a disk costs there now if not given.",
        HelpName = "USD",
    };

    public AdoptCommand(Common common)
        : base(
            common,
            "adopt",
            "Make an orphan a disk of yours, with its data. It is billed from now on.",
            "mooring inventory adopt mrg-k3f9q2ab-01a21fb7466f7e479555917279f4177a --disk-name found")
    {
        Options.Add(_diskName);
        Options.Add(_price);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call, InventoryFinding orphan)
    {
        var disk = await call.Client.AdoptOrphanAsync(
            new AdoptRequest
            {
                ProviderAccountId = orphan.ProviderAccountId,
                Name = orphan.Name,
                DiskName = call.Value(_diskName),
                PriceHr = call.Value(_price),
            },
            call.Ct);
        call.Printer.Lines(disk, Printer.Json.Disk, $"disk {disk.Name} ({disk.Id}) is yours: {disk.PriceHr} USD/hour");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring inventory delete</c>.</summary>
internal sealed class DeleteOrphanCommand : OrphanCommand
{
    private readonly Option<bool> _yes = new YesOption();

    public DeleteOrphanCommand(Common common)
        : base(
            common,
            "delete",
            "Delete an orphan at its provider, and its data with it.",
            "mooring inventory delete mrg-k3f9q2ab-01a21fb7466f7e479555917279f4177a")
    {
        Options.Add(_yes);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call, InventoryFinding orphan)
    {
        await call.ConfirmAsync(
            $"Delete {orphan.Name} of {orphan.SizeGb} GB at {orphan.ProviderType}, with its data?", call.Value(_yes));
        var done = await call.Client.DeleteOrphanAsync(
            new DeleteOrphanRequest { ProviderAccountId = orphan.ProviderAccountId, Name = orphan.Name }, call.Ct);
        call.Printer.Lines(done, Printer.Json.Intervention, done.Did);
        return ExitCode.Done;
    }
}
