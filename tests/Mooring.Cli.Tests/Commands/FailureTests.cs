using System.Net;
using System.Net.Sockets;

namespace Mooring.Cli.Tests.Commands;

/// <summary>Exit codes by kind, and one line of words on standard error.</summary>
public sealed class FailureTests : IAsyncLifetime
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
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Theory]
    [InlineData(400, ExitCode.Refused)]
    [InlineData(401, ExitCode.NotAllowed)]
    [InlineData(402, ExitCode.Refused)]
    [InlineData(403, ExitCode.NotAllowed)]
    [InlineData(404, ExitCode.NotFound)]
    [InlineData(409, ExitCode.Refused)]
    [InlineData(422, ExitCode.Refused)]
    [InlineData(429, ExitCode.Unreachable)]
    [InlineData(500, ExitCode.Unreachable)]
    [InlineData(503, ExitCode.Unreachable)]
    public async Task An_error_of_the_server_ends_with_its_kind_and_its_words(int status, int code)
    {
        _server.Refuse($"GET /api/v1/disks/{Rows.DiskId}", status, "because of \u001b[31mthis");

        (await _line.RunAsync("disks", "get", Rows.DiskId, "-o", "json")).ShouldBe(code);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldStartWith($"mooring: The server answered {status}: because of ?[31mthis");
        _line.Error.Count(character => character == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_is_none_of_a_server_is_told()
    {
        _server.On(
            $"GET /api/v1/disks/{Rows.DiskId}",
            async context => await context.Response.Body.WriteAsync("<html>"u8.ToArray()));

        (await _line.RunAsync("disks", "get", Rows.DiskId)).ShouldBe(ExitCode.Unreachable);

        _line.Error.ShouldContain($"Is {_server.Address} a Mooring server");
    }

    [Fact]
    public async Task Nobody_there()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        (await _line.RunAsync("stuck", "--server", $"http://127.0.0.1:{port}")).ShouldBe(ExitCode.Unreachable);

        _line.Error.ShouldContain("Is mooringd running there?");
    }

    [Fact]
    public async Task A_lost_answer_to_a_create_says_where_to_look()
    {
        _server.OffersDisks(Demo.Offers.Disk("local", "block", 0.00015m));
        _server.On("POST /api/v1/disks/", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        (await _line.RunAsync("disks", "create", "--size", "1")).ShouldBe(ExitCode.Unreachable);

        _line.Error.ShouldContain("Whether the disk was made is not known: look with 'mooring disks list'");
    }

    [Theory]
    [InlineData("disks lst", "mean one of the following?\nlist\n", "mooring disks --help")]
    [InlineData("diks list", "mean one of the following?\ndisks\n", "mooring --help")]
    [InlineData("disks", "", "mooring disks --help")]
    [InlineData("disks get", "", "mooring disks get --help")]
    [InlineData("disks create", "--size", "mooring disks create --help")]
    [InlineData("disks create --size 0", "at least 1", "mooring disks create --help")]
    [InlineData("disks list -o yaml", "yaml", "mooring disks list --help")]
    [InlineData("disks delete d --timeout soon", "90s, 10m or 2h", "mooring disks delete --help")]
    [InlineData("completion tcsh", "tcsh", "mooring completion --help")]
    public async Task Wrong_use_says_what_is_wrong_what_was_perhaps_meant_and_where_help_is(
        string typed, string words, string help)
    {
        (await _line.RunAsync(typed.Split(' '))).ShouldBe(ExitCode.Usage);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldContain(words);
        _line.Error.ShouldEndWith($"See: {help}\n");
        _server.Requests.ShouldBeEmpty();
    }
}
