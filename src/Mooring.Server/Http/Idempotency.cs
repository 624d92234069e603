using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Server.Audit;

namespace Mooring.Server.Http;

/// <summary>
/// Honours <c>Idempotency-Key</c> on every POST that asks for a key of ours: the first request with it is handled, and
/// each repeat within 24 hours has the first one's answer (ADR 16).
/// </summary>
internal static class Idempotency
{
    public const string Header = "Idempotency-Key";
    internal const string Replayed = "Idempotency-Replayed";

    public static IApplicationBuilder UseIdempotencyKeys(this IApplicationBuilder app) => app.Use((context, next) =>
        HttpMethods.IsPost(context.Request.Method)
            && context.Request.Headers.ContainsKey(Header)
            && context.Features.Get<Caller>() is { } caller
                ? HandleAsync(context, caller, next)
                : next(context));

    private static async Task HandleAsync(HttpContext context, Caller caller, RequestDelegate next)
    {
        var services = context.RequestServices;
        var keys = services.GetRequiredService<IdempotencyKeys>();
        var key = KeyIn(context.Request);
        var hash = await HashAsync(context, caller);
        if (await services.GetRequiredService<IdempotencyBound>().WaitAsync(caller.UserId, key, context.RequestAborted)
            is { } wait)
        {
            await RefuseAsync(context, wait);
            return;
        }

        var (turn, row) = await keys.TakeAsync(caller.UserId, key, hash, context.RequestAborted);
        if (turn != Turn.Taken)
        {
            Instruments.Repeated(turn);
        }

        switch (turn)
        {
            case Turn.Taken:
                CrashPoint.Pass("request.key.taken");
                var once = new Once(keys, row, Trail.Of(context), services.GetRequiredService<ILogger<Once>>());
                context.Features.Set(once);
                await RunAsync(context, once, next);
                break;
            case Turn.Done:
                context.Response.StatusCode = row.Status!.Value;
                context.Response.ContentType = "application/json";
                context.Response.Headers[Replayed] = "true";
                await context.Response.WriteAsync(row.Answer!, context.RequestAborted);
                break;
            case Turn.Running:
                var running = new RequestStillRuns(key);
                context.Response.Headers.RetryAfter = "1";
                await ErrorResponses.WriteAsync(context, ErrorMap.StatusOf(running), running.Message);
                break;
            default:
                throw new InvalidRequestException([new Fault(
                    ["header", Header], "was used for another request: each request needs a key of its own")]);
        }
    }

    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        Instruments.Refused("idempotency_keys");
        var limits = context.RequestServices.GetRequiredService<MooringOptions>().Limits;
        var refusal = new TooManyIdempotencyKeys(limits.IdempotencyKeysPerUser);
        context.Response.Headers.RetryAfter =
            Math.Ceiling(wait.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
        return ErrorResponses.WriteAsync(context, ErrorMap.StatusOf(refusal), refusal.Message);
    }

    private static async Task RunAsync(HttpContext context, Once once, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (!once.IsFinished)
            {
                // It threw: what it did is undone. Whoever has stored an answer keeps it.
                await once.GiveUpAsync();
            }
        }
    }

    private static string KeyIn(HttpRequest request) =>
        request.Headers[Header] is [{ Length: > 0 and <= IdempotencyKeys.CharactersAtMost } key]
        && key.All(character => character is > ' ' and < '\x7f')
            ? key
            : throw new InvalidRequestException(
                [new Fault(
                    ["header", Header],
                    $"must be given once, with 1 to {IdempotencyKeys.CharactersAtMost} visible characters of ASCII")]);

    /// <summary>
    /// Reads the body, which is put back for whoever binds it, and hashes what makes a request the same: its method,
    /// address and body, and for whom it is sent: a team's key means another account by the same words, and what a key
    /// may do decides what is made without a choice.
    /// </summary>
    private static async Task<byte[]> HashAsync(HttpContext context, Caller caller)
    {
        var request = context.Request;
        var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (IOException exception)
        {
            throw RequestJson.Unreadable(exception);
        }

        request.Body = body;
        body.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Both forms of an address are one request's.
        hash.AppendData(Encoding.UTF8.GetBytes(
            $"{request.Method} {request.Path.Value!.TrimEnd('/')}{request.QueryString}\n"
            + $"{caller.AccountId} {caller.Permissions}\n"));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        return hash.GetHashAndReset();
    }
}
