using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Json;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests;

/// <summary>A request as it came in: method and path with the query, and the body.</summary>
internal sealed record Asked(string Route, string Body, string? Authorization);

/// <summary>
/// A real Kestrel on a free loopback port that answers each route as a test says and remembers what it was asked. What
/// no test speaks of is 404, in the server's form.
/// </summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new();

    private StubServer(WebApplication app) => _app = app;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The requests that change something.</summary>
    public IEnumerable<string> Changes => Requests
        .Select(asked => asked.Route)
        .Where(route => !route.StartsWith("GET ", StringComparison.Ordinal));

    public static async Task<StubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new StubServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers a route (method and path without the query), the last answer again and again.</summary>
    public void On<T>(string route, params T[] answers)
    {
        var left = new ConcurrentQueue<T>(answers);
        On(route, context => WriteAsync(
            context, left.Count > 1 && left.TryDequeue(out var next) ? next : left.First(), StatusCodes.Status200OK));
    }

    public void On(string route, Func<HttpContext, Task> answer) => _answers[route] = answer;

    public void Refuse(string route, int status, string detail) =>
        On(route, context => WriteAsync(context, new ErrorBody(detail), status));

    public void HasDisks(params Disk[] disks)
    {
        On("GET /api/v1/disks/", new DiskList { TotalCount = disks.Length, Data = disks, Limit = 200, Offset = 0 });
        foreach (var disk in disks)
        {
            On($"GET /api/v1/disks/{disk.Id}", disk);
        }
    }

    public void HasPods(params Pod[] pods)
    {
        On("GET /api/v1/pods/", new ListPage<Pod> { TotalCount = pods.Length, Data = pods, Limit = 100, Offset = 0 });
        foreach (var pod in pods)
        {
            On($"GET /api/v1/pods/{pod.Id}", pod);
        }
    }

    public void OffersDisks(params DiskOffer[] offers) =>
        On("GET /api/v1/availability/disks", new OfferPage<DiskOffer>(offers, offers.Length));

    public void OffersPods(params GpuOffer[] offers) =>
        On("GET /api/v1/availability/gpus", new OfferPage<GpuOffer>(offers, offers.Length));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        using var body = new StreamReader(request.Body, Encoding.UTF8);
        Requests.Enqueue(new Asked(
            $"{request.Method} {request.Path}{request.QueryString}",
            await body.ReadToEndAsync(context.RequestAborted),
            request.Headers.Authorization));
        await (_answers.TryGetValue($"{request.Method} {request.Path}", out var answer)
            ? answer(context)
            : WriteAsync(context, new ErrorBody($"There is no {request.Path}."), StatusCodes.Status404NotFound));
    }

    private static Task WriteAsync<T>(HttpContext context, T value, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value, typeof(T), ContractJson.Wire));
    }
}
