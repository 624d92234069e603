using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Live;

/// <summary>
/// Signals end at the process. Where replicas share the records, one look a second tells whether another of them has
/// written events, as long as anybody here listens: one query for all streams, and none where there are none.
/// </summary>
internal sealed partial class OtherReplicas(
    Database database, EventHorizon horizon, WakeUps wakeUps, TimeProvider time, ILogger<OtherReplicas> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Dialect == Dialect.Sqlite)
        {
            return;
        }

        using var timer = new PeriodicTimer(LookAgainAfter, time);
        long seen = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                if (wakeUps.IsListenedTo && await horizon.LastGivenAsync(stoppingToken) is var last && last != seen)
                {
                    seen = last;
                    wakeUps.AnnounceAny();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (DbException exception)
            {
                LogFault(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether other replicas wrote events can't be read now")]
    private partial void LogFault(DbException exception);
}
