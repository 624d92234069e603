using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Server.Accounts;
using Mooring.Server.Inventory;

namespace Mooring.Server.Http;

/// <summary>
/// Who may read metrics: whoever is on this machine, or has a key that may read <c>admin</c>. They name statuses,
/// providers and routes, and no user's things.
/// </summary>
public static class MetricsAccess
{
    /// <summary>
    /// Serves an endpoint as the metrics': what is counted on demand is counted before it answers.
    /// </summary>
    /// <typeparam name="TBuilder">The endpoint's builder.</typeparam>
    /// <param name="builder">To add to.</param>
    public static TBuilder ServeAsMetrics<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new LoopbackIsEnough());
        builder.RequirePermission(Section.Admin);
        builder.Add(endpoint =>
        {
            var serve = endpoint.RequestDelegate
                ?? throw new InvalidOperationException("The metrics' endpoint serves nothing.");
            endpoint.RequestDelegate = async context =>
            {
                await context.RequestServices.GetRequiredService<Census>().RefreshAsync(context.RequestAborted);
                await serve(context);
            };
        });
        return builder;
    }

    /// <summary>
    /// Whether a request came from this machine. Behind a proxy of this machine every request does: what says that it
    /// was forwarded is not taken for it.
    /// </summary>
    internal static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address.Plain())
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("X-Original-For")
        && !context.Request.Headers.ContainsKey("X-Real-IP")
        && !context.Request.Headers.ContainsKey("Via")
        && !context.Request.Headers.ContainsKey("Forwarded");
}

/// <summary>Marks an endpoint for which a request from this machine needs no key.</summary>
internal sealed record LoopbackIsEnough;
