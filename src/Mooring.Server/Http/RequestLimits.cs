using System.Net;

namespace Mooring.Server.Http;

/// <summary>What one request, one API key and one address may take; zero stands for no limit.</summary>
public sealed record RequestLimits
{
    /// <summary>Bytes that a request's body may have.</summary>
    public const long BodyBytesAtMost = 1 << 20;

    /// <summary>How deep a body's JSON may be nested.</summary>
    public const int JsonDepthAtMost = 32;

    /// <summary>How many faults of a request are told, at the most.</summary>
    public const int FaultsAtMost = 100;

    /// <summary>How long a request may take before it is given up and answered 503; zero for no limit.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Requests a second that one API key may send; zero for no limit.</summary>
    public int PerKey { get; init; } = 100;

    /// <summary>
    /// Requests a second that one address may send, before anybody looks at their keys; zero for no limit.
    /// </summary>
    public int PerAddress { get; init; } = 200;

    /// <summary>How many seconds' worth of requests may come at once, after a time without any.</summary>
    public int BurstSeconds { get; init; } = 10;

    /// <summary>
    /// <c>Idempotency-Key</c>s of one user that are kept at once, each for 24 hours; zero for no limit.
    /// </summary>
    public int IdempotencyKeysPerUser { get; init; } = 100_000;

    /// <summary>
    /// Proxies whose word is taken for where a request comes from (<c>X-Forwarded-For</c>): addresses, or networks as
    /// <c>10.0.0.0/8</c>.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
}
