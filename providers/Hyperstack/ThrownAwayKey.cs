using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// An OpenSSH public key (RFC 4253, section 6.6) whose private half is forgotten at once: the cloud wants a key in
/// every machine, and users bring theirs another way.
/// </summary>
internal static class ThrownAwayKey
{
    private static readonly Lazy<string> Made = new(Make);

    /// <summary>This process's.</summary>
    public static string Value => Made.Value;

    private static string Make()
    {
        using var rsa = RSA.Create(3072);
        var key = rsa.ExportParameters(includePrivateParameters: false);
        byte[] blob = [.. Field("ssh-rsa"u8), .. Integer(key.Exponent!), .. Integer(key.Modulus!)];
        return $"ssh-rsa {Convert.ToBase64String(blob)} mooring";
    }

    // A leading zero keeps it positive.
    private static byte[] Integer(byte[] value) => Field(value[0] >= 0x80 ? [0, .. value] : value);

    private static byte[] Field(ReadOnlySpan<byte> value)
    {
        var field = new byte[4 + value.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, value.Length);
        value.CopyTo(field.AsSpan(4));
        return field;
    }
}
