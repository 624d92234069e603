using Microsoft.Extensions.Time.Testing;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Reconciling;

public sealed class WakeUpsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private readonly WakeUps _wakeUps = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_before_the_wait_is_not_lost()
    {
        _wakeUps.Raise(WorkKinds.Disks);

        await Eventually.EndsAsync(_wakeUps.WaitAsync(WorkKinds.Disks, Long, _time, Ct));
    }

    [Fact]
    public async Task Many_signals_wake_once()
    {
        _wakeUps.Raise(WorkKinds.Disks);
        _wakeUps.Raise(WorkKinds.Disks | WorkKinds.Pods);
        await Eventually.EndsAsync(_wakeUps.WaitAsync(WorkKinds.Disks, Long, _time, Ct));

        var second = _wakeUps.WaitAsync(WorkKinds.Disks, Long, _time, Ct);

        second.IsCompleted.ShouldBeFalse();
        _time.Advance(Long);
        await Eventually.EndsAsync(second);
    }

    [Fact]
    public async Task A_signal_wakes_its_own_kind_only()
    {
        _wakeUps.Raise(WorkKinds.Pods);

        var disks = _wakeUps.WaitAsync(WorkKinds.Disks, Long, _time, Ct);

        disks.IsCompleted.ShouldBeFalse();
        await Eventually.EndsAsync(_wakeUps.WaitAsync(WorkKinds.Pods, Long, _time, Ct));
        _time.Advance(Long);
        await Eventually.EndsAsync(disks);
    }

    [Fact]
    public async Task Cancelling_a_wait_is_no_signal()
    {
        using var wish = new CancellationTokenSource();
        var wait = _wakeUps.WaitAsync(WorkKinds.Disks, Long, _time, wish.Token);

        await wish.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(Eventually.EndsAsync(wait));
    }

    [Fact]
    public async Task Watching_reads_again_after_each_change_until_it_is_as_wanted()
    {
        var value = 0;
        var watch = _wakeUps.WatchAsync("disk", () => Task.FromResult(value), seen => seen == 2, Long, _time, Ct);
        watch.IsCompleted.ShouldBeFalse();

        value = 1;
        _wakeUps.Announce(["another", "disk"]);
        await Eventually.HoldsAsync(() => _wakeUps.WatchedCount == 1, "it goes on watching");
        value = 2;
        _wakeUps.Announce(["disk"]);

        (await Eventually.EndsAsync(watch)).ShouldBe(2);
    }

    [Fact]
    public async Task A_change_during_the_read_is_not_missed()
    {
        var value = 0;
        var watch = _wakeUps.WatchAsync(
            "disk",
            () =>
            {
                var read = value;
                value = 1;
                _wakeUps.Announce(["disk"]);
                return Task.FromResult(read);
            },
            seen => seen == 1,
            Long,
            _time,
            Ct);

        (await Eventually.EndsAsync(watch)).ShouldBe(1);
    }

    [Fact]
    public async Task When_the_time_is_up_what_is_so_then_is_given_back()
    {
        var watch = _wakeUps.WatchAsync(
            "disk", () => Task.FromResult("DELETING"), seen => seen == "TERMINATED", Long, _time, Ct);

        _time.Advance(Long);

        (await Eventually.EndsAsync(watch)).ShouldBe("DELETING");
    }

    [Fact]
    public async Task A_listener_is_told_once_of_what_changed_between_its_waits()
    {
        using var listener = _wakeUps.Listen(["disk", "account"]);
        _wakeUps.Announce(["disk"]);
        _wakeUps.Announce(["account", "another"]);

        (await Eventually.EndsAsync(listener.WaitAsync(Long, _time, Ct))).ShouldBeTrue();
        var second = listener.WaitAsync(Long, _time, Ct);
        second.IsCompleted.ShouldBeFalse("both were told by the first");
        _wakeUps.Announce(["another"]);
        second.IsCompleted.ShouldBeFalse("that is none of its");
        _time.Advance(Long);

        (await Eventually.EndsAsync(second)).ShouldBeFalse();
        _wakeUps.AnnounceAny();
        (await Eventually.EndsAsync(listener.WaitAsync(Long, _time, Ct))).ShouldBeTrue();
    }

    [Fact]
    public void Who_listens_no_more_is_forgotten()
    {
        var one = _wakeUps.Listen(["disk", "account"]);
        var other = _wakeUps.Listen(["disk"]);

        one.Dispose();
        _wakeUps.IsListenedTo.ShouldBeTrue();
        other.Dispose();
        one.Dispose();

        _wakeUps.IsListenedTo.ShouldBeFalse();
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_is_forgotten()
    {
        for (var i = 0; i < 100; i++)
        {
            await _wakeUps.WatchAsync($"disk {i}", () => Task.FromResult(true), seen => seen, Long, _time, Ct);
        }

        var timedOut = _wakeUps.WatchAsync("slow", () => Task.FromResult(false), seen => seen, Long, _time, Ct);
        var other = _wakeUps.WatchAsync("slow", () => Task.FromResult(false), seen => seen, Long * 2, _time, Ct);
        _time.Advance(Long);
        await Eventually.EndsAsync(timedOut);
        _wakeUps.WatchedCount.ShouldBe(1);
        _time.Advance(Long);
        await Eventually.EndsAsync(other);

        _wakeUps.WatchedCount.ShouldBe(0);
    }
}
