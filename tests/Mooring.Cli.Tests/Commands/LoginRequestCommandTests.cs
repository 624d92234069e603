using Mooring.Contract.Native;

namespace Mooring.Cli.Tests.Commands;

/// <summary>login-requests: who asked is shown before a key is made.</summary>
public sealed class LoginRequestCommandTests : IAsyncLifetime
{
    private const string Code = "KTM-4WX-9QF";
    private const string Approve = $"POST /api/mooring/v1/login-requests/{Code}/approve";
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.On("GET /api/mooring/v1/login-requests", new LoginRequestList([Asked()]));
        _server.On($"GET /api/mooring/v1/login-requests/{Code}", Asked());
        _server.On(Approve, new ApprovedLogin
        {
            Id = "4f2a90c1b7de",
            Address = "192.0.2.7",
            KeyPrefix = "0123456789ab",
            Permissions = ["disks:read", "disks:write"],
            KeyExpiresAt = null,
            CollectBefore = default,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task Lists_who_waits()
    {
        (await _line.RunAsync("login-requests", "list")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            """
            ID            STATUS   FROM       CLIENT     AGE    ENDS
            4f2a90c1b7de  WAITING  192.0.2.7  prime-cli  15m  in 20m

            """);
    }

    [Fact]
    public async Task Shows_where_it_was_asked_for_and_asks_before_a_key_is_made()
    {
        _line.Keyboard.IsTerminal = true;
        _line.Keyboard.Lines.Enqueue("n");
        _line.Keyboard.Lines.Enqueue("y");

        (await _line.RunAsync("login-requests", "approve", Code)).ShouldBe(ExitCode.Failed);
        _line.Error.ShouldBe(
            "asked for 15m ago from 192.0.2.7 by prime-cli\n"
            + "Make a key of yours for whoever asked? [y/N] mooring: nothing was done\n");
        _server.Changes.ShouldBeEmpty();

        (await _line.RunAsync("login-requests", "approve", Code)).ShouldBe(ExitCode.Done);
        _line.Output.ShouldBe(
            "key 0123456789ab was made for 192.0.2.7: disks:read disks:write\n"
            + "undo that with: mooring keys revoke 0123456789ab\n");
        _server.Requests.Last().Body.ShouldBe("""{"name":null,"permissions":null,"expiresAt":null}""");
    }

    [Fact]
    public async Task Says_what_the_key_may_and_for_how_long()
    {
        (await _line.RunAsync(
            "login-requests", "approve", Code, "-y", "--name", "laptop", "-p", "disks:write",
            "--expires", "2999-01-31"))
            .ShouldBe(ExitCode.Done);

        _server.Requests.Last().Body.ShouldBe(
            """{"name":"laptop","permissions":["disks:write"],"expiresAt":"2999-01-31T00:00:00.000000"}""");
    }

    [Fact]
    public async Task Without_a_terminal_no_key_is_made_without_agreement()
    {
        (await _line.RunAsync("login-requests", "approve", Code)).ShouldBe(ExitCode.Usage);

        _server.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_code_that_is_none_is_told()
    {
        (await _line.RunAsync("login-requests", "approve", "BBB-BBB-BBB", "-y")).ShouldBe(ExitCode.NotFound);

        _server.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Turns_somebody_away()
    {
        _server.On("POST /api/mooring/v1/login-requests/4f2a90c1b7de/deny", Asked() with { Status = "DENIED" });

        (await _line.RunAsync("login-requests", "deny", "4f2a90c1b7de")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe("login request 4f2a90c1b7de from 192.0.2.7 is DENIED\n");
    }

    private static LoginRequest Asked() => new()
    {
        Id = "4f2a90c1b7de",
        Status = "WAITING",
        Address = "192.0.2.7",
        UserAgent = "prime-cli",
        CreatedAt = TimeProvider.System.GetUtcNow().AddMinutes(-15.5),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddMinutes(20.5),
    };
}
