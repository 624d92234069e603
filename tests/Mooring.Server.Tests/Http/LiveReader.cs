using System.Globalization;
using System.Text.Json.Nodes;

namespace Mooring.Server.Tests.Http;

/// <summary>What stands between two blank lines of a stream.</summary>
internal sealed record Frame(string? Id, string? Data, string? Comment, string? Retry);

/// <summary>Reads server-sent events as a browser does (WHATWG HTML, section 9.2.6).</summary>
internal sealed class LiveReader(Stream stream, IDisposable? response = null) : IDisposable
{
    public const string ContentType = "text/event-stream";
    private readonly StreamReader _lines = new(stream);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The id that a client would come back with.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>The next frame; null where the stream has ended.</summary>
    public async Task<Frame?> NextAsync()
    {
        var frame = new Frame(null, null, null, null);
        while (await _lines.ReadLineAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Ct)
            is { } line)
        {
            if (line.Length == 0)
            {
                LastEventId = frame.Id ?? LastEventId;
                return frame;
            }

            var (name, value) = line.Split(':', 2) is [var before, var after]
                ? (before, after.TrimStart(' '))
                : (line, "");
            frame = name switch
            {
                "" => frame with { Comment = value },
                "id" => frame with { Id = value },
                "data" => frame with { Data = value },
                "retry" => frame with { Retry = value },
                _ => throw new InvalidOperationException($"A field that nobody knows: {line}"),
            };
        }

        return null;
    }

    /// <summary>The next event; what has no data is passed over.</summary>
    public async Task<JsonObject> NextEventAsync()
    {
        while (true)
        {
            var frame = (await NextAsync()).ShouldNotBeNull("the stream has ended");
            if (frame.Data is not null)
            {
                var happened = JsonNode.Parse(frame.Data)!.AsObject();
                frame.Id.ShouldBe(happened["number"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture));
                return happened;
            }
        }
    }

    /// <summary>What happens next, as its names on the wire.</summary>
    public async Task<IReadOnlyList<string>> NextAsync(int count)
    {
        List<string> what = [];
        while (what.Count < count)
        {
            what.Add((await NextEventAsync())["what"]!.GetValue<string>());
        }

        return what;
    }

    public void Dispose()
    {
        _lines.Dispose();
        response?.Dispose();
    }
}
