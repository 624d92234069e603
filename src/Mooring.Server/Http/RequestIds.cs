using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mooring.Server.Http;

/// <summary>
/// Each request has an id: in the answer's <c>X-Request-Id</c>, in the words of a fault, and in every line that is
/// logged on its way. A client that sends one has it back, if it is a short token: what is in a log is nobody else's
/// choice.
/// </summary>
internal static partial class RequestIds
{
    private const string Header = "X-Request-Id";

    private static readonly Func<ILogger, string, IDisposable?> BeginScope =
        LoggerMessage.DefineScope<string>("Request {Request}");

    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestIds));
        return app.Use(async (context, next) =>
        {
            if (context.Request.Headers[Header] is [{ } wanted] && Token().IsMatch(wanted))
            {
                context.TraceIdentifier = wanted;
            }

            // At the answer's start, as a handler of faults takes back every header set before.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[Header] = context.TraceIdentifier;
                return Task.CompletedTask;
            });
            using var scope = BeginScope(logger, context.TraceIdentifier);
            await next(context);
        });
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{8,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
