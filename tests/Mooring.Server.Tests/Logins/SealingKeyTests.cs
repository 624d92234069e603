using System.Security.Cryptography;
using System.Text;
using Mooring.Server.Logins;

namespace Mooring.Server.Tests.Logins;

/// <summary>Which public keys are taken, and that what is sealed is for their owners alone.</summary>
public sealed class SealingKeyTests
{
    [Theory]
    [InlineData(2_048)]
    [InlineData(3_072)]
    [InlineData(4_096)]
    public void What_is_sealed_only_the_private_key_opens_and_never_twice_the_same(int bits)
    {
        using var rsa = RSA.Create(bits);
        SealingKey.FaultOf(rsa.ExportSubjectPublicKeyInfoPem(), out var key).ShouldBeNull();

        var one = SealingKey.Seal(key, "mrg_secret");
        var two = SealingKey.Seal(key, "mrg_secret");

        Encoding.UTF8.GetString(rsa.Decrypt(one, RSAEncryptionPadding.OaepSHA256)).ShouldBe("mrg_secret");
        one.ShouldNotBe(two);
        Should.Throw<CryptographicException>(() => rsa.Decrypt(one, RSAEncryptionPadding.OaepSHA1));
        using var other = RSA.Create(bits);
        Should.Throw<CryptographicException>(() => other.Decrypt(one, RSAEncryptionPadding.OaepSHA256));
    }

    [Fact]
    public void Lines_may_end_as_they_do_on_any_system_and_blanks_stand_around()
    {
        using var rsa = RSA.Create(2_048);
        var pem = rsa.ExportSubjectPublicKeyInfoPem();

        SealingKey.FaultOf("\n" + pem.ReplaceLineEndings("\r\n") + "\n", out _).ShouldBeNull();
        SealingKey.FaultOf(pem + "\n", out _).ShouldBeNull();
    }

    [Theory]
    [InlineData(1_024)]
    [InlineData(4_608)]
    public void A_key_that_is_too_short_or_too_long_is_told(int bits)
    {
        using var rsa = RSA.Create(bits);

        SealingKey.FaultOf(rsa.ExportSubjectPublicKeyInfoPem(), out _).ShouldNotBeNull().ShouldContain("2048 to 4096");
    }

    [Fact]
    public void What_is_no_public_rsa_key_is_told()
    {
        using var rsa = RSA.Create(2_048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        using var bare = RSA.Create();
        bare.ImportParameters(parameters with { Exponent = [3] });
        var der = rsa.ExportSubjectPublicKeyInfo();
        string[] wrong =
        [
            "", "x", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
            rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem(), rsa.ExportRSAPublicKeyPem(),
            curve.ExportSubjectPublicKeyInfoPem(), bare.ExportSubjectPublicKeyInfoPem(),
            PemEncoding.WriteString("PUBLIC KEY", [.. der, 0]),
            PemEncoding.WriteString("PUBLIC KEY", der.AsSpan()[..^1]),
            new string(' ', 5_000) + rsa.ExportSubjectPublicKeyInfoPem(),
        ];

        foreach (var pem in wrong)
        {
            SealingKey.FaultOf(pem, out var key).ShouldNotBeNull(pem);
            key.ShouldBeEmpty();
        }
    }
}
