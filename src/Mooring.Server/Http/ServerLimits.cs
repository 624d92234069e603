using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mooring.Server.Http;

/// <summary>
/// What the HTTP server takes of one request before there is one that could be answered in words; Kestrel's own
/// defaults are written out where they are a promise (docs/reference/errors.md).
/// </summary>
public static class ServerLimits
{
    /// <summary>Sets them.</summary>
    /// <param name="limits">Of the server.</param>
    public static void SetForMooring(this KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = RequestLimits.BodyBytesAtMost;
        limits.MaxRequestLineSize = 8 * 1_024;
        limits.MaxRequestHeadersTotalSize = 32 * 1_024;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.Http2.MaxStreamsPerConnection = 100;
    }
}
