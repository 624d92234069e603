using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mooring.Server.Http;

/// <summary>Forgets, now and then, the keys of requests that nobody repeats any more.</summary>
internal sealed partial class IdempotencyPurge(
    IdempotencyKeys keys, TimeProvider time, ILogger<IdempotencyPurge> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var purged = await keys.PurgeAsync(stoppingToken);
                LogPurged(purged);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Full records, say: that ends neither the loop nor, with it, the server.
                LogNotPurged(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Keys} idempotency keys were forgotten")]
    private partial void LogPurged(int keys);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old idempotency keys could not be forgotten")]
    private partial void LogNotPurged(Exception exception);
}
