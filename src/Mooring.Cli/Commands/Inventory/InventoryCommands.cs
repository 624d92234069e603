using System.CommandLine;
using System.Globalization;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Inventory;

/// <summary><c>mooring inventory list</c>.</summary>
internal sealed class ListInventoryCommand : ServerCommand
{
    private readonly Option<bool> _all = new("--all")
    {
        Description = "List what somebody else made in the accounts as well.",
    };

    public ListInventoryCommand(Common common)
        : base(
            common,
            "list",
            "List what is at provider accounts and not, or not so, in the records.",
            "mooring inventory list",
            "mooring inventory list --all")
    {
        Options.Add(_all);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var findings = await call.Client.ListInventoryAsync(call.Value(_all), call.Ct);
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
        new Column<InventoryFinding>("REMOTE ID", finding => finding.RemoteId) { LeftOut = 3 },
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

/// <summary>How one of what the inventory lists is named.</summary>
internal static class Listed
{
    public const string OrphanDisk = "orphan_disk";
    public const string OrphanInstance = "orphan_instance";
    private const string Description = "The orphan's name at its provider, as `mooring inventory list` shows it.";

    public static Argument<string> Name() => new("name") { Description = Description };

    public static Argument<string?> NameOrNone() =>
        new("name") { Description = Description, Arity = ArgumentArity.ZeroOrOne };

    public static async Task<InventoryFinding> OrphanAsync(
        Call call, string name, params IReadOnlyList<string> kinds) => Only(
        (await call.Client.ListInventoryAsync(ct: call.Ct))
            .Where(finding => finding.Name == name && kinds.Contains(finding.Kind))
            .DistinctBy(finding => finding.ProviderAccountId),
        $"no provider's last list has an orphan '{name}'",
        $"'{name}' is at several provider accounts: use the API to name one");

    public static async Task<InventoryFinding> ForeignAsync(Call call, string remoteId, string? account)
    {
        var id = account is null ? null : await Naming.ProviderAccountAsync(call, account);
        return Only(
            (await call.Client.ListInventoryAsync(all: true, call.Ct)).Where(finding =>
                finding.RemoteId == remoteId
                && finding.Kind is "foreign_disk" or "double_disk"
                && (id is null || finding.ProviderAccountId == id)),
            $"no last list of such an account has a disk of the id '{remoteId}' that somebody else made, or a double: "
            + "`mooring inventory list --all` has what can be registered",
            $"'{remoteId}' is at several provider accounts: name one with --account");
    }

    private static InventoryFinding Only(IEnumerable<InventoryFinding> found, string none, string several) =>
        found.ToList() switch
        {
            [var only] => only,
            [] => throw new CommandFailedException(none) { Code = ExitCode.NotFound },
            _ => throw new CommandFailedException(several) { Code = ExitCode.Usage },
        };
}

/// <summary><c>mooring inventory adopt</c>.</summary>
internal sealed class AdoptCommand : ServerCommand
{
    private readonly Argument<string?> _name = Listed.NameOrNone();

    private readonly Option<string?> _remoteId = new("--remote-id")
    {
        Description = "In place of a name: the provider's id of what somebody else made, as `list --all` has it.",
        HelpName = "ID",
    };

    private readonly Option<string?> _account = new("--account")
    {
        Description = "The provider account that it is at, by id or name, if several have that id.",
        HelpName = "ACCOUNT",
    };

    private readonly Option<string?> _diskName = new("--disk-name")
    {
        Description = "What the disk shall be called; if not given, what it is called there, or its id.",
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
            "Make an orphan, or what somebody else made, a disk of yours, with its data. It is billed from now on.",
            "mooring inventory adopt mrg-k3f9q2ab-01a21fb7466f7e479555917279f4177a --disk-name found",
            "mooring inventory adopt --account lab --remote-id 2q9m7x4c1z --price 0.05")
    {
        Arguments.Add(_name);
        Options.Add(_remoteId);
        Options.Add(_account);
        Options.Add(_diskName);
        Options.Add(_price);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var (name, remoteId) = (call.Parsed.GetValue(_name), call.Value(_remoteId));
        if ((name is null) == (remoteId is null))
        {
            throw new CommandFailedException("name an orphan, or with --remote-id what somebody else made: one of both")
            {
                Code = ExitCode.Usage,
            };
        }

        var found = remoteId is null
            ? await Listed.OrphanAsync(call, name!, Listed.OrphanDisk)
            : await Listed.ForeignAsync(call, remoteId, call.Value(_account));
        var disk = await call.Client.AdoptOrphanAsync(
            new AdoptRequest
            {
                ProviderAccountId = found.ProviderAccountId,
                Name = name,
                RemoteId = remoteId,
                DiskName = call.Value(_diskName),
                PriceHr = call.Value(_price),
            },
            call.Ct);
        call.Printer.Lines(disk, Printer.Json.Disk, $"disk {disk.Name} ({disk.Id}) is yours: {disk.PriceHr} USD/hour");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring inventory delete</c>.</summary>
internal sealed class DeleteOrphanCommand : ServerCommand
{
    private readonly Argument<string> _name = Listed.Name();

    private readonly Option<bool> _yes = new YesOption();

    public DeleteOrphanCommand(Common common)
        : base(
            common,
            "delete",
            "End an orphaned instance, or delete an orphaned disk with its data, at its provider.",
            "mooring inventory delete mrg-k3f9q2ab-01a21fb7466f7e479555917279f4177a")
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var orphan = await Listed.OrphanAsync(call, call.Value(_name), Listed.OrphanDisk, Listed.OrphanInstance);
        await call.ConfirmAsync(
            orphan.Kind == Listed.OrphanDisk
                ? $"Delete {orphan.Name} of {orphan.SizeGb} GB at {orphan.ProviderType}, with its data?"
                : $"End the instance {orphan.Name} at {orphan.ProviderType}? What is on its own disk is lost.",
            call.Value(_yes));
        var done = await call.Client.DeleteOrphanAsync(
            new DeleteOrphanRequest { ProviderAccountId = orphan.ProviderAccountId, Name = orphan.Name }, call.Ct);
        call.Printer.Lines(done, Printer.Json.Intervention, done.Did);
        return ExitCode.Done;
    }
}
