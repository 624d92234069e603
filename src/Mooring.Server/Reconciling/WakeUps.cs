using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Mooring.Server.Reconciling;

/// <summary>
/// The in-process signals that a write made work, and that a resource changed. Raised after the commit by the database
/// itself (<see cref="Persistence.MooringDb.Wakes"/>, <see cref="Persistence.MooringDb.Changed"/>), so that no writer can
/// forget it. Hints only: between replicas they don't reach, and whoever waits reads the row to know.
/// </summary>
internal sealed class WakeUps
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _watched = new();

    private readonly Dictionary<WorkKinds, Channel<bool>> _signals = new()
    {
        [WorkKinds.Disks] = NewSignal(),
        [WorkKinds.Pods] = NewSignal(),
    };

    public void Raise(WorkKinds kinds)
    {
        foreach (var (kind, signal) in _signals)
        {
            if (kinds.HasFlag(kind))
            {
                signal.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Ends when a signal was raised since the last wait ended, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(WorkKinds kind, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await _signals[kind].Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
        }
    }

    /// <summary>Tells whoever waits that these resources changed.</summary>
    public void Announce(IReadOnlyCollection<string> changed)
    {
        if (_watched.IsEmpty)
        {
            return;
        }

        foreach (var id in changed)
        {
            if (_watched.TryRemove(id, out var waiting))
            {
                waiting.TrySetResult();
            }
        }
    }

    /// <summary>
    /// Reads a resource again after each change until it is as wanted, or the time is up; gives back what was read last.
    /// </summary>
    public async Task<T> WatchAsync<T>(
        string id, Func<Task<T>> read, Func<T, bool> isWanted, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        while (true)
        {
            // Asked for before the read: a change between the two is not missed.
            var changed = _watched.GetOrAdd(
                id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var value = await read();
            if (isWanted(value) || timeout.IsCancellationRequested)
            {
                // Nothing may ever change again: what is waited for no more is not kept. Whoever shares it reads again.
                _watched.TryRemove(new(id, changed));
                changed.TrySetResult();
                return value;
            }

            await changed.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }

    private static Channel<bool> NewSignal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
