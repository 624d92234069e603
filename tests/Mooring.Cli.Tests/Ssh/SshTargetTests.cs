using CsCheck;
using Mooring.Cli.Ssh;

namespace Mooring.Cli.Tests.Ssh;

/// <summary>What a server says where to log in to is read strictly: it ends up in an argument list.</summary>
public sealed class SshTargetTests
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";

    private static readonly string[] Dangerous =
        [" ", "-", "-o", "\n", "\0", ";", "$(x)", "`", "@", ":", "%", "[", "]", "'", "\"", "\\", "ı", "٣"];

    private static readonly Gen<string> Users =
        from first in Gen.Char[Letters + "_"]
        from rest in Gen.String[Gen.Char[Letters + Digits + "._-"], 0, 31]
        select first + rest;

    private static readonly Gen<string> Labels =
        from first in Gen.Char[Letters + Digits]
        from middle in Gen.String[Gen.Char[Letters + Digits + "-"], 0, 20]
        from last in Gen.Char[Letters + Digits]
        select $"{first}{middle}{last}";

    private static readonly Gen<string> Hosts = Gen.OneOf(
        Labels.Array[1, 5].Select(labels => string.Join('.', labels)),
        Gen.Byte.Array[4].Select(bytes => new System.Net.IPAddress(bytes).ToString()),
        Gen.Byte.Array[16].Select(bytes => new System.Net.IPAddress(bytes).ToString())
            .Where(address => !address.Contains('%')));

    private static readonly Gen<SshTarget> Targets = Gen.Select(Users, Hosts, Gen.Int[1, 65535], (user, host, port) =>
        new SshTarget(user, host, port));

    /// <summary>Good connections with something cut out, doubled or put in, and plain noise.</summary>
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.String,
        from target in Targets
        from at in Gen.Int[0, 200]
        from cut in Gen.Int[0, 3]
        from put in Gen.OneOf(Gen.String[0, 3], Gen.Int[0, Dangerous.Length - 1].Select(index => Dangerous[index]))
        let text = target.ToString()
        let start = at % (text.Length + 1)
        select text[..start] + put + text[Math.Min(text.Length, start + cut)..]);

    [Fact]
    public void Reads_what_has_the_form() =>
        Targets.Sample(target => SshTarget.Parse(target.ToString()).ShouldBe(target));

    [Fact]
    public void Passes_nothing_that_is_not_one_argument_of_its_kind() => Hostile.Sample(
        text =>
        {
            if (SshTarget.Parse(text) is not { } target)
            {
                return;
            }

            target.ToString().ShouldBe(text);
            target.User.ShouldAllBe(character => (Letters + Digits + "._-").Contains(character));
            target.User[0].ShouldNotBe('-');
            target.Host.ShouldAllBe(character => (Letters + Digits + ".:-").Contains(character));
            target.Host[0].ShouldNotBe('-');
            target.Port.ShouldBeInRange(1, 65535);
        },
        iter: 20_000);

    [Theory]
    [InlineData("root@127.0.0.1 -p 22022", "root", "127.0.0.1", 22022)]
    [InlineData("ubuntu@gpu-7.mooring.example -p 1", "ubuntu", "gpu-7.mooring.example", 1)]
    [InlineData("_svc.a-b@2001:db8::7 -p 65535", "_svc.a-b", "2001:db8::7", 65535)]
    public void Reads_names_and_addresses(string connection, string user, string host, int port) =>
        SshTarget.Parse(connection).ShouldBe(new SshTarget(user, host, port));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("root@127.0.0.1")]
    [InlineData("root@127.0.0.1 -p")]
    [InlineData("root@127.0.0.1 -p 0")]
    [InlineData("root@127.0.0.1 -p 022")]
    [InlineData("root@127.0.0.1 -p 65536")]
    [InlineData("root@127.0.0.1 -p 99999999999")]
    [InlineData("root@127.0.0.1 -p 22 ")]
    [InlineData("root@127.0.0.1 -p 22\n")]
    [InlineData("root@127.0.0.1 -p 22 -oProxyCommand=id")]
    [InlineData("root@127.0.0.1  -p 22")]
    [InlineData("root@-oProxyCommand=id -p 22")]
    [InlineData("root@-host -p 22")]
    [InlineData("root@host- -p 22")]
    [InlineData("root@a..b -p 22")]
    [InlineData("root@.host -p 22")]
    [InlineData("root@[::1] -p 22")]
    [InlineData("root@fe80::1%eth0 -p 22")]
    [InlineData("root@1:2:3 -p 22")]
    [InlineData("-oUser=x@host -p 22")]
    [InlineData("-root@host -p 22")]
    [InlineData("ro ot@host -p 22")]
    [InlineData("@host -p 22")]
    [InlineData("root@ -p 22")]
    [InlineData("a@b@host -p 22")]
    [InlineData("root@hóst -p 22")]
    [InlineData("root@host -p ٢٢")]
    public void Refuses_anything_else(string? connection) => SshTarget.Parse(connection).ShouldBeNull();

    [Fact]
    public void Refuses_names_longer_than_DNS_has_them()
    {
        var label = new string('a', 63);

        SshTarget.Parse($"root@{label} -p 22").ShouldNotBeNull();
        SshTarget.Parse($"root@{label}a -p 22").ShouldBeNull();
        SshTarget.Parse($"root@{label}.{label}.{label}.{label} -p 22").ShouldBeNull();
    }
}
