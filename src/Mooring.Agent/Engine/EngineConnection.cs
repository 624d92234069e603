using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using Mooring.Providers;

namespace Mooring.Agent.Engine;

/// <summary>What kind of engine answers.</summary>
internal enum EngineKind
{
    Podman,
    Docker,
}

/// <summary>
/// The socket of a container engine. Podman speaks Docker's API nearly; where it does not, its own API is asked over
/// the same socket (<see cref="Libpod"/>). Every failure leaves as a <see cref="ProviderException"/>.
/// </summary>
internal sealed class EngineConnection : IDisposable
{
    // Podman 4 offers 1.41; every Docker since 20.10 and every later Podman accepts it.
    private static readonly System.Version ApiVersion = new(1, 41);
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ChangeLimit = TimeSpan.FromSeconds(60);
    private static readonly Uri Ping = new("http://engine/_ping");

    private readonly DockerClient _client;
    private readonly TimeProvider _time;
    private EngineKind? _kind;

    public EngineConnection(Uri endpoint, TimeProvider time)
    {
        _time = time;
        _client = new DockerClientBuilder().WithEndpoint(endpoint).WithApiVersion(ApiVersion).Build();
        Libpod = new HttpClient(new SocketsHttpHandler
        {
            // A connection to an engine that was replaced is of no use to its successor.
            PooledConnectionIdleTimeout = PingLimit,
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.AbsolutePath), ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        {
            BaseAddress = new Uri("http://engine/v4.0.0/libpod/"),
        };
    }

    /// <summary>Podman's own API; addresses are relative to its version's root.</summary>
    public HttpClient Libpod { get; }

    /// <summary>Whether it answers, within seconds.</summary>
    public async Task<bool> AnswersAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(PingLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            using var response = await Libpod.GetAsync(Ping, both.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            ct.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Which engine it is. Asked once: a socket does not change its engine's make.</summary>
    /// <exception cref="UnreachableException">It does not answer.</exception>
    public async Task<EngineKind> KindAsync(CancellationToken ct)
    {
        if (_kind is { } known)
        {
            return known;
        }

        var version = await ReadAsync(client => client.System.GetVersionAsync(ct), ct);
        var parts = version.Components ?? [];
        _kind = parts.Any(part => part.Name.Contains("Podman", StringComparison.OrdinalIgnoreCase))
            ? EngineKind.Podman
            : EngineKind.Docker;
        return _kind.Value;
    }

    /// <summary>What it says about itself.</summary>
    /// <exception cref="UnreachableException">It does not answer.</exception>
    public Task<SystemInfoResponse> InfoAsync(CancellationToken ct) =>
        ReadAsync(client => client.System.GetSystemInfoAsync(ct), ct);

    /// <summary>A call that changes nothing.</summary>
    /// <param name="call">The call.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="limit">
    /// How long it may take: an engine that hangs must not hang its callers. By default 30 s.
    /// </param>
    /// <param name="verb">What it is measured as; the caller's name.</param>
    /// <exception cref="UnreachableException">The engine does not answer, or failed.</exception>
    public async Task<T> ReadAsync<T>(
        Func<DockerClient, Task<T>> call,
        CancellationToken ct,
        TimeSpan? limit = null,
        [CallerMemberName] string verb = "")
    {
        using var measured = new EngineCall(verb, _time);
        try
        {
            return measured.Succeeded(await call(_client).WaitAsync(limit ?? ReadLimit, _time, ct));
        }
        catch (DockerApiException e) when (measured.IsNotFound(e))
        {
            throw;
        }
        catch (DockerApiException e)
        {
            throw new UnreachableException($"the container engine can't be read: {WordsOf(e)}", e);
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            measured.HadNoAnswer();
            ct.ThrowIfCancellationRequested();
            throw new UnreachableException("the container engine does not answer", e);
        }
    }

    /// <summary>A call that finds something, or null where the engine says that it is not there (404).</summary>
    /// <exception cref="UnreachableException">The engine does not answer, or failed.</exception>
    public async Task<T?> FindAsync<T>(
        Func<DockerClient, Task<T>> call, CancellationToken ct, [CallerMemberName] string verb = "")
        where T : class
    {
        try
        {
            return await ReadAsync(call, ct, verb: verb);
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>A call that changes something.</summary>
    /// <param name="what">What failed, if it fails, in words for the user.</param>
    /// <param name="call">The call.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="limit">How long it may take. By default 60 s.</param>
    /// <param name="verb">What it is measured as; the caller's name.</param>
    /// <exception cref="RefusedException">The engine refused, for good.</exception>
    /// <exception cref="UnknownOutcomeException">It broke off, or failed in a way that passes: look again.</exception>
    public async Task<T> ChangeAsync<T>(
        string what,
        Func<DockerClient, Task<T>> call,
        CancellationToken ct,
        TimeSpan? limit = null,
        [CallerMemberName] string verb = "")
    {
        using var measured = new EngineCall(verb, _time);
        try
        {
            return measured.Succeeded(await call(_client).WaitAsync(limit ?? ChangeLimit, _time, ct));
        }
        catch (DockerApiException e)
        {
            throw Refusal(what, WordsOf(e), e);
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            measured.HadNoAnswer();
            ct.ThrowIfCancellationRequested();
            throw new UnknownOutcomeException($"{what}: the container engine broke off", e);
        }
    }

    /// <inheritdoc cref="ChangeAsync{T}(string, Func{DockerClient, Task{T}}, CancellationToken, TimeSpan?, string)"/>
    public Task ChangeAsync(
        string what,
        Func<DockerClient, Task> call,
        CancellationToken ct,
        TimeSpan? limit = null,
        [CallerMemberName] string verb = "") => ChangeAsync(
        what,
        async client =>
        {
            await call(client);
            return true;
        },
        ct,
        limit,
        verb);

    /// <summary>What an engine's error means: most are for good, some pass.</summary>
    public static ProviderException Refusal(string what, string words, Exception? inner = null)
    {
        // Podman answers 500 to nearly everything; only its words tell these apart.
        string[] passing = ["already in use", "resource busy", "resource temporarily unavailable", "timed out",
            "timeout", "database is locked", "container state improper"];
        return passing.Any(sign => words.Contains(sign, StringComparison.OrdinalIgnoreCase))
            ? new UnknownOutcomeException($"{what}: {words}", inner)
            : new RefusedException($"{what}: {words}", inner);
    }

    /// <summary>Whether an exception means that no (complete) answer came, rather than an answer we dislike.</summary>
    public static bool IsConnectionFailure(Exception e) =>
        e is HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException
            // An answer that was cut off.
            or JsonException;

    public void Dispose()
    {
        _client.Dispose();
        Libpod.Dispose();
    }

    /// <summary>
    /// The engine's sentence out of its answer: <c>{"cause":…,"message":"no such image","response":404}</c>.
    /// </summary>
    public static string WordsOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? body : body;
        }
        catch (JsonException)
        {
            return body.Trim();
        }
    }

    private static string WordsOf(DockerApiException e) => WordsOf(e.ResponseBody ?? e.Message);
}
