using System.Globalization;

namespace Mooring.Providers.RunPod;

/// <summary>
/// What RunPod says of its rate limits with every answer, so that a call that would be sent away is not made:
/// <c>RateLimit: "minute";r=0;t=12, "hour";r=2800;t=1812</c>, r calls left in a window that ends in t seconds. Its
/// numbers are read and never assumed; where it says nothing nothing is held back.
/// </summary>
internal sealed class RateLimits(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RateWindow> _windows = [];

    private sealed record RateWindow(long Left, DateTimeOffset EndsAt);

    /// <summary>How long until a call may be made; null where it may be made now.</summary>
    public TimeSpan? Wait()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var until = _windows.Values.Where(window => window.Left <= 0).Select(window => window.EndsAt)
                .DefaultIfEmpty(now).Max();
            return until > now ? until - now : null;
        }
    }

    /// <summary>Takes note of a <c>RateLimit</c> header; what can't be read of it is passed over.</summary>
    public void Note(string header)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var (name, left, seconds) in Parse(header))
            {
                _windows[name] = new RateWindow(left, now + TimeSpan.FromSeconds(seconds));
            }
        }
    }

    /// <summary>The windows in a header: name, calls left, seconds to its end.</summary>
    internal static IEnumerable<(string Name, long Left, long Seconds)> Parse(string header)
    {
        foreach (var item in header.Split(','))
        {
            var parts = item.Split(';', StringSplitOptions.TrimEntries);
            if (Value(parts, "r=") is { } left && Value(parts, "t=") is { } seconds)
            {
                yield return (parts[0].Trim('"'), left, seconds);
            }
        }
    }

    // A window longer than a year is no window.
    private static long? Value(IEnumerable<string> parts, string key) =>
        parts.FirstOrDefault(part => part.StartsWith(key, StringComparison.Ordinal)) is { } part
        && long.TryParse(part.AsSpan(key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value <= 366 * 86_400
            ? value
            : null;
}
