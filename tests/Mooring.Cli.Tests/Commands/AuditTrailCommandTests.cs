using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Commands;

/// <summary>Who did what, as an operator sees it.</summary>
public sealed class AuditTrailCommandTests : IAsyncLifetime
{
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.On(
            "GET /api/mooring/v1/users",
            new ListPage<UserAccount> { TotalCount = 1, Offset = 0, Limit = 100, Data = [Grace()] });
    }

    public async ValueTask DisposeAsync()
    {
        _line.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_entry_is_a_row_and_what_is_asked_for_is_sent()
    {
        _server.On("GET /api/mooring/v1/audit", new AuditTrail([Refused("It is in use.\u001b[31m")], null));

        (await _line.RunAsync(
            "audit", "trail", "--user", "grace@example.org", "--target", "01A22325-0F20-72FA-9F58-169C5C2B8271",
            "--action", "deleteDisk", "--refused", "--from", "2026-11-27", "--to", "2026-11-28", "--limit", "7",
            "--key-prefix", "0123456789AB", "--address", "192.0.2.1"))
            .ShouldBe(ExitCode.Done);

        _server.Requests.Last().Route.ShouldBe(
            "GET /api/mooring/v1/audit?key=0123456789ab&address=192.0.2.1&user_id=u1"
            + "&target=01a223250f2072fa9f58169c5c2b8271&action=deleteDisk"
            + "&refused=true&from=2026-11-27&to=2026-11-28&limit=8");
        var row = _line.Output.TrimEnd().Split('\n')[1];
        row.ShouldContain("u1    0123456789ab");
        row.ShouldContain("deleteDisk");
        row.ShouldContain("409  It is in use.");
        row.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Where_there_is_none_it_says_so_and_no_less_than_one_can_be_wanted()
    {
        _server.On("GET /api/mooring/v1/audit", new AuditTrail([], null));

        (await _line.RunAsync("audit", "trail")).ShouldBe(ExitCode.Done);
        _line.Error.ShouldContain("There is no such entry.");
        _line.Error.ShouldNotContain("A target");
        (await _line.RunAsync("audit", "trail", "--target", "books", "--action", "CreateDisk")).ShouldBe(ExitCode.Done);
        _line.Error.ShouldContain(
            "There is no such entry. A target is an id, never a name. "
            + "An action is written as the API reference writes it, for example createDisk.");

        (await _line.RunAsync("audit", "trail", "--limit", "0")).ShouldBe(ExitCode.Usage);
        (await _line.RunAsync("audit", "trail", "--limit", "100001")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldContain("--limit must be a number from 1 to 100000.");
    }

    [Fact]
    public async Task A_whole_key_is_not_sent_in_an_address()
    {
        (await _line.RunAsync("audit", "trail", "--key-prefix", "mrg_0123456789ab_secret")).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldContain("--key-prefix takes the public prefix alone: the 12 characters after 'mrg_'.");
        _line.Error.ShouldNotContain("secret");
        _server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task What_is_left_out_is_not_passed_over(int there, bool isSaid)
    {
        _server.On(
            "GET /api/mooring/v1/audit",
            new AuditTrail([.. Enumerable.Range(0, there).Select(one => Refused($"words {one}"))], null));

        (await _line.RunAsync("audit", "trail", "--limit", "2")).ShouldBe(ExitCode.Done);

        _line.Output.TrimEnd().Split('\n').Length.ShouldBe(3);
        _line.Error.Contains("There are older ones; --limit shows more.", StringComparison.Ordinal).ShouldBe(isSaid);
    }

    [Theory]
    [InlineData("audit", "")]
    [InlineData("audit --refused --limit 7 -o json", "&refused=true", 8)]
    [InlineData("audit trail --refused --limit 7 -o json", "&refused=true", 8)]
    public async Task The_audit_by_itself_is_the_trail(string typed, string filters, int limit = 101)
    {
        _server.On("GET /api/mooring/v1/audit", new AuditTrail([Refused("It is in use.")], null));

        (await _line.RunAsync(typed.Split(' '))).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain("It is in use.");
        _line.Error.ShouldBeEmpty();
        _server.Requests.ShouldHaveSingleItem().Route
            .ShouldBe($"GET /api/mooring/v1/audit?{$"{filters}&limit={limit}"[1..]}");
    }

    [Theory]
    [InlineData("audit --refused trail", "--refused belongs behind 'audit trail'.")]
    [InlineData("audit -o json ledger", "-o belongs behind 'audit ledger'.")]
    [InlineData("audit rail", "Unrecognized command or argument 'rail'.")]
    public async Task An_option_of_the_audit_is_none_of_a_verbs_before_it(string typed, string told)
    {
        (await _line.RunAsync(typed.Split(' '))).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldContain(told);
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_user_that_is_not_there_is_told_from_one_who_did_nothing()
    {
        (await _line.RunAsync("audit", "trail", "--user", "nobody")).ShouldBe(ExitCode.NotFound);

        _line.Error.ShouldContain("there is no user with the id or name 'nobody'");
    }

    private static UserAccount Grace() => new()
    {
        Id = "u1",
        Name = "Grace",
        Email = "grace@example.org",
        Role = "USER",
        Slug = null,
        WalletId = "w1",
        CreatedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        DisabledAt = null,
    };

    private static AuditTrailEntry Refused(string words) => new()
    {
        Number = 7,
        At = new DateTimeOffset(2026, 11, 28, 3, 0, 0, TimeSpan.Zero),
        KeyPrefix = "0123456789ab",
        UserId = "u1",
        AccountId = "a1",
        Address = "192.0.2.1",
        RequestId = "r1",
        Action = "deleteDisk",
        Target = "d1",
        Status = 409,
        Words = words,
    };
}
