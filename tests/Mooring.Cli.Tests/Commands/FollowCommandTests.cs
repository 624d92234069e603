using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mooring.Contract.Json;
using Mooring.Contract.Native;

namespace Mooring.Cli.Tests.Commands;

/// <summary>events --follow: a line an event, until something ends it.</summary>
public sealed class FollowCommandTests : IAsyncLifetime
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
    public async Task Shows_what_happens_line_by_line_and_ends_when_the_key_does()
    {
        Answer("GET /api/mooring/v1/events/stream", Event(7, "READY", null), Event(9, "FAILED", "no\u001broom"));

        (await _line.RunAsync("events")).ShouldBe(ExitCode.NotAllowed);

        _line.Output.ShouldBe(
            $"7  2026-11-25 02:45:28Z  disk {Rows.DiskId}  READY  ACTIVE\n"
            + $"9  2026-11-25 02:45:28Z  disk {Rows.DiskId}  FAILED  ACTIVE  no?room\n");
        _line.Error.ShouldContain("The key is refused");
    }

    [Fact]
    public async Task What_happens_to_a_wallet_is_a_line_among_the_others()
    {
        Answer(
            "GET /api/mooring/v1/events/stream",
            Event(7, "READY", null),
            Event(8, "BALANCE_LOW", "Its balance is 9.99 USD, below 10 USD.") with
            {
                Kind = ResourceKinds.Wallet,
                ResourceId = "cwallet",
                Status = WalletStatuses.Low,
            });

        (await _line.RunAsync("events")).ShouldBe(ExitCode.NotAllowed);

        _line.Output.ShouldEndWith(
            "\n8  2026-11-25 02:45:28Z  wallet cwallet  BALANCE_LOW  LOW  Its balance is 9.99 USD, below 10 USD.\n");
    }

    [Theory]
    [InlineData("disks", Rows.DiskId)]
    [InlineData("pods", Rows.PodId)]
    public async Task Follows_one_from_its_beginning_as_an_object_a_line(string noun, string id)
    {
        Answer($"GET /api/mooring/v1/{noun}/{id}/events/stream", Event(7, "READY", null), Event(9, "GONE", null));

        (await _line.RunAsync(noun, "events", id, "--follow", "-o", "json")).ShouldBe(ExitCode.NotAllowed);

        var lines = _line.Output.TrimEnd('\n').Split('\n');
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("what").GetString())
            .ShouldBe(["READY", "GONE"]);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_once_and_asked_again()
    {
        var asked = 0;
        _server.On("GET /api/mooring/v1/events/stream", context =>
        {
            context.Response.StatusCode = ++asked < 3 ? 503 : 401;
            return Task.CompletedTask;
        });

        (await _line.RunAsync("events", "--after", "3")).ShouldBe(ExitCode.NotAllowed);

        _line.Error.Split("It is asked again.").Length.ShouldBe(2);
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task A_number_below_zero_is_none() =>
        (await _line.RunAsync("events", "--after", "-1")).ShouldBe(ExitCode.Usage);

    // The first answer has the events; who comes back after the last of them finds the key refused.
    private void Answer(string route, params LiveEvent[] events) => _server.On(route, async context =>
    {
        if (context.Request.Headers["Last-Event-ID"] == $"{events[^1].Number}")
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"detail":"The key is refused."}""");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var happened in events)
        {
            var json = JsonSerializer.Serialize(happened, ContractJson.Wire.LiveEvent);
            await context.Response.WriteAsync($"id: {happened.Number}\ndata: {json}\n\n");
        }
    });

    private static LiveEvent Event(long number, string what, string? words) => new()
    {
        Number = number,
        Kind = ResourceKinds.Disk,
        ResourceId = Rows.DiskId,
        At = new DateTimeOffset(2026, 11, 25, 2, 45, 28, TimeSpan.Zero),
        What = what,
        Status = "ACTIVE",
        Words = words,
        PriceHr = null,
    };
}
