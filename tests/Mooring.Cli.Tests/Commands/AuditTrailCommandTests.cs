using Mooring.Contract.Native;

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
            "audit", "trail", "--user", "u1", "--target", "d1", "--action", "deleteDisk", "--refused", "--limit", "7"))
            .ShouldBe(ExitCode.Done);

        _server.Requests.Last().Route.ShouldBe(
            "GET /api/mooring/v1/audit?user_id=u1&target=d1&action=deleteDisk&refused=true&limit=7");
        var row = _line.Output.TrimEnd().Split('\n')[1];
        row.ShouldContain("0123456789ab");
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

        (await _line.RunAsync("audit", "trail", "--limit", "0")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldContain("--limit must be 1 or more.");
    }

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
