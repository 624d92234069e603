using System.Collections.Concurrent;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// What keeps all accounts of a process under the cloud's limit together, as that counts by the address that requests
/// come from and not by account (vendor docs, "Rate Limits"). One object for a process.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class HyperstackPaces(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Pace> _byCloud = new(StringComparer.OrdinalIgnoreCase);

    // A simulator beside the cloud has its own limit.
    internal Pace Of(HyperstackOptions options) =>
        _byCloud.GetOrAdd(options.BaseAddress.Authority, _ => Pace.By(options, time));
}
