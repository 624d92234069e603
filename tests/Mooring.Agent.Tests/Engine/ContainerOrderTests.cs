using CsCheck;
using Mooring.Agent.Engine;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Engine;

public sealed class ContainerOrderTests
{
    private const string Key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0cWkqk4iSwPbVGlrGIgJmhyJWz8HbP2mWEE8ZvYHZl ada@example";

    private static readonly InstanceSpec Pod = new(
        "mrg-aaaaaaaa-00000000000000000000000000000001", "cpu", null, "image", 1, ByteSize.FromGiB(1), [],
        new Dictionary<string, string>(), [], [], "account", 1_000_000, "pod");

    [Fact]
    public void Any_name_makes_a_host_name() => Gen.String.Sample(shown =>
    {
        var name = ContainerOrder.HostnameFor(shown);
        name.ShouldMatch(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z");
    });

    [Theory]
    [InlineData("1A", "x")]
    [InlineData("A-B", "x")]
    [InlineData("", "x")]
    [InlineData("A\n", "x")]
    [InlineData("A", "line\nbreak")]
    [InlineData("A", "nul\0")]
    [InlineData("MOORING_MOUNTS", "/workspace=7:0")]
    public void Refuses_environments_that_an_engine_could_misread_without_telling_a_value(string name, string value)
    {
        var pod = Pod with { Environment = new Dictionary<string, string> { [name] = value } };

        Should.Throw<RefusedException>(() => ContainerOrder.Check(pod)).Message.ShouldNotContain(value);
    }

    [Theory]
    [InlineData("command=\"/bin/sh\" " + Key)]
    [InlineData("ssh-dss AAAAB3NzaC1kc3MAAACBAP")]
    [InlineData(Key + "\n" + Key)]
    [InlineData(Key + "\n")]
    [InlineData("ssh-ed25519")]
    [InlineData("")]
    public void Refuses_ssh_keys_with_options_several_lines_or_unknown_types(string key) =>
        Should.Throw<RefusedException>(() => ContainerOrder.Check(Pod with { AuthorizedKeys = [key] }));

    [Fact]
    public void Accepts_what_users_send() => ContainerOrder.Check(Pod with
    {
        Environment = new Dictionary<string, string> { ["_A1"] = "any = \"value\" $HOME", ["EMPTY"] = "" },
        AuthorizedKeys = [Key, Key.Split(' ')[0] + " " + Key.Split(' ')[1]],
    });
}
