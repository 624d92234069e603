using System.Net.Http.Headers;
using System.Net.Sockets;
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
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(_routes, path)), answer, ct);

    /// <summary>A GET whose answer is text of another kind than JSON.</summary>
    public async Task<string> GetTextAsync(string path, string mediaType, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_routes, path));
        return System.Text.Encoding.UTF8.GetString(await AskAsync(request, mediaType, ct));
    }

    /// <summary>A POST without a body.</summary>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(_routes, path)), answer, ct);

    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, new Uri(_routes, path)), answer, ct);

    public Task<T> SendAsync<TBody, T>(
        HttpMethod method,
        string path,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<T> answer,
        string? idempotencyKey,
        CancellationToken ct)
    {
        var request = new HttpRequestMessage(method, new Uri(_routes, path))
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (idempotencyKey is not null)
        {
            if (!IsVisibleAscii(idempotencyKey))
            {
                throw new ArgumentException("An idempotency key is visible ASCII characters.", nameof(idempotencyKey));
            }

            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(request, answer, ct);
    }

    /// <summary>Opens a stream of server-sent events.</summary>
    /// <param name="path">The route.</param>
    /// <param name="lastEventId">Only what comes after this; null for what happens from now on.</param>
    /// <param name="time">The clock by which a stream that has fallen silent is given up.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<EventReader> OpenAsync(string path, long? lastEventId, TimeProvider time, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_routes, path));
        request.Headers.Authorization = _authorization;
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(EventReader.ContentType));
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
                    ? Unreadable(request, "it is no stream of events", null)
                    : Refusal(response, body);
            }
        }

        return new EventReader(response, await response.Content.ReadAsStreamAsync(ct), time);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> answer, CancellationToken ct)
    {
        using (request)
        {
            return Read(await AskAsync(request, "application/json", ct), answer, request);
        }
    }

    /// <returns>The body of an answer that is no refusal.</returns>
    private async Task<byte[]> AskAsync(HttpRequestMessage request, string mediaType, CancellationToken ct)
    {
        request.Headers.Authorization = _authorization;
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        var (response, body) = await ExchangeAsync(request, ct);
        using (response)
        {
            return response.IsSuccessStatusCode ? body! : throw Refusal(response, body!);
        }
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

    private T Read<T>(byte[] body, JsonTypeInfo<T> answer, HttpRequestMessage request)
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

    private MooringResponseException Unreadable(HttpRequestMessage request, string why, Exception? inner) => new(
        $"The answer to {request.Method} {request.RequestUri!.AbsolutePath} can't be read ({why}). "
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
