using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Mooring.Providers.RunPod;

/// <summary>
/// Requests to RunPod and what came of each. A request is sent once: whoever asked decides whether to ask again, as a
/// repeated POST makes a second volume that costs.
/// </summary>
internal sealed partial class RunPodHttp : IDisposable
{
    private readonly HttpClient _client;
    private readonly byte[] _key;
    private readonly RateLimits _limits;
    private readonly RunPodOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turns;

    /// <param name="options">How RunPod is reached.</param>
    /// <param name="apiKey">The account's key.</param>
    /// <param name="handler">What carries requests; disposed with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where requests are told of.</param>
    public RunPodHttp(
        RunPodOptions options, string apiKey, HttpMessageHandler handler, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _limits = new RateLimits(time);
        _turns = new SemaphoreSlim(options.RequestsAtOnce);
        _key = Encoding.UTF8.GetBytes(apiKey);
        _client = new HttpClient(handler)
        {
            BaseAddress = new Uri(options.BaseAddress.AbsoluteUri.TrimEnd('/') + "/"),
            // Ours is on the clock that was handed in.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = options.AnswerBytesMax,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _client.DefaultRequestHeaders.Accept.ParseAdd("application/json, application/problem+json");
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("mooring");
    }

    /// <summary>The object or list at this path.</summary>
    public async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class =>
        Parse(await SendAsync(HttpMethod.Get, path, null, ct), type, isChange: false);

    /// <summary>The object at this path; null where RunPod says that there is none.</summary>
    public async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        var reply = await SendAsync(HttpMethod.Get, path, null, ct);
        return reply.Status == 404 ? null : Parse(reply, type, isChange: false);
    }

    /// <summary>Makes something, and gives what RunPod says that it made.</summary>
    public async Task<TMade> MakeAsync<TOrder, TMade>(
        string path, TOrder order, JsonTypeInfo<TOrder> orderType, JsonTypeInfo<TMade> madeType, CancellationToken ct)
        where TMade : class
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(order, orderType);
        return Parse(await SendAsync(HttpMethod.Post, path, body, ct), madeType, isChange: true);
    }

    /// <summary>Removes what is at this path. What is not there any more is removed.</summary>
    public async Task RemoveAsync(string path, CancellationToken ct)
    {
        // With a body, if an empty one: the client sends what has none again by itself when a connection ends early.
        var reply = await SendAsync(HttpMethod.Delete, path, [], ct);
        // Success is 204 without a body, which is not read.
        if (!reply.IsSuccess && reply.Status != 404)
        {
            throw RunPodErrors.From(reply, isChange: true);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _turns.Dispose();
    }

    private static T Parse<T>(Reply reply, JsonTypeInfo<T> type, bool isChange)
        where T : class
    {
        if (!reply.IsSuccess)
        {
            throw RunPodErrors.From(reply, isChange);
        }

        try
        {
            return JsonSerializer.Deserialize(reply.Body.Span, type)
                ?? throw RunPodErrors.Unreadable(reply, isChange, null);
        }
        catch (JsonException unreadable)
        {
            throw RunPodErrors.Unreadable(reply, isChange, unreadable);
        }
    }

    private async Task<Reply> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken ct)
    {
        // Before its time begins to count: what waits for its turn is not late.
        await _turns.WaitAsync(ct);
        try
        {
            return _limits.Wait() is { } wait
                ? throw new ThrottledException("RunPod's rate limit is used up; no call was made.", wait)
                : await SendInTurnAsync(method, path, body, ct);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<Reply> SendInTurnAsync(HttpMethod method, string path, byte[]? body, CancellationToken ct)
    {
        var isChange = method != HttpMethod.Get;
        var limit = isChange ? _options.ChangeTimeout : _options.ReadTimeout;
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType =
                body.Length > 0 ? new MediaTypeHeaderValue("application/json") : null;
        }

        using var late = new CancellationTokenSource(limit, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            // Completes when the whole body is here.
            using var response = await _client.SendAsync(request, end.Token);
            var content = await response.Content.ReadAsByteArrayAsync(end.Token);
            Note(method, path, response);
            return new Reply(
                (int)response.StatusCode,
                response.IsSuccessStatusCode ? content : WithoutKey(content),
                RetryAfterOf(response));
        }
        catch (OperationCanceledException cancelled) when (!ct.IsCancellationRequested)
        {
            throw RunPodErrors.Late(limit, isChange, cancelled);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException)
        {
            // The latter as it is, where a connection breaks at once after it was made.
            // A connection that ends because the caller gave up is no failure of RunPod's.
            ct.ThrowIfCancellationRequested();
            throw RunPodErrors.From(failure, isChange);
        }
    }

    private void Note(HttpMethod method, string path, HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("RateLimit", out var limits))
        {
            _limits.Note(string.Join(", ", limits));
        }

        var id = response.Headers.TryGetValues("x-request-id", out var ids) ? string.Join(", ", ids) : "none";
        LogAnswered(_logger, method.Method, path, (int)response.StatusCode, id);
    }

    // Words of RunPod's reach the user: should it repeat the key that it was sent, they don't.
    private byte[] WithoutKey(byte[] content) => content.AsSpan().IndexOf(_key) < 0
        ? content
        : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(Encoding.UTF8.GetString(_key), "***"));

    // Whole seconds, by its documentation; a date is understood too.
    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path}: HTTP {Status}, request id {RequestId}")]
    private static partial void LogAnswered(ILogger logger, string method, string path, int status, string requestId);
}
