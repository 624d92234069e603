using Microsoft.Extensions.Logging;

namespace Mooring.Providers.Hyperstack;

/// <summary>What of the cloud's is not known, and what that leads to.</summary>
internal static partial class HyperstackLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Hyperstack's {Kind} {Name} has no price, and is not offered")]
    public static partial void NoPrice(ILogger log, string kind, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hyperstack's GPU {Model} is not known, and is not offered")]
    public static partial void UnknownGpu(ILogger log, string model);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hyperstack's region {Region} is in no place that is known")]
    public static partial void UnknownRegion(ILogger log, string region);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hyperstack's {Kind} {Name} has the unknown status {Status}")]
    public static partial void UnknownStatus(ILogger log, string kind, string name, string? status);
}
