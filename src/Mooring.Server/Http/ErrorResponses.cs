using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mooring.Contract.Json;
using Mooring.Contract.V1;
using Mooring.Server.Audit;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>
/// Whatever goes wrong, and whoever finds it, the body has <c>detail</c> in words (contract, section 2): what the
/// framework would answer empty, what a binder threw, and what should never have happened.
/// </summary>
internal static partial class ErrorResponses
{
    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = HandleAsync,
            // An expected refusal is no fault of the server's, and is not logged as one.
            SuppressDiagnosticsCallback = context => IsExpected(context.Exception),
        });
        return app.UseStatusCodePages(context => WriteAsync(
            context.HttpContext, context.HttpContext.Response.StatusCode, WordsFor(context.HttpContext)));
    }

    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        Trail.Of(context).Refusal = detail;
        return WriteAsync(context, status, new ErrorBody(detail));
    }

    private static Task WriteAsync<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        context.Response.ContentType = "application/json";
        var type = (JsonTypeInfo<T>)ContractJson.Wire.GetTypeInfo(typeof(T))!;
        // Not under the request's cancellation, which may be what this tells of: a few bytes, and to a client that is
        // gone they are nothing.
        return JsonSerializer.SerializeAsync(context.Response.Body, body, type, CancellationToken.None);
    }

    private static async Task HandleAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        switch (exception)
        {
            case InvalidRequestException invalid:
                Trail.Of(context).Refusal = WordsOn(invalid.Faults);
                await WriteAsync(context, StatusCodes.Status422UnprocessableEntity, invalid.Body);
                break;
            case BadHttpRequestException bad:
                await WriteAsync(context, bad.StatusCode, bad.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge =>
                        "The body is too large. A request here has a few kilobytes.",
                    StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status401Unauthorized => bad.Message,
                    StatusCodes.Status408RequestTimeout => "The body did not arrive in time. Send the request again.",
                    _ => "The request is not well-formed HTTP or JSON.",
                });
                break;
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                break;
            case ProviderUnlistedException unlisted:
                context.Response.Headers.RetryAfter = "5";
                await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, unlisted.Message);
                break;
            case not null when RecordsUnavailableException.From(exception) is RecordsUnavailableException unavailable:
                context.Response.Headers.RetryAfter = "10";
                await WriteAsync(
                    context,
                    StatusCodes.Status503ServiceUnavailable,
                    $"The server's records can't be used now: {unavailable.Message}. Nothing was changed. "
                    + "Try again later, or tell the operator.");
                break;
            default:
                var logger =
                    context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorResponses));
                LogFault(logger, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                await WriteAsync(
                    context,
                    StatusCodes.Status500InternalServerError,
                    "A fault of the server's; nothing was left half done. "
                    + $"The operator finds it in the log as {context.TraceIdentifier}.");
                break;
        }
    }

    // For the audit trail: where a fault is, and what must be there instead, can be text of the body's.
    private static string WordsOn(IReadOnlyList<Fault> faults)
    {
        var parts = string.Join(", ", faults.Select(fault => fault.Where[0]).Distinct());
        return faults.Count == 1 ? $"1 fault in its {parts}." : $"{faults.Count} faults in its {parts}.";
    }

    private static bool IsExpected(Exception exception) =>
        exception is InvalidRequestException or ProviderUnlistedException or BadHttpRequestException
            or OperationCanceledException;

    private static string WordsFor(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound =>
            $"There is nothing at {context.Request.Path}. "
            + "The routes are in the documentation; they begin with /api/v1/ or /api/mooring/v1/.",
        StatusCodes.Status405MethodNotAllowed =>
            $"{context.Request.Method} is not possible at {context.Request.Path}. "
            + $"Allowed: {context.Response.Headers.Allow}.",
        StatusCodes.Status400BadRequest => "The request is not well-formed.",
        StatusCodes.Status415UnsupportedMediaType =>
            "Send the body as JSON, with the header 'Content-Type: application/json'.",
        var status => ReasonPhrases.GetReasonPhrase(status),
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed; the client was told {TraceIdentifier}")]
    private static partial void LogFault(ILogger logger, string method, string path, string traceIdentifier);
}
