using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Json;

namespace Mooring.Client.Tests;

/// <summary>A request as it came in.</summary>
internal sealed record Seen(string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>
/// A real Kestrel on a free loopback port that answers as each test says and remembers what it was asked.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private LoopbackServer(WebApplication app, TimeSpan timeLimit)
    {
        _app = app;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = timeLimit,
        };
    }

    public ConcurrentQueue<Seen> Requests { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public MooringClient Client => ClientAt(Address);

    public static async Task<LoopbackServer> StartAsync(RequestDelegate answer, TimeSpan? timeLimit = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new LoopbackServer(builder.Build(), timeLimit ?? TimeSpan.FromSeconds(30));
        server._app.Run(async context =>
        {
            server.Requests.Enqueue(await ReadAsync(context.Request));
            await answer(context);
        });
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public MooringClient ClientAt(Uri address) => new(_http, address, "mrg_test.key");

    public static Task AnswerAsync<T>(HttpContext context, T value, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value, typeof(T), ContractJson.Default));
    }

    public static Task AnswerTextAsync(HttpContext context, string body, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task<Seen> ReadAsync(HttpRequest request)
    {
        using var body = new StreamReader(request.Body, Encoding.UTF8);
        return new Seen(
            request.Method,
            request.Path + request.QueryString,
            await body.ReadToEndAsync(),
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()));
    }
}
