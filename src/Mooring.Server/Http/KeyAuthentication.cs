using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Server.Accounts;

namespace Mooring.Server.Http;

/// <summary>
/// The permission that an endpoint demands: reading for GET, reading and writing for the rest. An endpoint may demand
/// several. Without a section any valid key will do.
/// </summary>
internal sealed record Permission(Section? Section)
{
    public static Access AccessFor(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method)
        ? Access.Read
        : Access.Read | Access.Write;
}

/// <summary>Says of an endpoint that it asks for no key, on purpose.</summary>
internal sealed record NoKeyNeeded;

/// <summary>
/// Checks keys. A key and its account are read together, with every request: a revoked key is refused from the next
/// request on, in every replica (architecture, section 9).
/// </summary>
internal static class KeyAuthentication
{
    private static readonly TimeSpan SlowBody = TimeSpan.FromSeconds(1);

    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Section section)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(
            new Permission(section),
            EndpointDescription.Refusal(StatusCodes.Status401Unauthorized),
            EndpointDescription.Refusal(StatusCodes.Status403Forbidden));

    /// <summary>Any valid key will do, whatever it may do elsewhere.</summary>
    public static TBuilder RequireAnyKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(
            new Permission(null), EndpointDescription.Refusal(StatusCodes.Status401Unauthorized));

    /// <summary>No key is asked for: how one comes by a key.</summary>
    public static TBuilder NeedsNoKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new NoKeyNeeded());

    public static IApplicationBuilder UseKeyAuthentication(this IApplicationBuilder app) =>
        app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata is { } metadata
            && metadata.GetOrderedMetadata<Permission>() is { Count: > 0 } permissions
            && !(metadata.GetMetadata<LoopbackIsEnough>() is not null && MetricsAccess.IsFromHere(context)))
        {
            var refusal = await AuthenticateAsync(context, permissions);
            if (refusal is not null)
            {
                await ErrorResponses.WriteAsync(context, ErrorMap.StatusOf(refusal), refusal.Message);
                return;
            }

            if (!HttpMethods.IsGet(context.Request.Method))
            {
                var time = context.RequestServices.GetRequiredService<TimeProvider>();
                context.Features.Set(new LetIn(time.GetTimestamp()));
            }
        }

        await next(context);
    });

    /// <summary>
    /// Asks again, of a request that lasts: who its caller is by now; null where its key is refused meanwhile, or may
    /// no longer do this.
    /// </summary>
    public static async Task<Caller?> AskAgainAsync(HttpContext context) =>
        await AuthenticateAsync(context, context.GetEndpoint()!.Metadata.GetOrderedMetadata<Permission>()) is null
            ? context.Features.Get<Caller>()
            : null;

    /// <summary>
    /// Asks again of a request whose body took its time: its key may have been revoked since its headers came, which
    /// were all that was needed to let it in.
    /// </summary>
    /// <exception cref="BadHttpRequestException">The key holds no more, or may no longer do this.</exception>
    public static async Task CheckSlowAsync(HttpContext context)
    {
        if (context.Features.Get<LetIn>() is { } letIn
            && context.RequestServices.GetRequiredService<TimeProvider>().GetElapsedTime(letIn.Timestamp) > SlowBody
            && await AskAgainAsync(context) is null)
        {
            throw new BadHttpRequestException(new KeyRefused().Message, StatusCodes.Status401Unauthorized);
        }
    }

    private static async Task<MooringError?> AuthenticateAsync(
        HttpContext context, IReadOnlyList<Permission> permissions)
    {
        if (SecretIn(context.Request) is not { } secret || ApiKey.PrefixOf(secret) is not { } prefix)
        {
            return new KeyRefused();
        }

        var services = context.RequestServices;
        var row = await services.GetRequiredService<KeyLookup>().FindAsync(prefix, context.RequestAborted);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (row is null || !row.Key.Matches(secret) || !row.IsUsableAt(now))
        {
            return new KeyRefused();
        }

        services.GetRequiredService<KeyUse>().Note(row.Key, now, context.Connection.RemoteIpAddress);
        context.Features.Set(row.Caller);
        var access = Permission.AccessFor(context.Request.Method);
        foreach (var permission in permissions)
        {
            if (permission.Section is { } section && !section.AccessIn(row.Caller.Permissions).HasFlag(access))
            {
                return new PermissionMissing(section.ToWords(), access.ToWords());
            }
        }

        return null;
    }

    /// <summary>What a request brings as its bearer token; null where it brings none.</summary>
    public static string? SecretIn(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        return request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
    }

    /// <summary>When a request was let in, by the clock's own count.</summary>
    private sealed record LetIn(long Timestamp);
}
