using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Mooring.Simulators.RunPod;

/// <summary>What a call goes through: key, rate limit, faults, its handler, and what becomes of the answer.</summary>
internal sealed class Pipeline(Place place, TimeProvider time, CancellationToken stopping)
{
    private const int BodyBytesMax = 1024 * 1024;

    // Quotation marks in prose stay as they are.
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly RateMeter _meter = new(place.Options.RateLimits);
    private long _requests;

    /// <summary>What is to be done with a request, once the place has decided.</summary>
    private sealed record Outcome(Answer? Answer)
    {
        public TimeSpan Wait { get; init; }

        public Func<Answer>? AfterWait { get; init; }

        public FaultKind? Spoiled { get; init; }
    }

    /// <summary>What nothing is there for, and what can't be done with it, is told like any other failure.</summary>
    public static Task TellAsync(HttpContext http) => WriteAsync(
        http,
        Answer.Problem(
            http.Response.StatusCode,
            http.Response.StatusCode == 405 ? "This can't be done here." : "There is nothing here."),
        spoiled: null);

    public async Task ServeAsync(HttpContext http, string route, Func<Call, Answer> act)
    {
        http.Response.Headers["x-request-id"] = $"req-{Interlocked.Increment(ref _requests):x8}";
        if (await ReadAsync(http.Request) is not { } body)
        {
            await WriteAsync(http, Answer.Problem(413, "The body is too large."), null);
            return;
        }

        Outcome outcome;
        Task? wait = null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        lock (place.Gate)
        {
            outcome = Decide(http, route, body, act);
            if (outcome.Wait > TimeSpan.Zero)
            {
                // Before anybody can see in the books that this call waits, and turn the clock for it.
                wait = Task.Delay(outcome.Wait, time, end.Token);
            }
        }

        if (wait is not null)
        {
            try
            {
                await wait;
            }
            catch (OperationCanceledException)
            {
                http.Abort();
                return;
            }
        }

        var answer = outcome.Answer;
        if (outcome.AfterWait is { } later)
        {
            lock (place.Gate)
            {
                answer = later();
            }
        }

        if (answer is null)
        {
            http.Abort();
            return;
        }

        await WriteAsync(http, answer, outcome.Spoiled);
    }

    private Outcome Decide(HttpContext http, string route, ReadOnlyMemory<byte> body, Func<Call, Answer> act)
    {
        var now = time.GetUtcNow();
        place.Settle(now);
        var number = place.Count(route);
        if (RefusedAtTheDoor(http, now) is { } refusal)
        {
            return new Outcome(refusal);
        }

        var fault = place.Faults.Meet(route, number, now);
        var call = new Call(
            place, now, number, route, fault, http.Request.RouteValues["id"] as string, http.Request.Query, body);
        return fault is null ? new Outcome(act(call)) : Befall(call, fault, act);
    }

    private Answer? RefusedAtTheDoor(HttpContext http, DateTimeOffset now)
    {
        string? authorization = http.Request.Headers.Authorization;
        var key = authorization?.StartsWith("Bearer ", StringComparison.Ordinal) == true ? authorization[7..] : null;
        if (string.IsNullOrEmpty(key) || (place.Options.ApiKey is { } only && key != only))
        {
            return Answer.Problem(401, "The API key is missing or not valid.");
        }

        var wait = _meter.Take(now);
        _meter.Tell(http.Response.Headers, now);
        return wait is { } seconds
            ? Answer.Problem(429, "Too many requests.") with { RetryAfterSeconds = seconds }
            : null;
    }

    private Outcome Befall(Call call, Fault fault, Func<Call, Answer> act)
    {
        switch (fault.Kind)
        {
            case FaultKind.Refused:
                return new Outcome(Answer.Problem(fault.HttpStatus, fault.Words ?? "This is not done."));
            case FaultKind.Unauthorized:
                return new Outcome(Answer.Problem(401, fault.Words ?? "The API key is missing or not valid."));
            case FaultKind.Throttled:
                return new Outcome(Answer.Problem(429, fault.Words ?? "Too many requests.") with
                {
                    RetryAfterSeconds = fault.RetryAfterSeconds,
                });
            case FaultKind.Unreachable:
                return new Outcome(new Answer(503, null)) { Spoiled = FaultKind.Unreachable };
            case FaultKind.LostRequest:
                return new Outcome(Answer: null);
            case FaultKind.LostReply:
                act(call);
                return new Outcome(Answer: null);
            case FaultKind.Late:
                place.Later(call.Now + call.FaultTime(), at => act(call with { Now = at, Fault = null }));
                return new Outcome(Answer: null);
            case FaultKind.Duplicate:
                var first = act(call);
                act(call);
                return new Outcome(first);
            case FaultKind.Hang:
                return new Outcome(act(call)) { Wait = call.FaultTime() };
            case FaultKind.Stall:
                return new Outcome(Answer: null)
                {
                    Wait = call.FaultTime(),
                    AfterWait = () => act(call with { Now = time.GetUtcNow() }),
                };
            case FaultKind.Truncated or FaultKind.Garbage:
                return new Outcome(act(call)) { Spoiled = fault.Kind };
            default:
                // The handlers know the rest.
                return new Outcome(act(call));
        }
    }

    private static async Task WriteAsync(HttpContext http, Answer answer, FaultKind? spoiled)
    {
        var response = http.Response;
        response.StatusCode = spoiled == FaultKind.Garbage ? 200 : answer.Status;
        if (answer.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString();
        }

        var text = spoiled switch
        {
            FaultKind.Unreachable => "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>",
            FaultKind.Garbage => "{\"id\": \"2q9m7x",
            _ => answer.Body?.ToJsonString(Readable),
        };
        if (text is null)
        {
            return;
        }

        response.ContentType = spoiled == FaultKind.Unreachable ? "text/html"
            : answer.IsProblem ? "application/problem+json" : "application/json";
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength = bytes.Length;
        var length = spoiled == FaultKind.Truncated ? bytes.Length / 2 : bytes.Length;
        await response.Body.WriteAsync(bytes.AsMemory(0, length), http.RequestAborted);
        if (spoiled == FaultKind.Truncated)
        {
            await response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > BodyBytesMax)
            {
                return null;
            }
        }

        return buffer.ToArray();
    }
}
