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
    private readonly Dictionary<string, HashSet<Listener>> _listeners = [];
    private readonly Lock _lock = new();

    private readonly Dictionary<WorkKinds, Channel<bool>> _signals = new()
    {
        [WorkKinds.Disks] = NewSignal(),
        [WorkKinds.Pods] = NewSignal(),
        [WorkKinds.Wallets] = NewSignal(),
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
    public Task WaitAsync(WorkKinds kind, TimeSpan atMost, TimeProvider time, CancellationToken ct) =>
        WaitAsync(_signals[kind], atMost, time, ct);

    /// <summary>Tells whoever waits that these resources changed, or something of these accounts did.</summary>
    public void Announce(IReadOnlyCollection<string> changed)
    {
        lock (_lock)
        {
            if (_watched.Count == 0 && _listeners.Count == 0)
            {
                return;
            }

            foreach (var id in changed)
            {
                foreach (var listener in _listeners.GetValueOrDefault(id) ?? [])
                {
                    listener.Tell();
                }

                if (_watched.Remove(id, out var watch))
                {
                    watch.Changed.TrySetResult();
                }
            }
        }
    }

    /// <summary>
    /// Listens to all changes of these resources, or of anything of these accounts, until it is disposed. What changes
    /// before the next wait is told then, once: nothing is missed, and nothing piles up.
    /// </summary>
    public Listener Listen(IReadOnlyCollection<string> ids)
    {
        var listener = new Listener(left => Forget(left, ids));
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (!_listeners.TryGetValue(id, out var others))
                {
                    _listeners[id] = others = [];
                }

                others.Add(listener);
            }
        }

        return listener;
    }

    /// <summary>Tells everybody who listens: something changed, and only the records know what.</summary>
    public void AnnounceAny()
    {
        lock (_lock)
        {
            foreach (var listener in _listeners.Values.SelectMany(listeners => listeners))
            {
                listener.Tell();
            }
        }
    }

    /// <summary>Whether anybody listens now.</summary>
    public bool IsListenedTo
    {
        get
        {
            lock (_lock)
            {
                return _listeners.Count > 0;
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

    private void Forget(Listener listener, IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (_listeners.TryGetValue(id, out var others) && others.Remove(listener) && others.Count == 0)
                {
                    _listeners.Remove(id);
                }
            }
        }
    }

    private static Channel<bool> NewSignal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static async Task<bool> WaitAsync(
        Channel<bool> signal, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await signal.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Somebody who listens; see <see cref="Listen"/>.</summary>
    internal sealed class Listener(Action<Listener> forget) : IDisposable
    {
        private readonly Channel<bool> _signal = NewSignal();

        /// <summary>True when something changed since the last wait, false when the time is up.</summary>
        public Task<bool> WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken ct) =>
            WakeUps.WaitAsync(_signal, atMost, time, ct);

        public void Tell() => _signal.Writer.TryWrite(true);

        public void Dispose() => forget(this);
    }

    private sealed class Watch
    {
        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }
}
