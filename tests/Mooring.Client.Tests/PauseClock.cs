using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Mooring.Client.Tests;

/// <summary>
/// A clock that moves only when a wait pauses, and by exactly that pause: no time passes while a request is under way.
/// </summary>
internal sealed class PauseClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public List<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets each pause pass until the wait is over; ten real seconds without a pause fail.</summary>
    public async Task<T> FinishAsync<T>(Task<T> wait, CancellationToken ct)
    {
        // A wait's first timer is its deadline.
        await NextTimerAsync();
        while (true)
        {
            var timer = NextTimerAsync();
            if (await Task.WhenAny(wait, timer) == wait)
            {
                return await wait;
            }

            Pauses.Add(await timer);
            Advance(Pauses[^1]);
        }

        Task<TimeSpan> NextTimerAsync() =>
            _timers.Reader.ReadAsync(ct).AsTask().WaitAsync(TimeSpan.FromSeconds(10), System, ct);
    }
}
