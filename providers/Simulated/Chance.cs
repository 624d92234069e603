using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mooring.Providers.Simulated;

/// <summary>
/// All randomness of a simulated place. What comes out depends on the seed, the purpose and the number of the call
/// alone: it is the same in every run, whatever else happens in between, and nothing of it needs to be stored.
/// </summary>
internal sealed class Chance(long seed)
{
    /// <summary>A number from 0 up to, but not, 1.</summary>
    public double Share(string purpose, long number)
    {
        var text = FormattableString.Invariant($"{seed}/{purpose}/{number}");
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        // The 53 bits that a double holds exactly.
        return (bits >> 11) * (1.0 / (1UL << 53));
    }
}

/// <summary>How long something takes: evenly spread between two times.</summary>
internal sealed record Delay(TimeSpan Least, TimeSpan Most)
{
    public static readonly Delay None = new(TimeSpan.Zero, TimeSpan.Zero);

    public TimeSpan At(double share) => Least + ((Most - Least) * share);
}
