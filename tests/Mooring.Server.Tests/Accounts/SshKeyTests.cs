using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Mooring.Server.Accounts;

namespace Mooring.Server.Tests.Accounts;

/// <summary>What may stand in an authorized_keys file: a key, and nothing that sshd would take for more.</summary>
public sealed class SshKeyTests
{
    // Made by ssh-keygen for these tests alone; the private halves were thrown away.
    private const string Ed25519 =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG3xjyGcubijG9MbxwmObl9ap75txG/LHPs9cDEdXDhE";

    [Theory]
    [InlineData("ssh-ed25519", 32)]
    [InlineData("ssh-rsa", 3, 257)]
    [InlineData("ecdsa-sha2-nistp256", 8, 65)]
    [InlineData("ecdsa-sha2-nistp384", 8, 97)]
    [InlineData("ecdsa-sha2-nistp521", 8, 133)]
    [InlineData("sk-ssh-ed25519@openssh.com", 32, 4)]
    [InlineData("sk-ecdsa-sha2-nistp256@openssh.com", 8, 65, 4)]
    public void A_whole_key_of_a_known_type_is_accepted_with_and_without_a_comment(string type, params int[] fields)
    {
        var key = $"{type} {Convert.ToBase64String(Blob(type, fields))}";

        SshKey.FaultOf(key).ShouldBeNull();
        SshKey.FaultOf(key + " me@laptop, the old one").ShouldBeNull();
    }

    [Fact]
    public void A_line_of_ssh_keygen_is_accepted() => SshKey.FaultOf(Ed25519 + " me@laptop").ShouldBeNull();

    [Theory]
    [InlineData("command=\"rm -rf /\" ")]
    [InlineData("no-pty,command=\"x\" ")]
    [InlineData("from=\"10.0.0.0/8\" ")]
    [InlineData("environment=\"LD_PRELOAD=/x\" ")]
    [InlineData("cert-authority ")]
    [InlineData("# ")]
    public void Options_before_the_type_are_refused(string options) =>
        SshKey.FaultOf(options + Ed25519).ShouldNotBeNull().ShouldContain("options are not accepted");

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\0")]
    [InlineData("\t")]
    [InlineData("\u0085")]
    public void A_second_line_or_a_control_character_is_refused(string between) =>
        SshKey.FaultOf($"{Ed25519}{between}command=\"x\" {Ed25519}").ShouldNotBeNull()
            .ShouldContain("control characters");

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3M=")]
    [InlineData("AAAAC3NzaC1lZDI1NTE5AAAAIG3xjyGcubijG9MbxwmObl9ap75txG/LHPs9cDEdXDhE")]
    [InlineData("ssh-ed25519 not-base64!")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-ed25519 /////w==")]
    public void What_is_no_key_is_refused(string line) => SshKey.FaultOf(line).ShouldNotBeNull();

    [Fact]
    public void A_key_of_another_type_than_it_says_is_refused() =>
        SshKey.FaultOf(Ed25519.Replace("ssh-ed25519", "ssh-rsa", StringComparison.Ordinal)).ShouldNotBeNull();

    [Fact]
    public void A_key_that_was_cut_off_anywhere_is_refused() => Gen.Int[1, 50].Sample(
        left =>
        {
            var blob = Convert.FromBase64String(Ed25519.Split(' ')[1]);

            SshKey.FaultOf($"ssh-ed25519 {Convert.ToBase64String(blob[..left])}").ShouldNotBeNull();
        },
        iter: 200);

    [Fact]
    public void A_key_with_something_after_it_is_refused()
    {
        var blob = Convert.FromBase64String(Ed25519.Split(' ')[1]);

        SshKey.FaultOf($"ssh-ed25519 {Convert.ToBase64String([.. blob, 0])}").ShouldNotBeNull();
    }

    [Fact]
    public void A_line_that_is_too_long_is_refused() =>
        SshKey.FaultOf(Ed25519 + " " + new string('x', 16_384)).ShouldNotBeNull().ShouldContain("16384");

    [Fact]
    public void No_text_makes_it_throw_and_what_is_accepted_starts_with_a_known_type() => Gen.String.Sample(
        text =>
        {
            SshKey.FaultOf(text).ShouldNotBeNull();
            SshKey.FaultOf("ssh-ed25519 " + text).ShouldNotBeNull();
        },
        iter: 2_000);

    private static byte[] Blob(string type, int[] fields)
    {
        List<byte> blob = [];
        var length = new byte[4];
        foreach (var field in fields.Select(length => new byte[length]).Prepend(Encoding.ASCII.GetBytes(type)))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            blob.AddRange(length);
            blob.AddRange(field);
        }

        return [.. blob];
    }
}
