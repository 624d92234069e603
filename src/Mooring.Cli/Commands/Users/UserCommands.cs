using System.CommandLine;
using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Users;

/// <summary><c>mooring users list</c>.</summary>
internal sealed class ListUsersCommand : ServerCommand
{
    public ListUsersCommand(Common common)
        : base(common, "list", "List every user. For operators.", "mooring users list") => AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var users = await call.Client.ListUsersAsync(ct: call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(users, Printer.Json.UserAccount, Table(call.Around.Time), "There are no users.");
        return ExitCode.Done;
    }

    private static Table<UserAccount> Table(TimeProvider time) => new(
        new Column<UserAccount>("ID", user => user.Id),
        new Column<UserAccount>("NAME", user => user.Name) { WidthMin = 8 },
        new Column<UserAccount>("EMAIL", user => user.Email) { WidthMin = 12 },
        new Column<UserAccount>("ROLE", user => user.Role),
        new Column<UserAccount>("STATE", user => user.DisabledAt is null ? "in use" : "disabled"),
        new Column<UserAccount>("AGE", user => Words.Age(user.CreatedAt, time)) { IsRight = true, LeftOut = 1 });
}

/// <summary><c>mooring users create</c>.</summary>
internal sealed class CreateUserCommand : ServerCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The user's name, 1 to 255 characters." };
    private readonly Argument<string> _email = new("email") { Description = "The user's mail address." };
    private readonly Option<string> _role = new RoleOption("ADMIN", "MANAGER", "USER");

    public CreateUserCommand(Common common)
        : base(
            common,
            "create",
            "Make a user. For operators; 'mooring keys create --user' makes the first key.",
            "mooring users create Grace grace@example.org",
            "mooring users create Ada ada@example.org --role MANAGER")
    {
        Arguments.Add(_name);
        Arguments.Add(_email);
        Options.Add(_role);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var user = await call.Client.CreateUserAsync(
            new CreateUserRequest { Name = call.Value(_name), Email = call.Value(_email), Role = call.Value(_role) },
            call.Ct);
        call.Printer.Lines(
            user,
            Printer.Json.UserAccount,
            $"user {user.Name} ({user.Id}) is made; a first key: mooring keys create NAME --user {user.Id}");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring users update</c>.</summary>
internal sealed class UpdateUserCommand : ServerCommand
{
    private readonly Argument<string> _user = new UserArgument();
    private readonly Option<string?> _name = new("--name") { Description = "Another name.", HelpName = "NAME" };
    private readonly Option<string?> _email =
        new("--email") { Description = "Another mail address.", HelpName = "ADDRESS" };

    private readonly Option<string> _role = new RoleOption("ADMIN", "MANAGER", "USER");

    public UpdateUserCommand(Common common)
        : base(
            common,
            "update",
            "Change a user's name, mail address or role. For operators.",
            "mooring users update grace@example.org --role ADMIN")
    {
        Arguments.Add(_user);
        Options.Add(_name);
        Options.Add(_email);
        Options.Add(_role);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var user = await call.Client.UpdateUserAsync(
            await UserArgument.FindAsync(call, call.Value(_user)),
            new UpdateUserRequest
            {
                Name = call.Value(_name),
                Email = call.Value(_email),
                Role = call.Value(_role),
            },
            call.Ct);
        call.Printer.Lines(
            user, Printer.Json.UserAccount, $"user {user.Name} ({user.Id}): {user.Email}, {user.Role}");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring users disable</c> and <c>enable</c>.</summary>
internal sealed class AbleUserCommand : ServerCommand
{
    private readonly Argument<string> _user = new UserArgument();
    private readonly bool _disables;

    private AbleUserCommand(Common common, bool disables, string name, string description)
        : base(common, name, description, $"mooring users {name} grace@example.org")
    {
        _disables = disables;
        Arguments.Add(_user);
        AddCommonOptions();
    }

    public static AbleUserCommand Disable(Common common) => new(
        common,
        true,
        "disable",
        "Have all keys of a user refused from the next request on. What the user has goes on, and is billed.");

    public static AbleUserCommand Enable(Common common) =>
        new(common, false, "enable", "Let the keys of a disabled user in again.");

    protected override async Task<int> RunAsync(Call call)
    {
        var user = await call.Client.UpdateUserAsync(
            await UserArgument.FindAsync(call, call.Value(_user)),
            new UpdateUserRequest { IsDisabled = _disables },
            call.Ct);
        call.Printer.Lines(
            user,
            Printer.Json.UserAccount,
            $"user {user.Name} ({user.Id}) is {(user.DisabledAt is null ? "enabled" : "disabled")}");
        return ExitCode.Done;
    }
}
