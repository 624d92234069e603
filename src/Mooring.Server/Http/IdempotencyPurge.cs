using Microsoft.Extensions.Logging;

namespace Mooring.Server.Http;

/// <summary>Forgets, now and then, the keys of requests that nobody repeats any more.</summary>
internal sealed partial class IdempotencyPurge(
    IdempotencyKeys keys, TimeProvider time, ILogger<IdempotencyPurge> logger)
    : PeriodicWork(TimeSpan.FromMinutes(10), time)
{
    protected override async Task DoAsync(CancellationToken ct)
    {
        var purged = await keys.PurgeAsync(ct);
        LogPurged(purged);
    }

    protected override void TellFailed(Exception exception) => LogNotPurged(exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Keys} idempotency keys were forgotten")]
    private partial void LogPurged(int keys);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old idempotency keys could not be forgotten")]
    private partial void LogNotPurged(Exception exception);
}
