using System.CommandLine;
using Mooring.Cli.Commands.Users;
using Mooring.Cli.Output;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Teams;

/// <summary><c>mooring teams list</c>.</summary>
internal sealed class ListTeamsCommand : ServerCommand
{
    public ListTeamsCommand(Common common)
        : base(common, "list", "List your teams; as an operator every team.", "mooring teams list") =>
        AddCommonOptions();

    protected override async Task<int> RunAsync(Call call)
    {
        var teams = await call.Client.ListTeamsAsync(ct: call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(teams, Printer.Json.Team, Table(call.Around.Time), "You are in no team.");
        return ExitCode.Done;
    }

    private static Table<Team> Table(TimeProvider time) => new(
        new Column<Team>("ID", team => team.Id),
        new Column<Team>("NAME", team => team.Name) { WidthMin = 8 },
        new Column<Team>("SLUG", team => team.Slug) { LeftOut = 2 },
        new Column<Team>("AGE", team => Words.Age(team.CreatedAt, time)) { IsRight = true, LeftOut = 1 });
}

/// <summary><c>mooring teams create</c>.</summary>
internal sealed class CreateTeamCommand : ServerCommand
{
    private readonly Argument<string> _name = new("name") { Description = "Its name, 1 to 255 characters." };

    private readonly Option<string?> _slug = new("--slug")
    {
        Description = "A short unique name: 3 to 30 characters of a-z, 0-9 and the dash.",
        HelpName = "SLUG",
    };

    private readonly Option<string?> _admin = new("--admin")
    {
        Description = "Its first admin, by id, mail address or name; yourself if not given.",
        HelpName = "USER",
    };

    public CreateTeamCommand(Common common)
        : base(
            common,
            "create",
            "Make a team with its first admin. For operators.",
            "mooring teams create vision --admin grace@example.org")
    {
        Arguments.Add(_name);
        Options.Add(_slug);
        Options.Add(_admin);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var team = await call.Client.CreateTeamAsync(
            new CreateTeamRequest
            {
                Name = call.Value(_name),
                Slug = call.Value(_slug),
                AdminUserId = call.Value(_admin) is { } admin ? await UserArgument.FindAsync(call, admin) : null,
            },
            call.Ct);
        call.Printer.Lines(team, Printer.Json.Team, $"team {team.Name} ({team.Id}) is made");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring teams update</c>.</summary>
internal sealed class UpdateTeamCommand : ServerCommand
{
    private readonly Argument<string> _team = new TeamArgument();
    private readonly Option<string?> _name = new("--name") { Description = "Another name.", HelpName = "NAME" };
    private readonly Option<string?> _slug = new("--slug")
    {
        Description = "A short unique name: 3 to 30 characters of a-z, 0-9 and the dash.",
        HelpName = "SLUG",
    };

    public UpdateTeamCommand(Common common)
        : base(
            common,
            "update",
            "Change a team's name or short name. For its admins and operators.",
            "mooring teams update vision --name speech",
            "mooring teams update vision --slug vis")
    {
        Arguments.Add(_team);
        Options.Add(_name);
        Options.Add(_slug);
        Validators.Add(result =>
        {
            if (result.GetValue(_name) is null && result.GetValue(_slug) is null)
            {
                result.AddError("Say what shall be otherwise: --name or --slug.");
            }
        });
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var team = await call.Client.UpdateTeamAsync(
            await TeamArgument.FindAsync(call, call.Value(_team)),
            new UpdateTeamRequest { Name = call.Value(_name), Slug = call.Value(_slug) },
            call.Ct);
        var slug = team.Slug is null ? "" : $", {team.Slug} for short";
        call.Printer.Lines(team, Printer.Json.Team, $"team {team.Id} is {team.Name}{slug}");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring teams delete</c>.</summary>
internal sealed class DeleteTeamCommand : ServerCommand
{
    private readonly Argument<string> _team = new TeamArgument();

    public DeleteTeamCommand(Common common)
        : base(
            common,
            "delete",
            "Delete a team that has no disks and no instances left. Its keys end, its bill stays.",
            "mooring teams delete vision")
    {
        Arguments.Add(_team);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var text = call.Value(_team);
        var removed = await call.Client.DeleteTeamAsync(await TeamArgument.FindAsync(call, text), call.Ct);
        call.Printer.Lines(removed, Printer.Json.TeamRemoval, $"team {text} ({removed.TeamId}) is deleted");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring teams members</c>.</summary>
internal sealed class ListMembersCommand : ServerCommand
{
    private readonly Argument<string> _team = new TeamArgument();

    public ListMembersCommand(Common common)
        : base(common, "members", "List who is in a team.", "mooring teams members vision")
    {
        Arguments.Add(_team);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var team = await TeamArgument.FindAsync(call, call.Value(_team));
        var members = await call.Client.ListTeamMembersAsync(team, ct: call.Ct).ToListAsync(call.Ct);
        call.Printer.Rows(members, Printer.Json.TeamMember, Table(call.Around.Time), "Nobody is in it.");
        return ExitCode.Done;
    }

    private static Table<TeamMember> Table(TimeProvider time) => new(
        new Column<TeamMember>("USER ID", member => member.UserId),
        new Column<TeamMember>("NAME", member => member.UserName) { WidthMin = 8 },
        new Column<TeamMember>("EMAIL", member => member.UserEmail) { WidthMin = 12 },
        new Column<TeamMember>("ROLE", member => member.Role),
        new Column<TeamMember>("IN IT FOR", member => Words.Age(member.JoinedAt, time))
        {
            IsRight = true,
            LeftOut = 1,
        });
}

/// <summary><c>mooring teams add</c>.</summary>
internal sealed class AddMemberCommand : ServerCommand
{
    private readonly Argument<string> _team = new TeamArgument();
    private readonly Argument<string> _user = new("user")
    {
        Description = "The user's id or mail address; for operators the name will do.",
    };

    private readonly Option<string> _role = new RoleOption("ADMIN", "MEMBER");

    public AddMemberCommand(Common common)
        : base(
            common,
            "add",
            "Let a user into a team, or change the user's part in it.",
            "mooring teams add vision grace@example.org",
            "mooring teams add vision grace@example.org --role ADMIN")
    {
        Arguments.Add(_team);
        Arguments.Add(_user);
        Options.Add(_role);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var team = await TeamArgument.FindAsync(call, call.Value(_team));
        var member = await call.Client.SetTeamMemberAsync(
            team, await TeamArgument.UserAsync(call, call.Value(_user)), call.Value(_role) ?? "MEMBER", call.Ct);
        call.Printer.Lines(
            member, Printer.Json.TeamMember, $"{member.UserName} ({member.UserId}) is in it as {member.Role}");
        return ExitCode.Done;
    }
}

/// <summary><c>mooring teams remove</c>.</summary>
internal sealed class RemoveMemberCommand : ServerCommand
{
    private readonly Argument<string> _team = new TeamArgument();
    private readonly Argument<string> _user = new("user")
    {
        Description = "The member's id, mail address or name.",
    };

    public RemoveMemberCommand(Common common)
        : base(
            common,
            "remove",
            "Have a member leave a team. What they made for it stays the team's.",
            "mooring teams remove vision grace@example.org")
    {
        Arguments.Add(_team);
        Arguments.Add(_user);
        AddCommonOptions();
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var team = await TeamArgument.FindAsync(call, call.Value(_team));
        var text = call.Value(_user);
        var members = await call.Client.ListTeamMembersAsync(team, ct: call.Ct).ToListAsync(call.Ct);
        var user = members.Find(member => member.UserEmail == text)?.UserId
            ?? await Naming.FindAsync(
                text,
                "member",
                members.ToAsyncEnumerable(),
                member => member.UserId,
                member => member.UserName,
                call.Ct);
        var removed = await call.Client.RemoveTeamMemberAsync(team, user, call.Ct);
        call.Printer.Lines(removed, Printer.Json.TeamRemoval, $"{text} ({removed.UserId}) is in it no more");
        return ExitCode.Done;
    }
}
