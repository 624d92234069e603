using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Mooring.Server.Persistence;

/// <summary>
/// PostgreSQL's clock, by which claims go, without a question for each write: asked once a minute, and carried on by
/// this process's monotonic clock, which no setting of the wall clock moves.
/// </summary>
internal sealed class ServerClock(TimeProvider time)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private volatile Reading? _last;

    /// <param name="db">A context in a transaction; asked where the last answer is too old.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<DateTimeOffset> NowAsync(MooringDb db, CancellationToken ct)
    {
        if (_last is { } last && time.GetElapsedTime(last.Timestamp) is var elapsed && elapsed < AskAgainAfter)
        {
            return last.Now + elapsed;
        }

        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT (extract(epoch from clock_timestamp()) * 1000000)::bigint";
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        var micros = Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
        // Counted from when the answer is here: what is carried on is behind the server's clock by the answer's way,
        // and never ahead of it, so that what is due at once is due.
        var reading = new Reading(Clock.FromMicroseconds(micros), time.GetTimestamp());
        _last = reading;
        return reading.Now;
    }

    private sealed record Reading(DateTimeOffset Now, long Timestamp);
}
