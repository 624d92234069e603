using System.CommandLine;
using Mooring.Cli.Commands.Teams;
using Mooring.Cli.Commands.Users;
using Mooring.Cli.Completion;
using Mooring.Cli.Configuration;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Keys;

/// <summary><c>mooring keys list</c>.</summary>
internal sealed class ListKeysCommand : ServerCommand
{
    private readonly Option<string?> _user = new("--user")
    {
        Description = "Whose, by id, mail address or name; for operators. Yours if not given.",
        HelpName = "USER",
    };

    public ListKeysCommand(Common common)
        : base(
            common,
            "list",
            "List your API keys, without their secrets; as an operator anybody's.",
            "mooring keys list",
            "mooring keys list --user grace@example.org")
    {
        Options.Add(_user);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var keys = call.Value(_user) is { } user
            ? await call.Client.ListUserKeysAsync(await UserArgument.FindAsync(call, user), call.Ct)
            : await call.Client.ListKeysAsync(call.Ct);
        call.Printer.Rows(keys, Printer.Json.Key, Table(call.Around.Time), "There are no keys.");
        return ExitCode.Done;
    }

    private static Table<Key> Table(TimeProvider time) => new(
        new Column<Key>("PREFIX", key => key.Prefix),
        new Column<Key>("NAME", key => key.Name) { WidthMin = 8 },
        new Column<Key>("STATE", key => State(key, time)),
        new Column<Key>("PERMISSIONS", key => Short(key.Permissions)) { WidthMin = 12 },
        new Column<Key>("EXPIRES", key => key.ExpiresAt is { } end ? Words.Until(end, time) : "never") { LeftOut = 1 },
        new Column<Key>("TEAM", key => key.TeamId) { LeftOut = 4 },
        new Column<Key>("LAST USED", key => key.LastUsedAt is { } at ? $"{Words.Age(at, time)} ago" : "never")
        {
            LeftOut = 3,
        },
        new Column<Key>("FROM", key => key.LastUsedFrom) { LeftOut = 5 },
        new Column<Key>("AGE", key => Words.Age(key.CreatedAt, time)) { IsRight = true, LeftOut = 2 });

    // Writing includes reading.
    private static string Short(IReadOnlyList<string> permissions)
    {
        var written = KeySections.All.Where(section => permissions.Contains($"{section}:write")).ToList();
        return written.Count == KeySections.All.Count
            ? "everything"
            : string.Join(' ', permissions.Where(one => !written.Any(section => one == $"{section}:read")));
    }

    private static string State(Key key, TimeProvider time) =>
        key.RevokedAt is not null ? "revoked"
        : key.DisabledAt is not null ? "disabled"
        : key.ExpiresAt <= time.GetUtcNow() ? "expired"
        : "holds";
}

/// <summary><c>mooring keys create</c>.</summary>
internal sealed class CreateKeyCommand : ServerCommand
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "What it is for, 1 to 255 characters.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _named = new("--name")
    {
        Description = "The same, for who would rather name it so.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _permissions = KeyOptions.Permissions("All that your key may if not given.");

    private readonly Option<DateTimeOffset?> _expires;

    private readonly TeamOption _team = new(
        "For what is a team's alone, by its id or name: the key sees nothing else, and makes things for it.");

    private readonly Option<string?> _user = new("--user")
    {
        Description = "Whose it shall be, by id, mail address or name; for operators. Yours if not given.",
        HelpName = "USER",
    };

    private readonly Option<string?> _save = new("--save")
    {
        Description = "Write the key into this file, which you alone may read, and not to standard output.",
        HelpName = "FILE",
    };

    public CreateKeyCommand(Common common)
        : base(
            common,
            "create",
            "Make an API key. It is shown this once: standard output gets the key and nothing else.",
            "mooring keys create ci -p disks:write -p instances:write -p availability:read --expires 90d --save ci.key",
            "mooring keys create --name dashboard --permission disks:read --permission instances:read --team vision",
            "mooring keys create first --user grace@example.org --save grace.key")
    {
        _expires = KeyOptions.Expires(common.Around.Time);
        Arguments.Add(_name);
        Options.Add(_named);
        Options.Add(_permissions);
        Options.Add(_expires);
        Options.Add(_team);
        Options.Add(_user);
        Options.Add(_save);
        Validators.Add(result =>
        {
            switch (result.GetValue(_name), result.GetValue(_named))
            {
                case (null, null):
                    result.AddError("Say what the key is for: 'keys create NAME', or --name NAME.");
                    break;
                case (not null, not null):
                    result.AddError("The key is named twice: give NAME or --name, not both.");
                    break;
            }
        });
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var file = call.Value(_save) is { } path ? Path.GetFullPath(path) : null;
        if (File.Exists(file))
        {
            throw new CommandFailedException($"{file} is there already, and may hold another key")
            {
                Code = ExitCode.Usage,
            };
        }

        var request = new CreateKeyRequest
        {
            Name = call.Parsed.GetValue(_name) ?? call.Value(_named),
            Permissions = call.Value(_permissions) is { Length: > 0 } given ? given : null,
            ExpiresAt = call.Value(_expires),
            TeamId = await _team.FindAsync(call),
            UserId = call.Value(_user) is { } user ? await UserArgument.FindAsync(call, user) : null,
        };
        var key = await call.Client.CreateKeyAsync(request, call.Ct);
        if (key.Key is not { } text)
        {
            throw new CommandFailedException(
                $"the connection broke, and the text of key {key.Prefix} was lost with it. Revoke that key "
                + $"(mooring keys revoke {key.Prefix}) and make another");
        }

        if (!call.Printer.IsJson)
        {
            var end = key.ExpiresAt is { } until ? $"until {Words.Instant(until)}" : "until it is revoked";
            call.Say($"key {key.Prefix} ({key.Name}) holds {end}: {string.Join(" ", key.Permissions)}");
        }

        if (file is not null)
        {
            PrivateFile.Write(file, text + "\n");
            call.Say($"The key is in {file}.");
            key = key with { Key = "" };
        }

        if (file is null || call.Printer.IsJson)
        {
            call.Printer.Lines(key, Printer.Json.CreatedKey, text);
        }

        return ExitCode.Done;
    }
}

/// <summary><c>mooring keys revoke</c>.</summary>
internal sealed class RevokeKeyCommand : ServerCommand
{
    private readonly Argument<string> _key = new("key")
    {
        Description = "Its prefix, or its name if no other key that is not revoked has it.",
    };

    private readonly Option<bool> _yes = new YesOption();

    public RevokeKeyCommand(Common common)
        : base(
            common,
            "revoke",
            "Revoke an API key, for good: it is refused from the next request on.",
            "mooring keys revoke ci",
            "mooring keys revoke 4f2a90c1b7de -y")
    {
        Wish.For(_key, Kind.Keys);
        Arguments.Add(_key);
        Options.Add(_yes);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var (prefix, known) = await KeyNaming.LookUpAsync(call, call.Value(_key));
        var yes = call.Value(_yes);
        if (!yes)
        {
            call.Say(known is null
                ? $"{prefix} is none of your own keys"
                : $"{known.Name} ({prefix}): {string.Join(" ", known.Permissions)}");
        }

        await call.ConfirmAsync("Revoke this key? Whatever uses it is refused from now on.", yes);
        var revoked = await call.Client.RevokeKeyAsync(prefix, call.Ct);
        var named = known is null ? prefix : $"{known.Name} ({prefix})";
        call.Printer.Lines(revoked, Printer.Json.RevokedKey, $"key {named} is revoked");
        return ExitCode.Done;
    }
}
