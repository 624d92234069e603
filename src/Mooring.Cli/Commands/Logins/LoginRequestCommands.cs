using System.CommandLine;
using Mooring.Cli.Commands.Keys;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Logins;

/// <summary><c>mooring login-requests list</c>.</summary>
internal sealed class ListLoginRequestsCommand : ServerCommand
{
    public ListLoginRequestsCommand(Common common)
        : base(
            common,
            "list",
            "List who ran 'prime login' and waits for a key. The codes are for them to tell.",
            "mooring login-requests list") => AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var time = call.Around.Time;
        var table = new Table<LoginRequest>(
            new Column<LoginRequest>("ID", request => request.Id),
            new Column<LoginRequest>("STATUS", request => request.Status),
            new Column<LoginRequest>("FROM", request => request.Address),
            new Column<LoginRequest>("CLIENT", request => request.UserAgent) { WidthMin = 10, LeftOut = 1 },
            new Column<LoginRequest>("AGE", request => Words.Age(request.CreatedAt, time)) { IsRight = true },
            new Column<LoginRequest>("ENDS", request => Words.Until(request.ExpiresAt, time)) { IsRight = true });
        var requests = await call.Client.ListLoginRequestsAsync(call.Ct);
        call.Printer.Rows(requests, Printer.Json.LoginRequest, table, "Nobody waits for a key.");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring login-requests approve</c>.</summary>
internal sealed class ApproveLoginRequestCommand : ServerCommand
{
    private readonly Argument<string> _code = new("code")
    {
        Description = "The code that 'prime login' shows, as whoever asks reads it to you.",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "What the key is called; made of the address if not given.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _permissions =
        KeyOptions.Permissions("All that your key may, but admin and keys, if not given.");

    private readonly Option<DateTimeOffset?> _expires;
    private readonly Option<bool> _yes = new YesOption();

    public ApproveLoginRequestCommand(Common common)
        : base(
            common,
            "approve",
            "Let somebody in who ran 'prime login': a key of your own user's is made for them alone.",
            "mooring login-requests approve KTM-4WX-9QF",
            "mooring login-requests approve KTM-4WX-9QF -p disks:write -p instances:write --expires 30d -y")
    {
        _expires = KeyOptions.Expires(common.Around.Time);
        Arguments.Add(_code);
        Options.Add(_name);
        Options.Add(_permissions);
        Options.Add(_expires);
        Options.Add(_yes);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var code = call.Value(_code);
        var asked = await call.Client.GetLoginRequestAsync(code, call.Ct);
        var yes = call.Value(_yes);
        if (!yes)
        {
            call.Say(
                $"asked for {Words.Age(asked.CreatedAt, call.Around.Time)} ago from {asked.Address}"
                + (asked.UserAgent is { } agent ? $" by {agent}" : ""));
        }

        await call.ConfirmAsync("Make a key of yours for whoever asked?", yes);
        var approved = await call.Client.ApproveLoginRequestAsync(
            code,
            new ApproveLoginRequest
            {
                Name = call.Value(_name),
                Permissions = call.Value(_permissions) is { Length: > 0 } given ? given : null,
                ExpiresAt = call.Value(_expires),
            },
            call.Ct);
        call.Printer.Lines(
            approved,
            Printer.Json.ApprovedLogin,
            $"key {approved.KeyPrefix} was made for {approved.Address}: {string.Join(" ", approved.Permissions)}",
            $"undo that with: mooring keys revoke {approved.KeyPrefix}");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring login-requests deny</c>.</summary>
internal sealed class DenyLoginRequestCommand : ServerCommand
{
    private readonly Argument<string> _request = new("code")
    {
        Description = "Its code, or its id as the list shows it.",
    };

    public DenyLoginRequestCommand(Common common)
        : base(
            common,
            "deny",
            "Let somebody who ran 'prime login' not in.",
            "mooring login-requests deny KTM-4WX-9QF",
            "mooring login-requests deny 4f2a90c1b7de")
    {
        Arguments.Add(_request);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var denied = await call.Client.DenyLoginRequestAsync(call.Value(_request), call.Ct);
        call.Printer.Lines(
            denied, Printer.Json.LoginRequest, $"login request {denied.Id} from {denied.Address} is {denied.Status}");
        return ExitCode.Done;
    }
}
