using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Mooring.Server.Audit;

/// <summary>Has each request leave its entry in the audit trail, where it is due one.</summary>
internal static class TrailRequests
{
    public static IServiceCollection AddAuditTrail(this IServiceCollection services)
    {
        services.AddSingleton<TrailLimits>();
        services.AddSingleton<TrailWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<TrailWriter>());
        services.AddSingleton<TrailRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<TrailRetention>());
        return services;
    }

    /// <summary>Before whatever answers a request: so each answer is seen as it goes out.</summary>
    public static IApplicationBuilder UseAuditTrail(this IApplicationBuilder app)
    {
        var writer = app.ApplicationServices.GetRequiredService<TrailWriter>();
        return app.Use(async (context, next) =>
        {
            var trail = new Trail(context);
            context.Features.Set(trail);
            await next(context);
            if (trail.EntryAfterwards() is { } entry)
            {
                writer.Write(entry, context.Connection.RemoteIpAddress);
            }
        });
    }

    /// <summary>After routing, before keys are looked at.</summary>
    public static IApplicationBuilder UseAuditedRoutes(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        Trail.Of(context).TakeRoute();
        return next(context);
    });
}
