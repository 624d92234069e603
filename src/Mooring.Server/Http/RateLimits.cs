using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Mooring.Server.Http;

/// <summary>
/// How many requests a second are taken, from one address and from one API key. Addresses are counted before keys are
/// looked at, so that guessing keys is slow too. What comes from this machine itself is not counted: whoever is on it
/// can have all of it anyway.
/// </summary>
internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services) =>
        services.AddSingleton<RateCounters>();

    /// <summary>
    /// Has the word of proxies taken that the operator trusts, so that a request's address is its client's.
    /// </summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app, RequestLimits limits)
    {
        if (limits.TrustedProxies.Count == 0)
        {
            return app;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            // As many proxies in a row as are trusted.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in limits.TrustedProxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        return app.UseForwardedHeaders(options);
    }

    /// <summary>Refuses what comes too fast from one address; before keys are looked at.</summary>
    public static IApplicationBuilder UseAddressLimit(this IApplicationBuilder app, RequestLimits limits) =>
        limits.PerAddress == 0 ? app : app.UseLimit("address", Counters(app).OfAddresses);

    /// <summary>Refuses what comes too fast with one API key; after it is known.</summary>
    public static IApplicationBuilder UseKeyLimit(this IApplicationBuilder app, RequestLimits limits) =>
        limits.PerKey == 0 ? app : app.UseLimit("key", Counters(app).OfKeys);

    private static RateCounters Counters(IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<RateCounters>();

    // ASP.NET Core's own middleware has a counter besides ours, which it disposes of in no case: it would tick ten
    // times a second, and hold a server that has long been stopped, for as long as the process lives.
    private static IApplicationBuilder UseLimit(
        this IApplicationBuilder app, string of, PartitionedRateLimiter<HttpContext> limiter) =>
        app.Use(async (context, next) =>
        {
            if (MetricsAccess.IsFromHere(context))
            {
                await next(context);
                return;
            }

            using var lease = limiter.AttemptAcquire(context);
            await (lease.IsAcquired ? next(context) : RefuseAsync(context, of, lease));
        });

    private static Task RefuseAsync(HttpContext context, string of, RateLimitLease lease)
    {
        Instruments.Refused(of);
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.Zero;
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return ErrorResponses.WriteAsync(
            context,
            StatusCodes.Status429TooManyRequests,
            $"Too many requests come {(of == "key" ? "with this API key" : "from this address")}. "
            + $"Nothing was done; send this one again in {seconds} s, and fewer from then on.");
    }
}

/// <summary>How much of its rate each address and each API key has taken; for as long as the server lives.</summary>
internal sealed class RateCounters(MooringOptions options) : IDisposable
{
    // Addresses share so many counters: few enough that no flood of addresses fills the memory, and so many that two of
    // an installation's clients hardly ever share one. Which do is another matter at each start.
    private const int AddressCounters = 1 << 14;

    public PartitionedRateLimiter<HttpContext> OfAddresses { get; } =
        PartitionedRateLimiter.Create<HttpContext, int>(context => Bucket(
            CounterOf(context.Connection.RemoteIpAddress ?? IPAddress.None),
            options.Limits.PerAddress,
            options.Limits.BurstSeconds));

    public PartitionedRateLimiter<HttpContext> OfKeys { get; } =
        PartitionedRateLimiter.Create<HttpContext, string>(context => context.Features.Get<Caller>() is { } caller
            ? Bucket(caller.KeyPrefix, options.Limits.PerKey, options.Limits.BurstSeconds)
            : RateLimitPartition.GetNoLimiter(""));

    public void Dispose()
    {
        OfAddresses.Dispose();
        OfKeys.Dispose();
    }

    private static RateLimitPartition<TKey> Bucket<TKey>(TKey key, int perSecond, int burstSeconds) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * Math.Max(1, burstSeconds),
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });

    private static int CounterOf(IPAddress address)
    {
        var hash = default(HashCode);
        hash.AddBytes(address.CustomersPart());
        return hash.ToHashCode() & (AddressCounters - 1);
    }
}
