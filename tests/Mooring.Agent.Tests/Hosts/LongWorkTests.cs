using Microsoft.Extensions.Time.Testing;
using Mooring.Agent.Hosts;

namespace Mooring.Agent.Tests.Hosts;

public sealed class LongWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Goes_on_between_calls_and_is_told_once()
    {
        var work = new LongWork<int>(_time);
        var end = new TaskCompletionSource<int>();
        var begun = 0;
        Task<int> Begin()
        {
            begun++;
            return end.Task;
        }

        var first = work.JoinAsync("disk", Begin, Patience, CancellationToken.None);
        await TestDeadline.UntilAsync(() => begun == 1);
        _time.Advance(Patience);
        (await first).ShouldBe((false, 0));
        work.Has("disk").ShouldBeTrue();

        var second = work.JoinAsync("disk", Begin, Patience, CancellationToken.None);
        end.SetResult(42);
        (await second).ShouldBe((true, 42));
        work.Has("disk").ShouldBeFalse();
        begun.ShouldBe(1);

        (await work.JoinAsync("disk", Begin, Patience, CancellationToken.None)).ShouldBe((true, 42));
        begun.ShouldBe(2);
    }

    [Fact]
    public async Task Caller_that_gives_up_does_not_end_it()
    {
        var work = new LongWork<int>(_time);
        var end = new TaskCompletionSource<int>();
        using var impatient = new CancellationTokenSource();

        var first = work.JoinAsync("disk", () => end.Task, Patience, impatient.Token);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);

        end.SetResult(7);
        (await work.JoinAsync("disk", () => Task.FromResult(0), Patience, CancellationToken.None)).ShouldBe((true, 7));
    }

    [Fact]
    public async Task What_it_throws_is_told_once_and_it_may_begin_anew()
    {
        var work = new LongWork<int>(_time);

        await Should.ThrowAsync<InvalidOperationException>(() => work.JoinAsync(
            "disk", () => Task.FromException<int>(new InvalidOperationException()), Patience, CancellationToken.None));

        (await work.JoinAsync("disk", () => Task.FromResult(1), Patience, CancellationToken.None)).ShouldBe((true, 1));
    }
}
