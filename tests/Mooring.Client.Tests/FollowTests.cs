using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Mooring.Contract.Json;
using Mooring.Contract.Native;

namespace Mooring.Client.Tests;

/// <summary>Following events across whatever cuts a stream off.</summary>
public sealed class FollowTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Comes_back_to_where_it_was_whenever_it_is_cut_off()
    {
        var answers = new Queue<string>(
        [
            "retry: 2000\n\nid: 6\n\n",
            $"id: 6\n\n: still here\n\n{Sent(7)}{Sent(9)}",
            $"{Sent(12)}id: 13\ndata: {{\"cut off",
            $"event: later\nunknown\n{Sent(13)}",
        ]);
        await using var server = await LoopbackServer.StartAsync(context => StreamAsync(context, answers.Dequeue()));

        List<long> seen = [];
        await foreach (var happened in server.Client.FollowEventsAsync(null, new HurryingClock(), ct: Ct))
        {
            seen.Add(happened.Number);
            if (seen.Count == 4)
            {
                break;
            }
        }

        seen.ShouldBe([7, 9, 12, 13]);
        server.Requests.Select(asked => asked.Headers.GetValueOrDefault("Last-Event-ID"))
            .ShouldBe([null, "6", "9", "12"]);
        server.Requests.ShouldAllBe(asked => asked.Target == "/api/mooring/v1/events/stream"
            && asked.Headers["Accept"] == "text/event-stream"
            && asked.Headers["Authorization"] == "Bearer mrg_test.key");
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_and_asked_again()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(context => ++asked < 3
            ? LoopbackServer.AnswerAsync(context, new Contract.V1.ErrorBody("It is full."), 503)
            : StreamAsync(context, Sent(5)));
        var failures = new Failures();

        var first = await server.Client.FollowDiskEventsAsync("d1", 4, new HurryingClock(), failures, Ct)
            .FirstAsync(Ct);

        first.Number.ShouldBe(5);
        failures.Words.ShouldBe(["The server answered 503: It is full.", "The server answered 503: It is full."]);
        server.Requests.ShouldAllBe(one => one.Target == "/api/mooring/v1/disks/d1/events/stream"
            && one.Headers["Last-Event-ID"] == "4");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    public async Task What_does_not_pass_is_thrown(int status)
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, new Contract.V1.ErrorBody("No."), status));

        var thrown = await Should.ThrowAsync<MooringApiException>(
            server.Client.FollowPodEventsAsync("p1", 0, TimeProvider.System, ct: Ct).FirstAsync(Ct).AsTask());

        ((int)thrown.StatusCode).ShouldBe(status);
        server.Requests.ShouldHaveSingleItem().Target.ShouldBe("/api/mooring/v1/pods/p1/events/stream");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("data: {}\n\n")]
    [InlineData("data: null\n\n")]
    public async Task What_is_no_stream_of_events_is_told(string body)
    {
        await using var server = await LoopbackServer.StartAsync(context => body == "{}"
            ? LoopbackServer.AnswerTextAsync(context, body, 200)
            : StreamAsync(context, body));

        await Should.ThrowAsync<MooringResponseException>(
            server.Client.FollowEventsAsync(0, TimeProvider.System, ct: Ct).FirstAsync(Ct).AsTask());
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_for_a_new_connection()
    {
        var asked = 0;
        var end = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            await StreamAsync(context, Sent(++asked));
            await context.Response.Body.FlushAsync(Ct);
            await (asked == 1 ? end.Task : Task.CompletedTask);
        });

        var clock = new FakeTimeProvider();
        await using var events = server.Client.FollowEventsAsync(0, clock, ct: Ct).GetAsyncEnumerator(Ct);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Number.ShouldBe(1);

        var second = events.MoveNextAsync().AsTask();
        while (!second.IsCompleted)
        {
            // First the silence passes, then the pause before it comes back.
            clock.Advance(TimeSpan.FromSeconds(46));
            await Task.WhenAny(second, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct));
        }

        end.SetResult();
        (await second).ShouldBeTrue();
        events.Current.Number.ShouldBe(2);
        server.Requests.Last().Headers["Last-Event-ID"].ShouldBe("1");
    }

    private static Task StreamAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/event-stream";
        return context.Response.WriteAsync(text, Ct);
    }

    private static string Sent(long number) => string.Create(
        CultureInfo.InvariantCulture, $"id: {number}\ndata: {JsonSerializer.Serialize(Event(number), Json)}\n\n");

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo<LiveEvent> Json => ContractJson.Wire.LiveEvent;

    private static LiveEvent Event(long number) => new()
    {
        Number = number,
        Kind = ResourceKinds.Disk,
        ResourceId = "d1",
        At = Sample.Created,
        What = "READY",
        Status = "ACTIVE",
        Words = null,
        PriceHr = 0.1m,
    };

    /// <summary>Pauses are over at once; a silence never is.</summary>
    private sealed class HurryingClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(
                callback,
                state,
                dueTime > TimeSpan.FromSeconds(10) ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
                period);
    }

    private sealed class Failures : IProgress<MooringException>
    {
        public List<string> Words { get; } = [];

        public void Report(MooringException value) => Words.Add(value.Message);
    }
}
