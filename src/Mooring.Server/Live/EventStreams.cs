namespace Mooring.Server.Live;

/// <summary>How many streams there may be, and how they keep alive.</summary>
internal sealed record StreamLimits
{
    public int OfServer { get; init; } = 1_000;

    public int OfKey { get; init; } = 16;

    /// <summary>Of all keys of one user, who may have many.</summary>
    public int OfUser { get; init; } = 64;

    /// <summary>After so long a silence a stream says that it is there; proxies end what says nothing for a minute.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>The streams that are open: so many of a server, and so many of a key.</summary>
internal sealed class EventStreams(MooringOptions options)
{
    // By a key's prefix and by a user's id, which never look alike.
    private readonly Dictionary<string, int> _of = [];
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
    /// <param name="user">The key's user.</param>
    public Result<IDisposable> Enter(string key, UserId user)
    {
        lock (_lock)
        {
            var (ofKey, ofUser) = (_of.GetValueOrDefault(key), _of.GetValueOrDefault(user.Value));
            if (ofKey >= options.StreamLimits.OfKey || ofUser >= options.StreamLimits.OfUser)
            {
                return new TooManyStreams(options.StreamLimits.OfKey, options.StreamLimits.OfUser);
            }

            if (_open >= options.StreamLimits.OfServer)
            {
                return new StreamsTaken(options.StreamLimits.OfServer);
            }

            (_of[key], _of[user.Value]) = (ofKey + 1, ofUser + 1);
            _open++;
        }

        Instruments.StreamOpened();
        return Result<IDisposable>.Of(new Place(this, key, user.Value));
    }

    private void Leave(params ReadOnlySpan<string> whose)
    {
        lock (_lock)
        {
            _open--;
            foreach (var one in whose)
            {
                if (--_of[one] == 0)
                {
                    _of.Remove(one);
                }
            }
        }

        Instruments.StreamEnded();
    }

    private sealed class Place(EventStreams streams, string key, string user) : IDisposable
    {
        private bool _isLeft;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isLeft, true))
            {
                streams.Leave(key, user);
            }
        }
    }
}
