using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Mooring.Cli.Output;
using Mooring.Client;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Wallets;

/// <summary>How a wallet pays.</summary>
internal sealed class WalletModeOption : Option<string?>
{
    public WalletModeOption(string description)
        : base("--mode")
    {
        Description = description;
        HelpName = $"{WalletModes.Showback}|{WalletModes.Prepaid}";
        this.AcceptOnlyFromAmong(WalletModes.Showback, WalletModes.Prepaid);
    }
}

/// <summary><c>mooring wallets top-up</c>.</summary>
internal sealed class TopUpWalletCommand : ServerCommand
{
    private const decimal AmountMost = 1_000_000;
    private const int Decimals = 12;
    private readonly WalletChoice _wallet;

    private readonly Option<decimal> _amount = new("--amount")
    {
        Description = "USD with a decimal point; below zero it is taken out.",
        HelpName = "USD",
        Required = true,
        CustomParser = ParseAmount,
    };

    private readonly Option<string> _reference = new("--reference")
    {
        Description = "What it is for, 1 to 255 characters: the number of an invoice, say.",
        HelpName = "TEXT",
        Required = true,
    };

    public TopUpWalletCommand(Common common)
        : base(
            common,
            "top-up",
            "Book money into a wallet, or out of it. For operators.",
            "mooring wallets top-up --team vision --amount 100 --reference \"invoice 2026-118\"",
            "mooring wallets top-up --user grace@example.org --amount -12.50 --reference \"paid twice\"")
    {
        _wallet = new WalletChoice(this);
        Options.Add(_amount);
        Options.Add(_reference);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var request = new TopUpRequest { AmountUsd = call.Value(_amount), Reference = call.Value(_reference) };
        var done = await BookAsync(call, await _wallet.FindAsync(call), request);
        var amount = Words.Price(Math.Abs(done.Credit.AmountUsd));
        var wallet = WalletTables.InWords(done.Wallet);
        call.Printer.Lines(
            done,
            Printer.Json.ToppedUp,
            [
                done.Credit.AmountUsd < 0
                    ? $"{amount} USD are taken out of {wallet}, as number {done.Credit.Number}"
                    : $"{amount} USD are put into {wallet}, as number {done.Credit.Number}",
                $"its balance is {Words.Price(done.Wallet.BalanceUsd)} USD",
                .. WalletTables.Next(done.Wallet, call.Around.Time) is { } next ? [next] : Array.Empty<string>(),
            ]);
        return ExitCode.Done;
    }

    private static async Task<ToppedUp> BookAsync(Call call, string id, TopUpRequest request)
    {
        var look = $"look with 'mooring wallets credits {id}' before you try again";
        try
        {
            return await call.Client.TopUpWalletAsync(id, request, ct: call.Ct);
        }
        catch (MooringConnectionException e)
        {
            throw new CommandFailedException($"{e.Message} Whether the money was booked is not known: {look}", e)
            {
                Code = ExitCode.Unreachable,
            };
        }
        catch (OperationCanceledException e) when (call.Ct.IsCancellationRequested)
        {
            throw new CommandFailedException(
                $"interrupted before the answer came; the money may have been booked: {look}", e)
            {
                Code = ExitCode.Interrupted,
            };
        }
    }

    // Neither the system's language nor a separator of thousands may make another amount of it.
    private static decimal ParseAmount(ArgumentResult argument)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(argument.Tokens[^1].Value, style, CultureInfo.InvariantCulture, out var amount)
            || amount is 0 or < -AmountMost or > AmountMost
            || decimal.Round(amount, Decimals) != amount)
        {
            argument.AddError(
                $"--amount must be USD like 100 or -12.50: not 0, {AmountMost} at the most, {Decimals} decimals.");
        }

        return amount;
    }
}

/// <summary><c>mooring wallets set</c>.</summary>
internal sealed class SetWalletCommand : ServerCommand
{
    private readonly WalletChoice _wallet;
    private readonly Option<string?> _mode =
        new WalletModeOption("Whether what is used is only shown, or drawn from credit.") { Required = true };

    public SetWalletCommand(Common common)
        : base(
            common,
            "set",
            "Say how a wallet pays; prepaid needs a balance above zero. For operators.",
            "mooring wallets set --team vision --mode prepaid",
            "mooring wallets set --user grace@example.org --mode showback")
    {
        _wallet = new WalletChoice(this);
        Options.Add(_mode);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var set = await call.Client.SetWalletModeAsync(
            await _wallet.FindAsync(call), call.Value(_mode)!, call.Ct);
        call.Printer.Lines(
            set,
            Printer.Json.PayingWallet,
            [
                $"{WalletTables.InWords(set)} is {set.Mode}: "
                    + (set.Mode != WalletModes.Prepaid
                        ? "what it uses is shown, and nothing refused or stopped for it"
                        : set.BalanceUsd > 0 ? $"what it uses is drawn from its {Words.Price(set.BalanceUsd)} USD"
                        : $"nothing is left in it, its balance is {Words.Price(set.BalanceUsd)} USD"),
                .. WalletTables.Next(set, call.Around.Time) is { } next ? [next] : Array.Empty<string>(),
            ]);
        return ExitCode.Done;
    }
}
