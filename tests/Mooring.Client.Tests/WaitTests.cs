using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>Waits poll at growing intervals, wait out passing failures, and end at the deadline with words.</summary>
public sealed class WaitTests
{
    private readonly PauseClock _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Returns_at_once_what_is_so_already()
    {
        await using var server = await ServerOf(Statuses.Active);

        var disk = await server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromSeconds(1), _time, ct: Ct);

        disk.Status.ShouldBe(Statuses.Active);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reports_every_state_on_the_way()
    {
        await using var server = await ServerOf(Statuses.Provisioning, Statuses.Pending, Statuses.Active);
        var seen = new Recorder();

        var wait = server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromMinutes(1), _time, seen, Ct);

        (await _time.FinishAsync(wait, Ct)).Status.ShouldBe(Statuses.Active);
        seen.Statuses.ShouldBe([Statuses.Provisioning, Statuses.Pending, Statuses.Active]);
    }

    [Fact]
    public async Task Waits_for_an_instance_too()
    {
        var states = new Queue<string>([Statuses.Provisioning, Statuses.Active]);
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, Sample.Pod("p1", states.Dequeue())));

        var wait = server.Client.WaitForPodAsync(
            "p1",
            pod => pod.Status == Statuses.Active,
            TimeSpan.FromMinutes(1),
            _time,
            ct: Ct);

        (await _time.FinishAsync(wait, Ct)).Status.ShouldBe(Statuses.Active);
    }

    [Fact]
    public async Task Grows_its_intervals_up_to_three_seconds()
    {
        await using var server = await ServerOf([.. Enumerable.Repeat(Statuses.Provisioning, 30), Statuses.Active]);

        var wait = server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromHours(1), _time, ct: Ct);
        await _time.FinishAsync(wait, Ct);

        _time.Pauses.Select(pause => pause.TotalMilliseconds).Take(9)
            .ShouldBe([100, 150, 225, 337, 506, 759, 1139, 1708, 2562]);
        _time.Pauses.Skip(9).ShouldAllBe(pause => pause == TimeSpan.FromSeconds(3));
        server.Requests.Count.ShouldBe(31);
    }

    [Fact]
    public async Task Waits_out_passing_failures_as_long_as_the_server_asks()
    {
        var answers = new Queue<Func<HttpContext, Task>>([
            context =>
            {
                context.Response.Headers.RetryAfter = "40";
                return LoopbackServer.AnswerAsync(context, new ErrorBody("slow down"), 429);
            },
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            context => LoopbackServer.AnswerAsync(context, new ErrorBody("starting"), 503),
            context => LoopbackServer.AnswerAsync(context, Sample.Disk("d1")),
        ]);
        await using var server = await LoopbackServer.StartAsync(context => answers.Dequeue()(context));

        var wait = server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromHours(1), _time, ct: Ct);
        await _time.FinishAsync(wait, Ct);

        _time.Pauses.Select(pause => pause.TotalMilliseconds).ShouldBe([40_000, 150, 225]);
    }

    [Fact]
    public async Task Throws_at_once_what_does_not_pass()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, new ErrorBody("no such disk"), 404));

        var error = await Should.ThrowAsync<MooringApiException>(
            () => server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromMinutes(1), _time, ct: Ct));

        error.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Ends_at_the_deadline_with_the_last_state_in_words()
    {
        await using var server = await ServerOf(Statuses.Pending);

        var wait = server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromSeconds(5), _time, ct: Ct);

        (await Should.ThrowAsync<MooringWaitException>(() => _time.FinishAsync(wait, Ct))).Message
            .ShouldBe("Disk d1 is PENDING after waiting 5 s.");
    }

    [Fact]
    public async Task Ends_at_the_deadline_with_the_last_failure_as_its_cause()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, new ErrorBody("starting"), 503));

        var wait = server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromSeconds(5), _time, ct: Ct);

        var error = await Should.ThrowAsync<MooringWaitException>(() => _time.FinishAsync(wait, Ct));
        error.Message.ShouldBe("It could not be read after waiting 5 s. The server answered 503: starting");
        error.InnerException.ShouldBeOfType<MooringApiException>();
    }

    [Fact]
    public async Task Ends_at_the_deadline_though_the_server_hangs()
    {
        var asked = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            asked.SetResult();
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        var wait = server.Client.WaitForDiskAsync("d1", IsActive, TimeSpan.FromSeconds(5), _time, ct: Ct);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct);

        _time.Advance(TimeSpan.FromSeconds(5));

        await Should.ThrowAsync<MooringWaitException>(() => wait);
    }

    [Fact]
    public async Task Ends_when_the_caller_says_so()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var server = await ServerOf(Statuses.Pending);

        var wait = server.Client.WaitForDiskAsync(
            "d1",
            _ =>
            {
                stop.Cancel();
                return false;
            },
            TimeSpan.FromSeconds(5),
            _time,
            ct: stop.Token);

        await Should.ThrowAsync<OperationCanceledException>(() => wait);
    }

    private static bool IsActive(Disk disk) => disk.Status == Statuses.Active;

    /// <summary>Answers with these states in turn, and with the last for ever.</summary>
    private static Task<LoopbackServer> ServerOf(params string[] states)
    {
        var next = -1;
        return LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            Sample.Disk("d1", states[Math.Min(Interlocked.Increment(ref next), states.Length - 1)])));
    }

    private sealed class Recorder : IProgress<Disk>
    {
        private readonly ConcurrentQueue<string> _statuses = new();

        public IEnumerable<string> Statuses => _statuses;

        public void Report(Disk value) => _statuses.Enqueue(value.Status);
    }
}
