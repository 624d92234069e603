using Microsoft.Extensions.Time.Testing;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests;

/// <summary>The loop of what the server does now and then.</summary>
public sealed class PeriodicWorkTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_fails_is_told_and_tried_again_with_the_next_period()
    {
        using var work = new Failing(_time);
        await work.StartAsync(Ct);

        await PeriodsPassUntilAsync(() => work.Failures >= 3, "it fails, is told, and is tried again");

        work.ExecuteTask!.IsCompleted.ShouldBeFalse();
        await work.StopAsync(Ct);
    }

    [Fact]
    public async Task A_server_that_stops_ends_it_in_its_midst_and_nothing_is_told()
    {
        using var work = new Endless(_time);
        await work.StartAsync(Ct);
        await PeriodsPassUntilAsync(() => work.Begun.Task.IsCompleted, "it begins");

        await Eventually.EndsAsync(work.StopAsync(Ct));

        work.Failures.ShouldBe(0);
        work.ExecuteTask!.IsCanceled.ShouldBeTrue();
    }

    // The loop begins on a thread of its own, and counts from then on.
    private Task PeriodsPassUntilAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _time.Advance(Period);
            return condition();
        },
        what);

    private sealed class Failing(TimeProvider time) : PeriodicWork(Period, time)
    {
        private volatile int _failures;

        public int Failures => _failures;

        protected override Task DoAsync(CancellationToken ct) =>
            throw new InvalidOperationException("as full records would");

        protected override void TellFailed(Exception exception) => _failures++;
    }

    private sealed class Endless(TimeProvider time) : PeriodicWork(Period, time)
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Failures { get; private set; }

        protected override Task DoAsync(CancellationToken ct)
        {
            Begun.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }

        protected override void TellFailed(Exception exception) => Failures++;
    }
}
