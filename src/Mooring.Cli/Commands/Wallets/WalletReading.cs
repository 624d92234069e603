using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Wallets;

/// <summary><c>mooring wallets list</c>.</summary>
internal sealed class ListWalletsCommand : ServerCommand
{
    private readonly Option<bool> _all = new("--all")
    {
        Description = "Everybody's, not only yours and your teams'; needs the permission Admin: read.",
    };

    private readonly Option<string?> _mode = new WalletModeOption("Only those that pay so.");

    private readonly Option<string?> _status = new("--status")
    {
        Description = "Only those that stand so.",
        HelpName = "STATUS",
    };

    public ListWalletsCommand(Common common)
        : base(
            common,
            "list",
            "List what you and your teams pay from, and how far it reaches, oldest first.",
            "mooring wallets list",
            "mooring wallets list --all --status EMPTY",
            "mooring wallets list --all --mode prepaid -o json | jq 'map(.balanceUsd) | add'")
    {
        _status.AcceptOnlyFromAmong(WalletStatuses.Funded, WalletStatuses.Low, WalletStatuses.Empty);
        Options.Add(_all);
        Options.Add(_mode);
        Options.Add(_status);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var wallets = await call.Client
            .ListWalletsAsync(call.Value(_mode), call.Value(_status), call.Value(_all), ct: call.Ct)
            .ToListAsync(call.Ct);
        call.Printer.Rows(
            wallets, Printer.Json.PayingWallet, WalletTables.List(call.Around.Time), "There is no such wallet.");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring wallets show</c>.</summary>
internal sealed class ShowWalletCommand : ServerCommand
{
    private const int CreditsShown = 10;
    private readonly WalletChoice _wallet;

    public ShowWalletCommand(Common common)
        : base(
            common,
            "show",
            "Show a wallet, what comes next where it is LOW or EMPTY, and what was put into it last.",
            "mooring wallets show",
            "mooring wallets show --team vision",
            "mooring wallets show --user grace@example.org -o json | jq .balanceUsd")
    {
        _wallet = new WalletChoice(this, isOwnIfNone: true);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var wallet = await call.Client.GetWalletAsync(await _wallet.FindAsync(call), call.Ct);
        call.Printer.Details(
            wallet, Printer.Json.PayingWallet, WalletTables.Details(wallet, call.Around.Time));
        if (call.Printer.IsJson)
        {
            return ExitCode.Done;
        }

        var credits = await call.Client.ListCreditsPageAsync(wallet.Id, null, CreditsShown + 1, call.Ct);
        if (credits.Data.Count > 0)
        {
            await call.Around.Output.WriteLineAsync();
        }

        call.Printer.Rows(
            [.. credits.Data.Take(CreditsShown)], Printer.Json.Credit, WalletTables.Credits, "Nothing was put in.");
        if (credits.Data.Count > CreditsShown)
        {
            call.Say($"There is more, older: mooring wallets credits {wallet.Id}");
        }

        return ExitCode.Done;
    }
}

/// <summary><c>mooring wallets credits</c>.</summary>
internal sealed class WalletCreditsCommand : ServerCommand
{
    private readonly WalletChoice _wallet;

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "Bookings at the most.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    public WalletCreditsCommand(Common common)
        : base(
            common,
            "credits",
            "Show what was put into a wallet and taken out of it, newest first.",
            "mooring wallets credits --team vision",
            "mooring wallets credits --team vision --limit 10000 -o json | jq 'map(.amountUsd) | add'")
    {
        _wallet = new WalletChoice(this, isOwnIfNone: true);
        _limit.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() < 1)
            {
                option.AddError("--limit must be 1 or more.");
            }
        });
        Options.Add(_limit);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await _wallet.FindAsync(call);
        var credits = await call.Client.ListCreditsAsync(id, call.Value(_limit), call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(credits, Printer.Json.Credit, WalletTables.Credits, "Nothing was put in.");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring wallets events</c>.</summary>
internal sealed class WalletEventsCommand : ServerCommand
{
    private readonly WalletChoice _wallet;
    private readonly Option<long> _after = EventsCommand.After();

    public WalletEventsCommand(Common common)
        : base(
            common,
            "events",
            "Show everything that ever happened to a wallet, oldest first; 'mooring events' follows what happens.",
            "mooring wallets events --team vision",
            "mooring wallets events --user grace@example.org -o json | jq -r '.[].words'")
    {
        _wallet = new WalletChoice(this, isOwnIfNone: true);
        Options.Add(_after);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = await _wallet.FindAsync(call);
        var events = await call.Client.ListWalletEventsAsync(id, call.Value(_after), ct: call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(events, Printer.Json.HistoryEvent, EventsCommand.Table, "Nothing happened since.");
        return ExitCode.Done;
    }
}
