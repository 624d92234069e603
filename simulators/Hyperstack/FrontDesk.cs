using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Mooring.Simulators.Hyperstack;

/// <summary>
/// Where every request comes in: counted, held against the rate limit and the key, befallen by a fault, done alone, and
/// answered.
/// </summary>
internal sealed class FrontDesk(
    SimulatorOptions options, Account account, FaultBook faults, TimeProvider time, CancellationToken closing)
{
    private const int BodyMax = 1 << 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _calls = [];
    private DateTimeOffset _windowEnds = DateTimeOffset.MinValue;
    private int _callsInWindow;
    private int _held;

    /// <summary>Calls that a fault has held up, since the start.</summary>
    public int CallsHeld => Volatile.Read(ref _held);

    public Books ReadBooks()
    {
        lock (account.Gate)
        {
            var now = time.GetUtcNow();
            account.Settle(now);
            return new Books(
                account.BookVolumes(now),
                account.BookMachines(now),
                new SortedDictionary<string, long>(_calls, StringComparer.Ordinal),
                [.. faults.Met]);
        }
    }

    /// <summary>Does something with the account that is no call.</summary>
    public void Do(Action<Account, DateTimeOffset> act)
    {
        lock (account.Gate)
        {
            var now = time.GetUtcNow();
            account.Settle(now);
            act(account, now);
        }
    }

    public async Task HandleAsync(HttpContext http, Route route)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, closing);
        var (fault, faultTime, early) = LetIn(http, route);
        if (early is not null || fault is null)
        {
            await AnswerAsync(http, early ?? await DoAsync(http, route, null, TimeSpan.Zero, either.Token));
            return;
        }

        switch (fault.Kind)
        {
            case FaultKind.LostRequest:
                http.Abort();
                break;
            case FaultKind.Late:
                await PutOffAsync(http, route, fault, faultTime, either.Token);
                http.Abort();
                break;
            case FaultKind.LostReply:
                await DoAsync(http, route, fault, faultTime, either.Token);
                http.Abort();
                break;
            case FaultKind.Hang:
                await HoldAsync(faultTime, either.Token);
                await AnswerAsync(http, await DoAsync(http, route, fault, faultTime, either.Token));
                break;
            case FaultKind.SlowReply:
                var done = await DoAsync(http, route, fault, faultTime, either.Token);
                await HoldAsync(faultTime, either.Token);
                await AnswerAsync(http, done);
                break;
            case FaultKind.Unreachable:
                // What stands before the API answers, and not in its words.
                await AnswerAsync(http, 503, "<html><body>503 Service Unavailable</body></html>", "text/html");
                break;
            default:
                await AnswerAsync(
                    http, Refusal(fault, http) ?? await DoAsync(http, route, fault, faultTime, either.Token));
                break;
        }
    }

    // Counted once the clock is asked: whoever waits for that may turn the clock then.
    private Task HoldAsync(TimeSpan duration, CancellationToken ct)
    {
        var held = Task.Delay(duration, time, ct);
        Interlocked.Increment(ref _held);
        return held;
    }

    // Counts the call, and says what becomes of it before anything is done.
    private (Fault? Fault, TimeSpan Time, Reply? Early) LetIn(HttpContext http, Route route)
    {
        lock (account.Gate)
        {
            var now = time.GetUtcNow();
            _calls[route.Name] = _calls.GetValueOrDefault(route.Name) + 1;
            if (now >= _windowEnds)
            {
                (_windowEnds, _callsInWindow) = (now + Window, 0);
            }

            if (++_callsInWindow > options.CallsPerMinute)
            {
                return (null, TimeSpan.Zero, TooMany());
            }

            var key = http.Request.Headers["api_key"].ToString();
            if (key.Length == 0 || (options.ApiKey is not null && key != options.ApiKey))
            {
                return (null, TimeSpan.Zero, Unauthorized());
            }

            var fault = faults.Meet(route.Name, now);
            return (fault, fault is null ? TimeSpan.Zero : faults.TimeOf(fault), null);
        }
    }

    private static Reply? Refusal(Fault fault, HttpContext http)
    {
        if (fault is { Kind: FaultKind.Throttled, RetryAfterSeconds: { } seconds })
        {
            http.Response.Headers.RetryAfter = $"{seconds}";
        }

        return fault.Kind switch
        {
            FaultKind.Refused => Reply.Refuse(fault.Words ?? "Insufficient balance to create the resource"),
            FaultKind.StatusFalse =>
                new Reply(200, Reply.Refuse(fault.Words ?? "We can process with only available volumes.").Body),
            FaultKind.OutOfStock when http.Request.Method == "POST" =>
                Reply.Refuse(fault.Words ?? "There is not enough capacity for this resource now."),
            FaultKind.ServerError => new Reply(500, new JsonObject { ["message"] = "Internal Server Error" }),
            FaultKind.Throttled => TooMany(),
            FaultKind.Unauthorized => Unauthorized(),
            _ => null,
        };
    }

    private static Reply TooMany() => Reply.Error(429, "Too many requests.");

    private static Reply Unauthorized() => Reply.Error(401, "The API key is not valid.", "unauthorized");

    private async Task<Reply> DoAsync(
        HttpContext http, Route route, Fault? fault, TimeSpan faultTime, CancellationToken ct)
    {
        if (await ReadBodyAsync(http, ct) is not { } body)
        {
            return Reply.Refuse("The body is no JSON object.");
        }

        var path = PathOf(http);
        lock (account.Gate)
        {
            var now = time.GetUtcNow();
            account.Settle(now);
            return route.Do(new Call(account, now, fault, faultTime, body, http.Request.Query, path));
        }
    }

    private async Task PutOffAsync(
        HttpContext http, Route route, Fault fault, TimeSpan faultTime, CancellationToken ct)
    {
        if (await ReadBodyAsync(http, ct) is { } body)
        {
            var (query, path) = (http.Request.Query, PathOf(http));
            Do((_, now) => account.Later(
                now + faultTime, at => route.Do(new Call(account, at, fault, faultTime, body, query, path))));
        }
    }

    private static Dictionary<string, string> PathOf(HttpContext http) =>
        http.Request.RouteValues.ToDictionary(value => value.Key, value => value.Value?.ToString() ?? "");

    private static async Task<JsonObject?> ReadBodyAsync(HttpContext http, CancellationToken ct)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(ct);
        if (text.Length is 0 or > BodyMax)
        {
            return text.Length == 0 ? [] : null;
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task AnswerAsync(HttpContext http, Reply reply) =>
        AnswerAsync(http, reply.Status, reply.Body.ToJsonString(), "application/json");

    private static async Task AnswerAsync(HttpContext http, int status, string body, string type)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
