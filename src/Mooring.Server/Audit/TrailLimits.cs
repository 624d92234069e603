using System.Net;
using Mooring.Server.Http;

namespace Mooring.Server.Audit;

/// <summary>
/// How many entries a minute are written after the fact: whoever has no key must not be able to fill the records, nor
/// one who has. What is over is left out, and counted.
/// </summary>
internal sealed class TrailLimits
{
    /// <summary>Entries a minute without a valid key, from one network.</summary>
    public const int PerNetwork = 10;

    /// <summary>Entries a minute without a valid key, in all.</summary>
    public const int WithoutKey = 600;

    /// <summary>Entries a minute with one key.</summary>
    public const int PerKey = 600;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _counting = new();

    // As many as are admitted in a minute, and as there are keys in use.
    private readonly Dictionary<string, int> _counts = [];
    private DateTimeOffset _since;
    private int _withoutKey;
    private long _leftOut;

    /// <summary>Whether an entry may be written; it is counted.</summary>
    /// <param name="keyPrefix">The valid key that it came with; null for none.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="now">When.</param>
    public bool Admits(string? keyPrefix, IPAddress? address, DateTimeOffset now)
    {
        lock (_counting)
        {
            if (now - _since >= Window || now < _since)
            {
                _since = now;
                _withoutKey = 0;
                _counts.Clear();
            }

            if (keyPrefix is null && _withoutKey >= WithoutKey)
            {
                return LeaveOut();
            }

            var source = keyPrefix ?? "from " + (address ?? IPAddress.None).Network();
            var count = _counts.GetValueOrDefault(source);
            if (count >= (keyPrefix is null ? PerNetwork : PerKey))
            {
                return LeaveOut();
            }

            _counts[source] = count + 1;
            _withoutKey += keyPrefix is null ? 1 : 0;
            return true;
        }
    }

    /// <summary>Counts an entry that is left out for another reason.</summary>
    /// <returns>False, always.</returns>
    public bool LeaveOut(int entries = 1)
    {
        Instruments.LeftOutOfTrail(entries);
        Interlocked.Add(ref _leftOut, entries);
        return false;
    }

    /// <summary>How many were left out since this was last asked.</summary>
    public long TakeLeftOut() => Interlocked.Exchange(ref _leftOut, 0);
}
