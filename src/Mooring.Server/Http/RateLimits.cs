using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mooring.Server.Http;

/// <summary>
/// How many requests a second are taken, from one address and from one API key. Addresses are counted before keys are
/// looked at, so that guessing keys is slow too. What comes from this machine itself is not counted: whoever is on it
/// can have all of it anyway.
/// </summary>
internal static class RateLimits
{
    // Addresses share so many counters: few enough that no flood of addresses fills the memory, and so many that two of
    // an installation's clients hardly ever share one. Which do is another matter at each start.
    private const int AddressCounters = 1 << 14;

    public static IServiceCollection AddRateLimits(this IServiceCollection services) =>
        services.AddRateLimiter(_ => { });

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
        limits.PerAddress == 0 ? app : app.UseWhen(IsCounted, counted => counted.UseRateLimiter(Limiter(
            "address",
            PartitionedRateLimiter.Create<HttpContext, int>(context => Bucket(
                CounterOf(context.Connection.RemoteIpAddress ?? IPAddress.None),
                limits.PerAddress,
                limits.BurstSeconds)))));

    /// <summary>Refuses what comes too fast with one API key; after it is known.</summary>
    public static IApplicationBuilder UseKeyLimit(this IApplicationBuilder app, RequestLimits limits) =>
        limits.PerKey == 0 ? app : app.UseWhen(IsCounted, counted => counted.UseRateLimiter(Limiter(
            "key",
            PartitionedRateLimiter.Create<HttpContext, string>(context =>
                context.Features.Get<Caller>() is { } caller
                    ? Bucket(caller.KeyPrefix, limits.PerKey, limits.BurstSeconds)
                    : RateLimitPartition.GetNoLimiter("")))));

    private static bool IsCounted(HttpContext context) => !MetricsAccess.IsFromHere(context);

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

    private static RateLimiterOptions Limiter(string of, PartitionedRateLimiter<HttpContext> limiter) => new()
    {
        GlobalLimiter = limiter,
        OnRejected = async (rejected, ct) =>
        {
            Instruments.Refused(of);
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.Zero;
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            rejected.HttpContext.Response.Headers.RetryAfter = seconds;
            await ErrorResponses.WriteAsync(
                rejected.HttpContext,
                StatusCodes.Status429TooManyRequests,
                $"Too many requests come {(of == "key" ? "with this API key" : "from this address")}. "
                + $"Nothing was done; send this one again in {seconds} s, and fewer from then on.");
        },
    };
}
