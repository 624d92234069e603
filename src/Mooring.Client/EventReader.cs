using System.Globalization;
using System.Text.Json;
using Mooring.Contract.Native;

namespace Mooring.Client;

/// <summary>What a stream has sent last: where it stands, and what happened, if anything.</summary>
/// <param name="Position">To come back to; null where it did not say.</param>
/// <param name="Event">What happened; null where it only says that it is there.</param>
internal readonly record struct Sent(long? Position, LiveEvent? Event);

/// <summary>
/// Reads a stream of server-sent events (WHATWG HTML, section 9.2). Sample:
/// <code>
/// retry: 2000
///
/// id: 41
///
/// : still here
///
/// id: 42
/// data: {"number":42,"kind":"disk","resourceId":"0199…","at":"2026-11-25T02:45:28.000000","what":"READY",…}
/// </code>
/// </summary>
internal sealed class EventReader(HttpResponseMessage response, Stream stream, TimeProvider time) : IDisposable
{
    public const string ContentType = "text/event-stream";

    // The server says something every 15 seconds; whoever is silent for three times that is gone.
    private static readonly TimeSpan SilenceMost = TimeSpan.FromSeconds(45);

    private readonly StreamReader _lines = new(stream);

    /// <summary>What comes next; null where the stream has ended, broken off or fallen silent.</summary>
    /// <exception cref="MooringResponseException">What came is no event.</exception>
    public async Task<Sent?> NextAsync(CancellationToken ct)
    {
        long? position = null;
        string? data = null;
        while (await ReadLineAsync(ct) is { } line)
        {
            // Only this ends what was sent: what breaks off before it counts for nothing.
            if (line.Length == 0)
            {
                return new Sent(position, data is null ? null : Read(data));
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].TrimStart(' '));
            // Else a comment, or what later servers may add.
            if (name == "id" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                position = id;
            }
            else if (name == "data")
            {
                data = data is null ? value : $"{data}\n{value}";
            }
        }

        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }

    private async Task<string?> ReadLineAsync(CancellationToken ct)
    {
        using var silence = new CancellationTokenSource(SilenceMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        try
        {
            return await _lines.ReadLineAsync(either.Token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static LiveEvent Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ApiTransport.Json.LiveEvent)
                ?? throw new MooringResponseException("A stream of events has sent null.");
        }
        catch (JsonException e)
        {
            throw new MooringResponseException($"A stream of events has sent what can't be read ({e.Message}).", e);
        }
    }
}
