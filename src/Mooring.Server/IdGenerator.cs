using System.Buffers.Binary;

namespace Mooring.Server;

/// <summary>
/// Mints ids. Time and randomness are handed in, so that a test can repeat a history; secrets (API keys) are not made
/// here but by the operating system's generator.
/// </summary>
internal sealed class IdGenerator(TimeProvider time, Random random)
{
    private const string CuidAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private readonly Lock _lock = new();

    /// <summary>
    /// A UUIDv7 (RFC 9562, section 5.7) as 32 lower-case hexadecimal digits: later ids sort after earlier ones.
    /// </summary>
    public string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_lock)
        {
            random.NextBytes(bytes);
        }

        Span<byte> milliseconds = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, time.GetUtcNow().ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(bytes);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>
    /// An id of the shape <c>^c[a-z0-9]{24}$</c>, the only one that the vendor's CLI takes for a team.
    /// </summary>
    public string Cuid() => "c" + Text(24);

    /// <summary>So many random lower-case letters and digits.</summary>
    public string Text(int length)
    {
        lock (_lock)
        {
            return string.Create(length, random, static (span, random) =>
            {
                foreach (ref var character in span)
                {
                    character = CuidAlphabet[random.Next(CuidAlphabet.Length)];
                }
            });
        }
    }
}
