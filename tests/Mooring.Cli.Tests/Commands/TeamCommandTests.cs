using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Commands;

/// <summary>Users, teams and quotas, as operators and team admins handle them.</summary>
public sealed class TeamCommandTests : IAsyncLifetime
{
    private const string Team = "cteam";
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.On("GET /api/mooring/v1/users", Rows.List(Rows.User("cgrace", "Grace"), Rows.User("cada", "Ada")));
        _server.On("GET /api/mooring/v1/teams", Rows.List(Rows.Team(Team, "vision")));
        _server.On("GET /api/v1/teams/cteam/members", Rows.List(new TeamMember
        {
            UserId = "cgrace",
            UserName = "Grace",
            UserEmail = "grace@example.org",
            Role = "ADMIN",
            JoinedAt = TimeProvider.System.GetUtcNow().AddDays(-2),
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task Lists_users_teams_and_members()
    {
        (await _line.RunAsync("users", "list")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe(
            """
            ID      NAME   EMAIL              ROLE  STATE   AGE
            cgrace  Grace  grace@example.org  USER  in use  60m
            cada    Ada    ada@example.org    USER  in use  60m

            """);
        (await _line.RunAsync("teams", "list")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldContain("cteam  vision");
        (await _line.RunAsync("teams", "members", "vision")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldContain("cgrace   Grace  grace@example.org  ADMIN");
    }

    [Fact]
    public async Task A_user_is_made_and_told_how_to_get_a_key()
    {
        _server.On("POST /api/mooring/v1/users", Rows.User("cjoan", "Joan"));

        (await _line.RunAsync("users", "create", "Joan", "joan@example.org", "--role", "MANAGER"))
            .ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("user Joan (cjoan) is made; a first key: mooring keys create NAME --user cjoan\n");
        _server.Requests.Last().Body.ShouldBe("""{"name":"Joan","email":"joan@example.org","role":"MANAGER"}""");
        (await _line.RunAsync("users", "create", "Joan", "joan@example.org", "--role", "KING"))
            .ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task A_user_is_disabled_by_mail_address()
    {
        const string route = "PATCH /api/mooring/v1/users/cgrace";
        _server.On(route, Rows.User("cgrace", "Grace") with { DisabledAt = default(DateTimeOffset) });

        (await _line.RunAsync("users", "disable", "grace@example.org")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("user Grace (cgrace) is disabled\n");
        _server.Changes.ShouldBe([route]);
    }

    [Fact]
    public async Task A_member_is_let_in_and_removed_by_name()
    {
        _server.On("PUT /api/mooring/v1/teams/cteam/members/cada", new TeamMember
        {
            UserId = "cada",
            UserName = "Ada",
            UserEmail = null,
            Role = "ADMIN",
            JoinedAt = default,
        });
        _server.On("DELETE /api/mooring/v1/teams/cteam/members/cgrace", new TeamRemoval(Team, "cgrace"));

        (await _line.RunAsync("teams", "add", "vision", "Ada", "--role", "ADMIN")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe("Ada (cada) is in it as ADMIN\n");
        (await _line.RunAsync("teams", "remove", "vision", "grace@example.org")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe("grace@example.org (cgrace) is in it no more\n");
    }

    [Fact]
    public async Task A_teams_admin_lets_in_by_mail_address_whom_no_list_shows_them()
    {
        _server.Refuse("GET /api/mooring/v1/users", 403, "This key lacks the permission 'Admin: read'.");
        _server.On("PUT /api/mooring/v1/teams/cteam/members/ada@example.org", new TeamMember
        {
            UserId = "cada",
            UserName = "Ada",
            UserEmail = "ada@example.org",
            Role = "MEMBER",
            JoinedAt = default,
        });

        (await _line.RunAsync("teams", "add", "vision", "ada@example.org")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("Ada (cada) is in it as MEMBER\n");
        _line.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_quota_is_of_one_user_or_team_and_is_shown_with_its_use()
    {
        var quota = new AccountQuota
        {
            UserId = null,
            TeamId = Team,
            Limits = new Quota { Disks = 20, SpendPerHour = 2.5m },
            InUse = new Quota { Disks = 3, SizeGb = 900, Instances = 0, SpendPerHour = 0.135m },
        };
        _server.On("PUT /api/mooring/v1/teams/cteam/quota", quota);
        _server.On("GET /api/mooring/v1/quotas", new QuotaList([quota]));

        (await _line.RunAsync("quotas", "set", "--team", "vision", "--disks", "20", "--spend", "2.5"))
            .ShouldBe(ExitCode.Done);
        _server.Requests.Last().Body
            .ShouldBe("""{"disks":20,"sizeGb":null,"instances":null,"spendPerHour":2.5}""");
        (await _line.RunAsync("quotas", "list")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe(
            """
            WHOSE    DISKS          GB      PODS         USD/H
            cteam  3 of 20  900 of any  0 of any  0.135 of 2.5

            """);
        (await _line.RunAsync("quotas", "set", "--disks", "1")).ShouldBe(ExitCode.Usage);
    }

    [Theory]
    [InlineData("--user grace@example.org", "GET /api/mooring/v1/users/cgrace/quota", "cgrace", null)]
    [InlineData("--team vision", "GET /api/mooring/v1/teams/cteam/quota", null, Team)]
    public async Task An_operator_sees_the_quota_of_another(string whose, string route, string? user, string? team)
    {
        _server.On(route, new AccountQuota
        {
            UserId = user,
            TeamId = team,
            Limits = new Quota { Disks = 20 },
            InUse = new Quota { Disks = 3, SizeGb = 900, Instances = 0, SpendPerHour = 0.135m },
        });

        (await _line.RunAsync(["quotas", "list", .. whose.Split(' ')])).ShouldBe(ExitCode.Done);

        var row = _line.Output.TrimEnd().Split('\n')[1];
        row.ShouldMatch($@"\A{user ?? team} +3 of 20  900 of any  0 of any  0\.135 of any\z");
        _server.Requests.Last().Route.ShouldBe(route);
    }

    [Fact]
    public async Task A_quota_is_not_a_users_and_a_teams()
    {
        (await _line.RunAsync("quotas", "list", "--user", "Grace", "--team", "vision")).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldContain("Say whose quota it is by --user or --team, not both.");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_team_gets_another_name_and_keeps_what_is_not_said()
    {
        const string route = "PATCH /api/mooring/v1/teams/cteam";
        _server.On(route, Rows.Team(Team, "speech"), Rows.Team(Team, "speech") with { Slug = "talk" });

        (await _line.RunAsync("teams", "update", "vision", "--name", "speech")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe("team cteam is speech\n");
        _server.Requests.Last().Body.ShouldBe("""{"name":"speech","slug":null}""");
        (await _line.RunAsync("teams", "update", Team, "--slug", "talk")).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe("team cteam is speech, talk for short\n");
        _server.Requests.Last().Body.ShouldBe("""{"name":null,"slug":"talk"}""");

        (await _line.RunAsync("teams", "update", "vision")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldContain("Say what shall be otherwise: --name or --slug.");
        _server.Changes.ShouldBe([route, route]);
    }
}
