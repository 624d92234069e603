using Microsoft.Extensions.Logging;
using Mooring.Server.Persistence;

namespace Mooring.Server.Audit;

/// <summary>
/// Forgets the entries that are older than the operator wants to keep them: the only place that takes anything out of
/// the audit trail.
/// </summary>
internal sealed partial class TrailRetention(
    Database database, MooringOptions options, TimeProvider time, ILogger<TrailRetention> logger)
    : PeriodicWork(TimeSpan.FromHours(1), time)
{
    private const int RowsPerPurge = 500;
    private static readonly Statement Purge = new(
        """
        DELETE FROM audit_entries WHERE number IN (
            SELECT number FROM audit_entries WHERE number <= @last AND at < @before ORDER BY number LIMIT @rows)
        """,
        "@last",
        "@before",
        "@rows");

    /// <summary>
    /// Forgets what is too old, the oldest first, so many in a transaction that nobody waits for it long.
    /// </summary>
    /// <returns>How many entries there were.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        if (options.AuditRetention == TimeSpan.Zero)
        {
            return 0;
        }

        var oldest = Time.Now() - options.AuditRetention;
        var last = await TrailDays.LastBeforeAsync(database, oldest, ct);
        var before = Clock.ToMicroseconds(oldest);
        var sum = 0;
        while (true)
        {
            var purged = await database.WriteAsync(
                (db, token) => db.ExecuteAsync(Purge, [last, before, RowsPerPurge], token), ct);
            sum += purged;
            if (purged < RowsPerPurge)
            {
                return sum;
            }
        }
    }

    protected override async Task DoAsync(CancellationToken ct)
    {
        var purged = await RunOnceAsync(ct);
        LogPurged(purged);
    }

    protected override void TellFailed(Exception exception) => LogNotPurged(exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Entries} old entries of the audit trail were forgotten")]
    private partial void LogPurged(int entries);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old entries of the audit trail could not be forgotten")]
    private partial void LogNotPurged(Exception exception);
}
