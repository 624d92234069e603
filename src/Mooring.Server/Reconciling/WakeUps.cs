using System.Threading.Channels;

namespace Mooring.Server.Reconciling;

/// <summary>
/// The in-process signals that a write made work, and that a resource changed. Raised after the commit by the database
/// itself (<see cref="Persistence.MooringDb.Wakes"/>, <see cref="Persistence.MooringDb.Changed"/>), so that no writer
/// can forget it. Hints only: between replicas they don't reach, and whoever waits reads the row to know.
/// </summary>
internal sealed class WakeUps
{
    private readonly Dictionary<string, Watch> _watched = [];
    private readonly Lock _lock = new();

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
        lock (_lock)
        {
            if (_watched.Count == 0)
            {
                return;
            }

            foreach (var id in changed)
            {
                if (_watched.Remove(id, out var watch))
                {
                    watch.Changed.TrySetResult();
                }
            }
        }
    }

    /// <summary>Resources that somebody waits for now.</summary>
    public int WatchedCount
    {
        get
        {
            lock (_lock)
            {
                return _watched.Count;
            }
        }
    }

    /// <summary>
    /// Reads a resource again after each change until it is as wanted, or the time is up; gives back what was read
    /// last.
    /// </summary>
    public async Task<T> WatchAsync<T>(
        string id, Func<Task<T>> read, Func<T, bool> isWanted, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        while (true)
        {
            // Asked for before the read: a change between the two is not missed.
            var watch = Begin(id);
            try
            {
                var value = await read();
                if (isWanted(value) || timeout.IsCancellationRequested)
                {
                    return value;
                }

                await watch.Changed.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
            finally
            {
                End(id, watch);
            }
        }
    }

    private Watch Begin(string id)
    {
        lock (_lock)
        {
            if (!_watched.TryGetValue(id, out var watch))
            {
                _watched[id] = watch = new Watch();
            }

            watch.Waiting++;
            return watch;
        }
    }

    // What nobody waits for is forgotten, whether or not it ever changes again.
    private void End(string id, Watch watch)
    {
        lock (_lock)
        {
            if (--watch.Waiting == 0 && _watched.TryGetValue(id, out var known) && known == watch)
            {
                _watched.Remove(id);
            }
        }
    }

    private static Channel<bool> NewSignal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private sealed class Watch
    {
        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }
}
