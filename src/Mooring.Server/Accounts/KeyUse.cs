using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// When and from where each key was last used: written beside the requests, at most once a minute for a key, as a
/// request that only reads must not wait for a write.
/// </summary>
internal sealed partial class KeyUse(Database database, ILogger<KeyUse> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private static readonly Statement Write = new(
        """
        UPDATE api_keys SET last_used_at = @at, last_used_from = @address
        WHERE prefix = @prefix AND (last_used_at IS NULL OR last_used_at < @at)
        """,
        "@at",
        "@address",
        "@prefix");

    // As many as there are keys in use; and a full queue loses a time that the key's next minute writes anyway.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = [];
    private readonly Channel<Used> _uses =
        Channel.CreateBounded<Used>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes note of a use; costs next to nothing.</summary>
    /// <param name="key">A key that holds.</param>
    /// <param name="now">When.</param>
    /// <param name="address">From where, as far as the connection tells.</param>
    public void Note(ApiKey key, DateTimeOffset now, IPAddress? address)
    {
        var known = _noted.GetValueOrDefault(key.Prefix);
        if (now >= known && now - known < Between)
        {
            return;
        }

        _noted[key.Prefix] = now;
        _uses.Writer.TryWrite(new Used(key.Prefix, now, address?.Plain().ToString()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Used> batch = [];
        while (await _uses.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (_uses.Reader.TryRead(out var use))
            {
                batch.Add(use);
            }

            await TryWriteAsync(batch, stoppingToken);
        }
    }

    private async Task TryWriteAsync(List<Used> batch, CancellationToken ct)
    {
        try
        {
            await database.WriteAsync(
                async (db, token) =>
                {
                    // In one order: two replicas do not wait for each other.
                    foreach (var use in batch.OrderBy(one => one.Prefix, StringComparer.Ordinal))
                    {
                        await db.ExecuteAsync(
                            Write, [Clock.ToMicroseconds(use.At), use.From, use.Prefix], token);
                    }
                },
                ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next minute's use writes a later time.
            LogNotWritten(exception, batch.Count);
        }
    }

    private sealed record Used(string Prefix, DateTimeOffset At, string? From);

    [LoggerMessage(Level = LogLevel.Warning, Message = "When {Keys} keys were last used could not be written")]
    private partial void LogNotWritten(Exception exception, int keys);
}
