using System.CommandLine;
using System.CommandLine.Parsing;
using Mooring.Cli.Commands.Keys;
using Mooring.Cli.Commands.Users;
using Mooring.Cli.Output;
using Mooring.Client;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring audit trail</c>, and <c>mooring audit</c> alone, which is the same.</summary>
internal sealed class AuditTrailCommand : ServerCommand
{
    // What is read at once is kept until it is written.
    private const int LimitMax = 100_000;

    private readonly Option<string?> _key = new("--key-prefix")
    {
        Description = "Only what this key did, by its public prefix: the 12 characters after 'mrg_'.",
        HelpName = "PREFIX",
    };

    private readonly Option<string?> _address = new("--address")
    {
        Description = "Only what came from this address; with --key-prefix, --user, --target, or at most 31 days.",
        HelpName = "ADDRESS",
    };

    private readonly Option<string?> _user = new("--user")
    {
        Description = "Only this user's, by id, mail address, or name if no other user has it.",
        HelpName = "USER",
    };

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

    private readonly Option<DateOnly?> _from = DayOption.Create("--from", "Only from this day on, UTC.");

    private readonly Option<DateOnly?> _to = DayOption.Create("--to", "Only up to this day, UTC.");

    private readonly Option<bool> _refused = new("--refused") { Description = "Only what was refused." };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"Entries at the most, 1 to {LimitMax}.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    private AuditTrailCommand(
        Common common, string name, string description, params IReadOnlyList<string> examples)
        : base(common, name, description, examples)
    {
        _limit.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() is < 1 or > LimitMax)
            {
                option.AddError($"--limit must be a number from 1 to {LimitMax}.");
            }
        });
        _key.Validators.Add(option =>
        {
            // A whole key is a secret, and would be sent in an address.
            if (option.GetValueOrDefault<string>() is { Length: > KeyNaming.PrefixLength })
            {
                option.AddError("--key-prefix takes the public prefix alone: the 12 characters after 'mrg_'.");
            }
        });
        Options.Add(_key);
        Options.Add(_address);
        Options.Add(_user);
        Options.Add(_target);
        Options.Add(_action);
        Options.Add(_refused);
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_limit);
        AddCommonOptions();
    }

    public static AuditTrailCommand Trail(Common common) => new(
        common,
        "trail",
        "Show who changed what, from where, and what was refused, newest first; for operators.",
        "mooring audit trail",
        "mooring audit trail --target 0199f2a4c1d77c3e8f0a2b4c6d8e0f12",
        "mooring audit trail --key-prefix 4f1c09a7be23 --address 203.0.113.7",
        "mooring audit trail --user grace@example.org --from 2026-11-27",
        "mooring audit trail --refused --limit 1000 -o json");

    /// <summary>The group of the audits, which by itself shows the trail.</summary>
    public static AuditTrailCommand Group(Common common)
    {
        var group = new AuditTrailCommand(
            common,
            "audit",
            "Whether the books are right, and who did what; by itself it is 'mooring audit trail'.",
            "mooring audit",
            "mooring audit --user grace@example.org --from 2026-11-27",
            "mooring audit ledger",
            "mooring audit trail");
        foreach (var verb in new ExplainedCommand[] { new AuditLedgerCommand(common), Trail(common) })
        {
            verb.Validators.Add(result => RefuseOptionsBefore(verb.Name, result));
            group.Subcommands.Add(verb);
        }

        return group;
    }

    private static Table<AuditTrailEntry> Table { get; } = new(
        new Column<AuditTrailEntry>("AT", entry => Words.Instant(entry.At)),
        new Column<AuditTrailEntry>("USER", entry => entry.UserId ?? "") { LeftOut = 1 },
        new Column<AuditTrailEntry>("KEY", entry => entry.KeyPrefix ?? ""),
        new Column<AuditTrailEntry>("ADDRESS", entry => entry.Address ?? "") { LeftOut = 3 },
        new Column<AuditTrailEntry>("ACTION", entry => entry.Action ?? ""),
        new Column<AuditTrailEntry>("TARGET", entry => entry.Target ?? "") { LeftOut = 2 },
        new Column<AuditTrailEntry>("STATUS", entry => $"{entry.Status}") { IsRight = true },
        new Column<AuditTrailEntry>("WORDS", entry => entry.Words ?? "") { WidthMin = 12 });

    protected override async Task<int> RunAsync(Call call)
    {
        var target = call.Value(_target);
        var filters = new AuditFilters
        {
            Key = call.Value(_key)?.ToLowerInvariant(),
            Address = call.Value(_address),
            UserId = call.Value(_user) is { } user ? await UserArgument.FindAsync(call, user) : null,
            Target = target is null ? null : Naming.IdIn(target) ?? target,
            Action = call.Value(_action),
            Refused = call.Value(_refused) ? true : null,
            From = call.Value(_from),
            To = call.Value(_to),
        };
        // One more than is shown tells whether there are more.
        var limit = call.Value(_limit);
        var entries = await call.Client.ListAuditEntriesAsync(filters, limit + 1, call.Ct).ToListAsync(call.Ct);
        var shown = entries.Count > limit ? entries[..limit] : entries;
        call.Printer.Rows(shown, Printer.Json.AuditTrailEntry, Table, None(filters));
        if (entries.Count > limit)
        {
            call.Say("There are older ones; --limit shows more.");
        }

        return ExitCode.Done;
    }

    // What stands before the verb is the group's, and would be left out of what the verb does without a word.
    private static void RefuseOptionsBefore(string verb, CommandResult result)
    {
        if (result.Parent is CommandResult group
            && group.Children.OfType<OptionResult>().FirstOrDefault(given => !given.Implicit) is { } option)
        {
            result.AddError($"{option.IdentifierToken?.Value ?? option.Option.Name} belongs behind 'audit {verb}'.");
        }
    }

    // A filter that fits nothing is not told from one that is mistyped: who looks for traces must not be lulled.
    private static string None(AuditFilters filters)
    {
        List<string> hints = ["There is no such entry."];
        if (filters.Target is not null)
        {
            hints.Add("A target is an id, never a name.");
        }

        if (filters.Action is not null)
        {
            hints.Add("An action is written as the API reference writes it, for example createDisk.");
        }

        return string.Join(' ', hints);
    }
}
