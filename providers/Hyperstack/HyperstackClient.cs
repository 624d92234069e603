using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mooring.Providers.Hyperstack;

/// <summary>What the cloud answered to a change.</summary>
/// <param name="Verdict">Whether it accepted.</param>
/// <param name="Body">The answer, if it did.</param>
/// <param name="Words">Its words, if it did not.</param>
internal sealed record Outcome<T>(Verdict Verdict, T? Body, string Words)
    where T : class;

/// <summary>
/// Requests to the API, each sent once and never again: whoever calls decides, after a look, whether to ask anew. That
/// holds for GETs too, as some of them change something (start, stop, hibernate).
/// </summary>
internal sealed class HyperstackClient : IDisposable
{
    private const long AnswerBytesMax = 16 << 20;

    private readonly HyperstackOptions _options;
    private readonly string _apiKey;
    private readonly Uri _base;
    private readonly Pace _pace;
    private readonly TimeProvider _time;
    private readonly HttpClient _reads;
    private readonly HttpClient _changes;

    /// <param name="options">Where and how.</param>
    /// <param name="apiKey">The account's key.</param>
    /// <param name="handler">What sends requests instead of the network; for tests. Not disposed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pace">What it shares with other accounts; null for one of its own.</param>
    public HyperstackClient(
        HyperstackOptions options, string apiKey, HttpMessageHandler? handler, TimeProvider time, Pace? pace = null)
    {
        _options = options;
        _apiKey = apiKey;
        _time = time;
        _base = new Uri(options.BaseAddress.AbsoluteUri.TrimEnd('/') + "/");
        _pace = pace ?? Pace.By(options, time);
        _reads = Open(handler, TimeSpan.FromMinutes(2));
        // A connection that was used before may have been closed by the other side meanwhile, and what was never read
        // there would be a change of unknown outcome. So a change gets a fresh connection.
        _changes = Open(handler, TimeSpan.Zero);
    }

    /// <summary>A GET that changes nothing.</summary>
    /// <exception cref="ProviderException">It can't be read, and nothing is known.</exception>
    public async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        var answer = await SendAsync(HttpMethod.Get, path, null, changes: false, ct);
        return answer.IsSuccess && Understand(answer, type, changes: false) is { } body
            ? body
            : throw HyperstackErrors.Of(answer, changes: false, _options.ThrottlePause);
    }

    /// <summary>A request that changes something, whatever its method.</summary>
    /// <exception cref="ProviderException">It was refused, or its outcome is not known.</exception>
    public async Task<Outcome<T>> ChangeAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken ct)
        where T : Envelope
    {
        var answer = await SendAsync(method, path, body, changes: true, ct);
        if (answer.IsSuccess && Understand(answer, type, changes: true) is { } done)
        {
            return new Outcome<T>(Verdict.Done, done, "");
        }

        return HyperstackErrors.VerdictOf(answer) is { } verdict
            ? new Outcome<T>(verdict, null, HyperstackErrors.WordsOf(answer))
            : throw HyperstackErrors.Of(answer, changes: true, _options.ThrottlePause);
    }

    /// <summary>A request's body.</summary>
    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type)
    {
        // Whole and with its length, so that nothing is sent in chunks.
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public void Dispose()
    {
        _reads.Dispose();
        _changes.Dispose();
    }

    // The answer, or null where it says "status: false".
    private static T? Understand<T>(Answer answer, JsonTypeInfo<T> type, bool changes)
        where T : class
    {
        try
        {
            var body = JsonSerializer.Deserialize(answer.Body, type) ?? throw HyperstackErrors.OfNonsense(changes);
            return body switch
            {
                Envelope { Status: false } => null,
                Envelope { Status: null } => throw HyperstackErrors.OfNonsense(changes),
                _ => body,
            };
        }
        catch (JsonException nonsense)
        {
            throw HyperstackErrors.OfNonsense(changes, nonsense);
        }
    }

    private async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? body, bool changes, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(_base, path))
        {
            // SocketsHttpHandler sends a request without a body again, up to three times, if the connection ends before
            // the answer begins. A body, be it empty, keeps it from that: a change is sent once.
            Content = body ?? (changes ? new ByteArrayContent([]) : null),
        };
        request.Headers.Add("api_key", _apiKey);
        await _pace.TakeAsync(ct);
        using var deadline = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await (changes ? _changes : _reads).SendAsync(request, either.Token);
            // It is UTF-8 whatever it calls itself: a character set that nobody knows would be an exception of its own.
            var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(either.Token));
            return new Answer(response.StatusCode, Hide(text), RetryAfterOf(response));
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw HyperstackErrors.OfLoss(late, changes);
        }
        catch (Exception lost) when (lost is HttpRequestException or SocketException)
        {
            // The latter as it is, where a connection breaks at once after it was made.
            throw HyperstackErrors.OfLoss(lost, changes);
        }
    }

    // Nobody says that the cloud repeats our key in its words, but if it did, they would be shown.
    private string Hide(string text) => text.Replace(_apiKey, "…", StringComparison.Ordinal);

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } when delta > TimeSpan.Zero => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };

    private static HttpClient Open(HttpMessageHandler? handler, TimeSpan connectionLifetime) =>
        new(handler ?? Network(connectionLifetime), disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };

    private static SocketsHttpHandler Network(TimeSpan connectionLifetime) => new()
    {
        // The key must not follow a redirection to somebody else; an API has none, so that a 3xx is a failure.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = connectionLifetime,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    };
}
