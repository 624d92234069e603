using Mooring.Server.Persistence;

namespace Mooring.Server.Live;

/// <summary>
/// Up to which number every event can be read that ever will be. Whoever sends events in the order of their numbers
/// must not pass it: what is behind it may still be joined by a lower number.
///
/// <para>SQLite has one writer, whose commits come in the order of the numbers: the horizon is the last number.
/// On PostgreSQL a number is given when an event is inserted and seen when its transaction commits, so that 11 may
/// be seen before 10. A transaction that inserts holds its lock on the table from before the number is given until
/// after it can be seen. So: read the last number given, then who holds such a lock; once all of these have ended,
/// nothing up to that number is outstanding. Those who come later have greater numbers and are not waited for, so that
/// the horizon moves however much is written. Transactions that write no event are none of it, and neither are numbers
/// that were given and never used.</para>
///
/// <para>The events of one resource need no horizon: each of its writers has read the version that the one before
/// wrote, or is undone.</para>
/// </summary>
internal sealed class EventHorizon(Database database) : IDisposable
{
    // By the database's own clock, as what is waited for is there.
    private static readonly Statement<int> Pause = new("SELECT 1 FROM pg_sleep(0.01)", [], row => row.GetInt32(0));

    private static readonly Statement<long> LastCommitted =
        new("SELECT COALESCE(MAX(number), 0) FROM events", [], row => row.GetInt64(0));

    private static readonly Statement<long> LastGiven = new(
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_number_seq", [], row => row.GetInt64(0));

    private static readonly Statement<string> Writers = new(
        """
        SELECT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND relation = 'events'::regclass AND mode = 'RowExclusiveLock'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """,
        [],
        row => row.GetString(0));

    private readonly SemaphoreSlim _turn = new(1);
    private long _asked;
    private long _answered;
    private long _horizon;

    /// <summary>
    /// Who is still writing after so many looks, five seconds by default, is stuck: the horizon stays where it was, and
    /// whoever waits for it goes on.
    /// </summary>
    public int LooksAtMost { get; init; } = 500;

    /// <summary>
    /// A number up to which nothing is outstanding: the last one that was given before this call, or an earlier one
    /// while a transaction is stuck. Many who ask at once are answered by one look, if it began after they asked.
    /// </summary>
    public async Task<long> ReachAsync(CancellationToken ct)
    {
        var mine = Interlocked.Increment(ref _asked);
        await _turn.WaitAsync(ct);
        try
        {
            if (_answered < mine)
            {
                var askedBefore = Volatile.Read(ref _asked);
                _horizon = await MeasureAsync(ct);
                _answered = askedBefore;
            }

            return _horizon;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The last number that was given, whether or not it can be seen; one cheap look.</summary>
    public async Task<long> LastGivenAsync(CancellationToken ct) => (await database.QueryAsync(
        database.Dialect == Dialect.PostgreSql ? LastGiven : LastCommitted, [], ct))[0];

    public void Dispose() => _turn.Dispose();

    private async Task<long> MeasureAsync(CancellationToken ct)
    {
        var last = await LastGivenAsync(ct);
        if (database.Dialect == Dialect.Sqlite)
        {
            return last;
        }

        var outstanding = (await database.QueryAsync(Writers, [], ct)).ToHashSet();
        for (var looks = 1; outstanding.Count > 0; looks++)
        {
            if (looks > LooksAtMost && _horizon > 0)
            {
                return _horizon;
            }

            await database.QueryAsync(Pause, [], ct);
            outstanding.IntersectWith(await database.QueryAsync(Writers, [], ct));
        }

        return last;
    }
}
