using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace Mooring.Server.Http;

/// <summary>
/// No request runs for ever: past its time it is given up, and what it has not stored by then is undone. A route whose
/// answer goes on as long as somebody reads it says so with <c>DisableRequestTimeout</c>.
/// </summary>
internal static class TimeLimit
{
    private const int RetryAfterSeconds = 10;

    public static IServiceCollection AddTimeLimit(this IServiceCollection services, RequestLimits limits) =>
        services.AddRequestTimeouts(options =>
        {
            if (limits.RequestTime > TimeSpan.Zero)
            {
                options.DefaultPolicy = new RequestTimeoutPolicy
                {
                    Timeout = limits.RequestTime,
                    TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                    WriteTimeoutResponse = context => WriteAsync(context, limits.RequestTime),
                };
            }
        });

    public static IApplicationBuilder UseTimeLimit(this IApplicationBuilder app) => app
        .Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (context.Response.HasStarted)
            {
                // Somebody reads so slowly that the time is over: an answer that was cut must not look whole.
                context.Abort();
            }
        })
        .UseRequestTimeouts();

    private static Task WriteAsync(HttpContext context, TimeSpan limit)
    {
        Instruments.Refused("time");
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return ErrorResponses.WriteAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            $"The request took longer than {limit.TotalSeconds:0.###} s and was given up. Look whether it was done, or "
            + "send it again with the Idempotency-Key that it had.");
    }
}
