using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Mooring.Server.Logins;

/// <summary>The public key that a client has its API key sealed with.</summary>
internal static class SealingKey
{
    private const int BitsLeast = 2_048;
    private const int BitsMost = 4_096;
    private const int PemLengthMost = 4_096;
    private const string Label = "PUBLIC KEY";

    // Of 1 the seal would be none. Every generator takes 65537 since FIPS 186-4.
    private const int ExponentLeast = 65_537;

    /// <summary>Reads PEM of a SubjectPublicKeyInfo.</summary>
    /// <param name="pem">What the client sent.</param>
    /// <param name="key">The SubjectPublicKeyInfo, DER.</param>
    /// <returns>What it must be; null where it is.</returns>
    public static string? FaultOf(string pem, out byte[] key)
    {
        key = [];
        const string must = "must be an RSA public key of 2048 to 4096 bits as PEM, 'BEGIN PUBLIC KEY'";
        if (pem.Length > PemLengthMost
            || !PemEncoding.TryFind(pem, out var fields)
            || pem[fields.Label] != Label)
        {
            return must;
        }

        var der = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64String(pem[fields.Base64Data], der, out var length))
        {
            return must;
        }

        try
        {
            using var rsa = Import(der.AsSpan(0, length));
            var exponent = new BigInteger(
                rsa.ExportParameters(includePrivateParameters: false).Exponent, isUnsigned: true, isBigEndian: true);
            if (rsa.KeySize is < BitsLeast or > BitsMost || exponent < ExponentLeast || exponent.IsEven)
            {
                return must;
            }

            key = rsa.ExportSubjectPublicKeyInfo();
            return null;
        }
        catch (CryptographicException)
        {
            return must;
        }
    }

    /// <summary>Text under RSA-OAEP with SHA-256.</summary>
    /// <param name="key">As <see cref="FaultOf"/> gave it.</param>
    /// <param name="text">At the most 190 bytes, which is what the smallest key takes.</param>
    public static byte[] Seal(byte[] key, string text)
    {
        using var rsa = Import(key);
        return rsa.Encrypt(Encoding.UTF8.GetBytes(text), RSAEncryptionPadding.OaepSHA256);
    }

    private static RSA Import(ReadOnlySpan<byte> der)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(der, out var read);
            return read == der.Length ? rsa : throw new CryptographicException("Something follows the key.");
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }
}
