namespace Mooring.Server.Live;

/// <summary>How many streams there may be, and how they keep alive.</summary>
internal sealed record StreamLimits
{
    public int OfServer { get; init; } = 1_000;

    public int OfKey { get; init; } = 16;

    /// <summary>After so long a silence a stream says that it is there; proxies end what says nothing for a minute.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>The streams that are open: so many of a server, and so many of a key.</summary>
internal sealed class EventStreams(MooringOptions options)
{
    private readonly Dictionary<string, int> _ofKeys = [];
    private readonly Lock _lock = new();
    private int _open;

    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _open;
            }
        }
    }

    /// <summary>A place for a stream of a key, until it is disposed.</summary>
    /// <param name="key">The key's prefix.</param>
    public Result<IDisposable> Enter(string key)
    {
        lock (_lock)
        {
            var ofKey = _ofKeys.GetValueOrDefault(key);
            if (ofKey >= options.StreamLimits.OfKey)
            {
                return new TooManyStreams(options.StreamLimits.OfKey);
            }

            if (_open >= options.StreamLimits.OfServer)
            {
                return new StreamsTaken(options.StreamLimits.OfServer);
            }

            _ofKeys[key] = ofKey + 1;
            _open++;
        }

        Instruments.StreamOpened();
        return Result<IDisposable>.Of(new Place(this, key));
    }

    private void Leave(string key)
    {
        lock (_lock)
        {
            _open--;
            if (--_ofKeys[key] == 0)
            {
                _ofKeys.Remove(key);
            }
        }

        Instruments.StreamEnded();
    }

    private sealed class Place(EventStreams streams, string key) : IDisposable
    {
        private bool _isLeft;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isLeft, true))
            {
                streams.Leave(key);
            }
        }
    }
}
