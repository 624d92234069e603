using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mooring.Contract.Json;

namespace Mooring.Client;

/// <summary>
/// One request, one answer: headers, JSON, and every failure turned into a <see cref="MooringException"/>.
/// </summary>
internal sealed class ApiTransport
{
    /// <summary>
    /// The contract's JSON, strict about nulls: a null where the contract allows none is the server's fault and told
    /// as such, instead of surfacing in the caller's code later.
    /// </summary>
    public static readonly ContractJson Json =
        new(new JsonSerializerOptions(ContractJson.Default.Options) { RespectNullableAnnotations = true });

    // A first request that still runs is waited for so often, and each time no longer than so.
    private const int TriesAtMost = 5;
    private static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(5);

    private static readonly ProductInfoHeaderValue UserAgent =
        new("mooring-client", typeof(ApiTransport).Assembly.GetName().Version!.ToString(3));

    private readonly HttpClient _http;
    private readonly Uri _routes;
    private readonly AuthenticationHeaderValue _authorization;

    public ApiTransport(HttpClient http, Uri server, string apiKey)
    {
        _http = http;
        Root = RootOf(server);
        _routes = new Uri(Root, "api/v1/");

        // Checked here because the header's own complaint would quote the key.
        if (!IsVisibleAscii(apiKey))
        {
            throw new ArgumentException("An API key is visible ASCII characters without spaces.", nameof(apiKey));
        }

        _authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public Uri Root { get; }

    /// <summary>A value as one segment of a path.</summary>
    /// <exception cref="ArgumentException">It is empty, or would mean another folder.</exception>
    public static string Segment(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return id is "." or ".."
            ? throw new ArgumentException($"'{id}' is not an id.", nameof(id))
            : Uri.EscapeDataString(id);
    }

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        SendAsync(new Outgoing(HttpMethod.Get, path, null, null), answer, ct);

    /// <summary>A GET whose answer is text of another kind than JSON.</summary>
    public async Task<string> GetTextAsync(string path, string mediaType, CancellationToken ct)
    {
        using var request = NewMessage(HttpMethod.Get, path, mediaType);
        var (response, body) = await ExchangeAsync(request, ct);
        using (response)
        {
            return response.IsSuccessStatusCode
                ? System.Text.Encoding.UTF8.GetString(body!)
                : throw Refusal(response, body!);
        }
    }

    /// <summary>A POST without a body.</summary>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        SendAsync(new Outgoing(HttpMethod.Post, path, null, NewIdempotencyKey()), answer, ct);

    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        SendAsync(new Outgoing(HttpMethod.Delete, path, null, null), answer, ct);

    /// <summary>
    /// A request with a body. Where none is given, a POST gets an <c>Idempotency-Key</c> of its own, so that it can be
    /// sent once more when the connection breaks.
    /// </summary>
    public Task<T> SendAsync<TBody, T>(
        HttpMethod method,
        string path,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<T> answer,
        string? idempotencyKey,
        CancellationToken ct)
    {
        if (idempotencyKey is not null && (!IsVisibleAscii(idempotencyKey) || idempotencyKey.Length > 255))
        {
            throw new ArgumentException(
                "An idempotency key is 1 to 255 visible ASCII characters.", nameof(idempotencyKey));
        }

        return SendAsync(
            new Outgoing(
                method,
                path,
                JsonSerializer.SerializeToUtf8Bytes(body, bodyType),
                idempotencyKey ?? (method == HttpMethod.Post ? NewIdempotencyKey() : null)),
            answer,
            ct);
    }

    /// <summary>Opens a stream of server-sent events.</summary>
    /// <param name="path">The route.</param>
    /// <param name="lastEventId">Only what comes after this; null for what happens from now on.</param>
    /// <param name="time">The clock by which a stream that has fallen silent is given up.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<EventReader> OpenAsync(string path, long? lastEventId, TimeProvider time, CancellationToken ct)
    {
        using var request = NewMessage(HttpMethod.Get, path, EventReader.ContentType);
        if (lastEventId is { } last)
        {
            request.Headers.Add("Last-Event-ID", last.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var (response, body) = await ExchangeAsync(request, ct, HttpCompletionOption.ResponseHeadersRead);
        if (body is not null)
        {
            using (response)
            {
                throw response.IsSuccessStatusCode
                    ? Unreadable(new Outgoing(HttpMethod.Get, path, null, null), "it is no stream of events", null)
                    : Refusal(response, body);
            }
        }

        return new EventReader(response, await response.Content.ReadAsStreamAsync(ct), time);
    }

    private static string NewIdempotencyKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private async Task<T> SendAsync<T>(Outgoing outgoing, JsonTypeInfo<T> answer, CancellationToken ct)
    {
        var (response, body) = await PersistAsync(outgoing, ct);
        using (response)
        {
            return response.IsSuccessStatusCode ? Read(body!, answer, outgoing) : throw Refusal(response, body!);
        }
    }

    /// <summary>
    /// Sends a request, and once more if its connection broke and the server will not do it twice. If the first try
    /// still runs there, its answer is waited for.
    /// </summary>
    private async Task<(HttpResponseMessage Response, byte[]? Body)> PersistAsync(
        Outgoing outgoing, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var request = ToMessage(outgoing);
                var (response, body) = await ExchangeAsync(request, ct);
                if (tries is 1 or TriesAtMost
                    || response.StatusCode != HttpStatusCode.Conflict
                    || RetryAfter(response) is not { } wait)
                {
                    return (response, body);
                }

                response.Dispose();
                await Task.Delay(wait < WaitAtMost ? wait : WaitAtMost, TimeProvider.System, ct);
            }
            catch (MooringConnectionException broken)
                when (tries == 1 && outgoing.IdempotencyKey is not null && HadBegun(broken))
            {
                // What became of it is not known, and with the same key need not be.
            }
        }
    }

    // A server that can't be reached at all won't be a moment later either.
    private static bool HadBegun(MooringConnectionException broken) => broken.InnerException
        is SocketException
        or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown };

    private HttpRequestMessage ToMessage(Outgoing outgoing)
    {
        var request = NewMessage(outgoing.Method, outgoing.Path, "application/json");
        if (outgoing.Body is not null)
        {
            request.Content = new ByteArrayContent(outgoing.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (outgoing.IdempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", outgoing.IdempotencyKey);
        }

        return request;
    }

    private HttpRequestMessage NewMessage(HttpMethod method, string path, string accepted)
    {
        var request = new HttpRequestMessage(method, new Uri(_routes, path));
        request.Headers.Authorization = _authorization;
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accepted));
        return request;
    }

    // The body is null where it is a stream of events, and that was asked for.
    private async Task<(HttpResponseMessage Response, byte[]? Body)> ExchangeAsync(
        HttpRequestMessage request,
        CancellationToken ct,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, until, ct);
            if (until == HttpCompletionOption.ResponseHeadersRead
                && response.IsSuccessStatusCode
                && response.Content.Headers.ContentType?.MediaType == EventReader.ContentType)
            {
                return (response, null);
            }

            return (response, await response.Content.ReadAsByteArrayAsync(ct));
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // The latter as it is, where a connection breaks at once after it was made.
            response?.Dispose();
            throw new MooringConnectionException($"{Root} gave no answer: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            response?.Dispose();
            var limit = _http.Timeout.TotalSeconds;
            throw new MooringConnectionException($"{Root} gave no answer within {limit:0.###} s.", e);
        }
    }

    private T Read<T>(byte[] body, JsonTypeInfo<T> answer, Outgoing request)
    {
        try
        {
            return JsonSerializer.Deserialize(body, answer) ?? throw Unreadable(request, "null", null);
        }
        catch (JsonException e)
        {
            throw Unreadable(request, e.Message, e);
        }
    }

    private MooringResponseException Unreadable(Outgoing request, string why, Exception? inner) => new(
        $"The answer to {request.Method} {new Uri(_routes, request.Path).AbsolutePath} can't be read ({why}). "
        + $"Is {Root} a Mooring server?",
        inner);

    private static MooringApiException Refusal(HttpResponseMessage response, byte[] body)
    {
        var (words, faults) = ErrorDetail.Read(body);
        if (words.Length == 0)
        {
            words = ((int)response.StatusCode, response.Headers.Location) switch
            {
                ( >= 300 and < 400, { } elsewhere) => $"it points to {elsewhere}; use that address if you trust it",
                _ => response.ReasonPhrase is { Length: > 0 } reason ? reason : response.StatusCode.ToString(),
            };
        }

        return new MooringApiException(response.StatusCode, words, faults, RetryAfter(response));
    }

    // A date is measured from the answer's own date, so that no clock of ours has to agree with the server's.
    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } until } when response.Headers.Date is { } now => until - now,
            _ => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static bool IsVisibleAscii(string text) =>
        text.Length > 0 && text.All(character => character is >= '!' and <= '~');

    /// <summary>A request as often as it is sent: a message can be sent only once.</summary>
    private sealed record Outgoing(HttpMethod Method, string Path, byte[]? Body, string? IdempotencyKey);

    private static Uri RootOf(Uri server)
    {
        if (!server.IsAbsoluteUri
            || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps)
            || server.Query.Length > 0
            || server.Fragment.Length > 0
            || server.UserInfo.Length > 0)
        {
            throw new ArgumentException(
                "The server's address must be like http://127.0.0.1:7070, without user, query and fragment.",
                nameof(server));
        }

        const string routes = "/api/v1";
        var path = server.AbsolutePath.TrimEnd('/');
        path = path.EndsWith(routes, StringComparison.Ordinal) ? path[..^routes.Length] : path;
        return new UriBuilder(server) { Path = path.TrimEnd('/') + "/" }.Uri;
    }
}
