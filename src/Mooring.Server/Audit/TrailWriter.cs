using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Server.Persistence;

namespace Mooring.Server.Audit;

/// <summary>
/// Writes the entries that no change carries in its own transaction: refusals, mostly. They are written beside the
/// requests, many at once: a refusal must cost nobody a wait for the disk.
/// </summary>
internal sealed partial class TrailWriter(
    Database database, TrailLimits limits, TimeProvider time, ILogger<TrailWriter> logger) : BackgroundService
{
    private const int EntriesPerWrite = 200;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Channel<AuditEntry> _entries =
        Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(5_000) { SingleReader = true });

    /// <summary>Has an entry written soon, unless there are too many.</summary>
    /// <param name="entry">What to write.</param>
    /// <param name="from">Where its request came from.</param>
    public void Write(AuditEntry entry, IPAddress? from)
    {
        if (limits.Admits(entry.KeyPrefix, from, entry.At) && !_entries.Writer.TryWrite(entry))
        {
            limits.LeaveOut();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var telling = TellAsync(stoppingToken);
        try
        {
            while (await _entries.Reader.WaitToReadAsync(stoppingToken))
            {
                await WriteBatchAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // No request is taken any more: what is left is written before the records are closed.
            while (_entries.Reader.TryPeek(out _))
            {
                await WriteBatchAsync();
            }
        }

        await telling;
    }

    // One entry a minute says how many there are not.
    private async Task TellAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (limits.TakeLeftOut() is > 0 and var leftOut)
                {
                    await _entries.Writer.WriteAsync(WordsOn(leftOut), stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private AuditEntry WordsOn(long leftOut) => new()
    {
        At = time.Now(),
        RequestId = "",
        Status = StatusCodes.Status429TooManyRequests,
        Words = $"{leftOut} refusals of the last minute were left out here: too many came.",
    };

    private async Task WriteBatchAsync()
    {
        List<AuditEntry> batch = [];
        while (batch.Count < EntriesPerWrite && _entries.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
        }

        try
        {
            await database.WriteAsync(
                async (db, token) =>
                {
                    foreach (var entry in batch)
                    {
                        await db.InsertAsync(entry, token);
                    }
                },
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Records that can't be written, say: that ends neither the loop nor, with it, the server.
            limits.LeaveOut(batch.Count);
            LogNotWritten(exception, batch.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Entries} entries of the audit trail could not be written")]
    private partial void LogNotWritten(Exception exception, int entries);
}
