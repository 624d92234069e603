using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Client;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring audit trail</c>.</summary>
internal sealed class AuditTrailCommand : ServerCommand
{
    private readonly Option<string?> _user = new("--user") { Description = "Only this user's.", HelpName = "ID" };

    private readonly Option<string?> _target = new("--target")
    {
        Description = "Only what was done to the disk, instance, key, user, team or account with this id.",
        HelpName = "ID",
    };

    private readonly Option<string?> _action = new("--action")
    {
        Description = "Only this, by its name in the API reference, for example createDisk.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _refused = new("--refused") { Description = "Only what was refused." };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "Entries at the most.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    public AuditTrailCommand(Common common)
        : base(
            common,
            "trail",
            "Show who changed what, from where, and what was refused, newest first; for operators.",
            "mooring audit trail",
            "mooring audit trail --target 0199f2a4c1d77c3e8f0a2b4c6d8e0f12",
            "mooring audit trail --refused --limit 1000 -o json")
    {
        _limit.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() < 1)
            {
                option.AddError("--limit must be 1 or more.");
            }
        });
        Options.Add(_user);
        Options.Add(_target);
        Options.Add(_action);
        Options.Add(_refused);
        Options.Add(_limit);
        AddCommonOptions();
    }

    private static Table<AuditTrailEntry> Table { get; } = new(
        new Column<AuditTrailEntry>("AT", entry => Words.Instant(entry.At)),
        new Column<AuditTrailEntry>("KEY", entry => entry.KeyPrefix ?? ""),
        new Column<AuditTrailEntry>("ADDRESS", entry => entry.Address ?? "") { LeftOut = 2 },
        new Column<AuditTrailEntry>("ACTION", entry => entry.Action ?? ""),
        new Column<AuditTrailEntry>("TARGET", entry => entry.Target ?? "") { LeftOut = 1 },
        new Column<AuditTrailEntry>("STATUS", entry => $"{entry.Status}") { IsRight = true },
        new Column<AuditTrailEntry>("WORDS", entry => entry.Words ?? "") { WidthMin = 12 });

    protected override async Task<int> RunAsync(Call call)
    {
        var filters = new AuditFilters
        {
            UserId = call.Value(_user),
            Target = call.Value(_target),
            Action = call.Value(_action),
            Refused = call.Value(_refused) ? true : null,
        };
        var entries =
            await call.Client.ListAuditEntriesAsync(filters, call.Value(_limit), call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(entries, Printer.Json.AuditTrailEntry, Table, "There is no such entry.");
        return ExitCode.Done;
    }
}
