using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Mooring.Contract.V1;
using Mooring.Server.Http;

namespace Mooring.Server.Logins;

/// <summary>
/// <c>/api/v1/auth_challenge</c> (contract, section 10): what <c>prime login</c> speaks. Nobody is asked for a key
/// here; the page in a browser that it opens is not served: the code is approved on the command line.
/// </summary>
internal static partial class LoginEndpoints
{
    private const string RetryAfterSeconds = "600";

    public static IEndpointRouteBuilder MapLogins(this IEndpointRouteBuilder routes)
    {
        var logins = routes.MapGroup("/api/v1/auth_challenge").NeedsNoKey();
        logins.MapPost("/generate", GenerateAsync)
            .Describe("generateChallenge", "Asks for a key without having one: gives the code that is approved.")
            .Refuses(typeof(TooManyLoginRequests));
        logins.MapGet("/status", ReadAsync)
            .Describe("readChallenge", "The key that was asked for, sealed; null until somebody approves it.")
            .Refuses(typeof(LoginRequestNotFound))
            .WithQuery(QueryParameter.Text("challenge", "The code, as the answer that made it has it."));
        return routes;
    }

    private static async Task<Answer<Challenge>> GenerateAsync(
        JsonBody<GenerateChallengeRequest> body,
        HttpContext context,
        LoginRequests logins,
        ILogger<LoginRequests> logger,
        CancellationToken ct)
    {
        byte[] key = [];
        var faults = new Faults();
        if (body.Value.EncryptionPublicKey is not { } pem)
        {
            faults.Add("body.encryptionPublicKey", "is required");
        }
        else if (SealingKey.FaultOf(pem, out key) is { } fault)
        {
            faults.Add("body.encryptionPublicKey", fault);
        }

        faults.Throw();
        var from = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var asked = await logins.AskAsync(
            key, from, context.Request.Headers.UserAgent is [{ Length: > 0 } agent] ? agent : null, ct);
        if (asked.Failed)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return asked.Error;
        }

        LogAsked(logger, asked.Value.Id, from);
        if (asked.Value.GaveWay is { } gone)
        {
            LogGaveWay(logger, gone, asked.Value.Id);
        }

        return new Challenge { Code = asked.Value.Code, StatusAuthToken = asked.Value.Token };
    }

    private static async Task<Answer<ChallengeStatus>> ReadAsync(
        HttpContext context, LoginRequests logins, CancellationToken ct)
    {
        var query = new Query(context);
        var code = query.Text("challenge");
        query.Throw();
        if (code is null || KeyAuthentication.SecretIn(context.Request) is not { } token)
        {
            return new LoginRequestNotFound();
        }

        var collected = await logins.CollectAsync(code, token, ct);
        context.Response.Headers.CacheControl = "no-store";
        return collected.Failed
            ? collected.Error
            : new ChallengeStatus(collected.Value is { } key ? Convert.ToBase64String(key) : null);
    }

    // Never the code: whoever approves has it from the asker.
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Login request {LoginRequest} came from {Address}; "
            + "'mooring login-requests approve CODE' approves it")]
    private static partial void LogAsked(ILogger logger, string loginRequest, IPAddress address);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Login request {LoginRequest} gave way to {Newcomer}: as many were waiting as there may be, and its "
            + "network had most of them")]
    private static partial void LogGaveWay(ILogger logger, string loginRequest, string newcomer);
}
