using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Providers;

/// <summary><c>mooring providers list</c>.</summary>
internal sealed class ListProvidersCommand : ServerCommand
{
    public ListProvidersCommand(Common common)
        : base(common, "list", "List the provider accounts, without their credentials.", "mooring providers list") =>
        AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var accounts = await call.Client.ListProviderAccountsAsync(call.Ct);
        call.Printer.Rows(
            accounts, Printer.Json.ProviderAccount, Table(call.Around.Time), "There are no provider accounts.");
        return ExitCode.Done;
    }

    private static Table<ProviderAccount> Table(TimeProvider time) => new(
        new Column<ProviderAccount>("ID", account => account.Id),
        new Column<ProviderAccount>("TYPE", account => account.Type),
        new Column<ProviderAccount>("NAME", account => account.Name) { WidthMin = 8 },
        new Column<ProviderAccount>("STATE", State),
        new Column<ProviderAccount>("PRIORITY", account => $"{account.Priority}") { IsRight = true, LeftOut = 2 },
        new Column<ProviderAccount>(
            "CREDENTIAL",
            account => account.CredentialSetAt is { } at ? $"{Words.Age(at, time)} old" : "by mooringd's options")
        {
            LeftOut = 1,
        },
        new Column<ProviderAccount>("WHY", account => account.UnreadableReason) { WidthMin = 12 });

    private static string State(ProviderAccount account) =>
        account.DisabledAt is not null ? "disabled" : account.UnreadableSince is not null ? "unreadable" : "in use";
}

/// <summary><c>mooring providers add</c>.</summary>
internal sealed class AddProviderCommand : ServerCommand
{
    private readonly Argument<string> _type = new("type")
    {
        Description = "The provider's type, for example hyperstack or runpod.",
    };

    private readonly Argument<string> _name = new("name")
    {
        Description = "Your name for the account, 1 to 255 characters; one among those of its type.",
    };

    private readonly Option<int> _priority = new("--priority")
    {
        Description = "Of accounts with the same offer, the one of highest priority is used; -1000 to 1000.",
        HelpName = "N",
    };

    private readonly Option<string[]> _settings = new("--set")
    {
        Description = "What the type can be told besides; may be given several times. No secrets.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<bool> _noTest = new NoTestOption();

    public AddProviderCommand(Common common)
        : base(
            common,
            "add",
            "Add an account at a cloud. Its credential is asked for, or read from standard input.",
            "mooring providers add runpod research",
            "mooring providers add hyperstack lab --priority 10")
    {
        _settings.Validators.Add(option =>
        {
            foreach (var token in option.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                option.AddError($"--set {token.Value} must be NAME=VALUE.");
            }
        });
        Arguments.Add(_type);
        Arguments.Add(_name);
        Options.Add(_priority);
        Options.Add(_settings);
        Options.Add(_noTest);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var pair in call.Value(_settings) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            settings[pair[..at]] = pair[(at + 1)..];
        }

        var account = await call.Client.AddProviderAccountAsync(
            new AddProviderAccountRequest
            {
                Type = call.Value(_type),
                Name = call.Value(_name),
                Credential = await Secret.ReadAsync(call.Around, "credential", call.Ct),
                Priority = call.Value(_priority),
                Settings = settings,
                Test = !call.Value(_noTest),
            },
            call.Ct);
        call.Printer.Lines(
            account,
            Printer.Json.ProviderAccount,
            $"account {account.Name} of {account.Type} ({account.Id}) is in use; its offers follow in a moment");
        return ExitCode.Done;
    }
}

/// <summary>A verb about one provider account.</summary>
internal abstract class ProviderCommand : ServerCommand
{
    private readonly Argument<string> _account = new("account")
    {
        Description = "Its id, or its name if no other account has it.",
    };

    protected ProviderCommand(
        Common common, string name, string description, params IReadOnlyList<string> examples)
        : base(common, name, description, examples) => Arguments.Add(_account);

    protected override async Task<int> RunAsync(Call call) =>
        await RunAsync(call, await Naming.ProviderAccountAsync(call, call.Value(_account)));

    protected abstract Task<int> RunAsync(Call call, string id);
}

/// <summary><c>mooring providers test</c>.</summary>
internal sealed class TestProviderCommand : ProviderCommand
{
    public TestProviderCommand(Common common)
        : base(
            common,
            "test",
            "Ask an account for what only reads, and say how each call went.",
            "mooring providers test lab") =>
        AddCommonOptions();

    protected override async Task<int> RunAsync(Call call, string id)
    {
        var trial = await call.Client.TestProviderAccountAsync(id, call.Ct);
        call.Printer.Lines(
            trial,
            Printer.Json.ProviderAccountTrial,
            [.. trial.Calls.Select(one => $"{(one.Succeeded ? "ok  " : "FAIL")} {one.About}: {one.Words}")]);
        return trial.Calls.All(one => one.Succeeded) ? ExitCode.Done : ExitCode.Failed;
    }
}

/// <summary><c>mooring providers rotate</c>.</summary>
internal sealed class RotateProviderCommand : ProviderCommand
{
    private readonly Option<bool> _noTest = new NoTestOption();

    public RotateProviderCommand(Common common)
        : base(
            common,
            "rotate",
            "Exchange an account's credential, which is asked for or read from standard input.",
            "mooring providers rotate lab")
    {
        Options.Add(_noTest);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call, string id)
    {
        var account = await call.Client.RotateProviderCredentialAsync(
            id,
            new RotateCredentialRequest
            {
                Credential = await Secret.ReadAsync(call.Around, "credential", call.Ct),
                Test = !call.Value(_noTest),
            },
            call.Ct);
        call.Printer.Lines(
            account, Printer.Json.ProviderAccount, $"account {account.Name} of {account.Type} has its new credential");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring providers disable</c> and <c>enable</c>.</summary>
internal sealed class AbleProviderCommand : ProviderCommand
{
    private readonly bool _isDisabled;

    private AbleProviderCommand(Common common, bool isDisabled, string name, string description)
        : base(common, name, description, $"mooring providers {name} lab")
    {
        _isDisabled = isDisabled;
        AddCommonOptions();
    }

    public static AbleProviderCommand Disable(Common common) => new(
        common, true, "disable", "Have nothing new made at an account; what is there goes on and can be deleted.");

    public static AbleProviderCommand Enable(Common common) => new(
        common, false, "enable", "Have new disks and instances made at an account again.");

    protected override async Task<int> RunAsync(Call call, string id)
    {
        var account = _isDisabled
            ? await call.Client.DisableProviderAccountAsync(id, call.Ct)
            : await call.Client.EnableProviderAccountAsync(id, call.Ct);
        call.Printer.Lines(
            account,
            Printer.Json.ProviderAccount,
            $"account {account.Name} of {account.Type} is {(_isDisabled ? "disabled" : "in use")}");
        return ExitCode.Done;
    }
}

/// <summary>Leave to store a credential that nobody has tried.</summary>
internal sealed class NoTestOption : Option<bool>
{
    public NoTestOption() : base("--no-test") =>
        Description = "Store it without asking the provider whether it lets us in.";
}
