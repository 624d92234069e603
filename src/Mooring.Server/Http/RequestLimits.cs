namespace Mooring.Server.Http;

/// <summary>What one request may take.</summary>
public sealed record RequestLimits
{
    /// <summary>How long a request may take before it is given up and answered 503.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(100);
}
