using System.Security.Cryptography;
using System.Text;

namespace Mooring.Simulators.RunPod;

/// <summary>Chance that is the same each time: a share of one for each purpose, from a seed.</summary>
internal sealed class Chance(long seed)
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>From 0 to below 1.</summary>
    public double Share(string purpose) => (Bits(purpose) >> 11) * (1.0 / (1UL << 53));

    /// <summary>An id as RunPod's look: ten lower-case letters and digits.</summary>
    public string Id(string purpose)
    {
        var bits = Bits(purpose);
        return string.Create(10, bits, static (text, rest) =>
        {
            for (var i = 0; i < text.Length; i++, rest /= 36)
            {
                text[i] = Letters[(int)(rest % 36)];
            }
        });
    }

    private ulong Bits(string purpose) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{purpose}")));
}
