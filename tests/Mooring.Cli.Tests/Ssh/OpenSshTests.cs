using System.Net;
using System.Net.Sockets;
using Mooring.Cli.Ssh;

namespace Mooring.Cli.Tests.Ssh;

public sealed class OpenSshTests
{
    private static readonly SshTarget Target = new("root", "127.0.0.1", 22022);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Ends_its_options_before_the_host_and_names_user_and_port_apart()
    {
        var arguments = OpenSsh.Arguments(Target, "/tmp/key", ["/workspace", "64"]);

        arguments.SkipWhile(argument => argument != "-i").ShouldBe(
        [
            "-i", "/tmp/key", "-l", "root", "-p", "22022", "--", "127.0.0.1", "sh", "-s", "--", "/workspace", "64",
        ]);
        var options = arguments.TakeWhile(argument => argument != "-i").Chunk(2).ToList();
        options.ShouldAllBe(pair => pair[0] == "-o");
        options.Select(pair => pair[1]).ShouldBe(
            [
                "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes", "LogLevel=ERROR",
                "ConnectTimeout=10", "ServerAliveInterval=15", "ServerAliveCountMax=4", "IdentitiesOnly=yes",
                "IdentityAgent=none", "ForwardAgent=no", "ClearAllForwardings=yes", "ControlPath=none",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("$(id)")]
    [InlineData("a;b")]
    [InlineData("a\nb")]
    [InlineData("~")]
    public void Refuses_arguments_that_the_far_shell_would_change(string argument) =>
        Should.Throw<ArgumentException>(() => OpenSsh.Arguments(Target, "/tmp/key", [argument]));

    [Fact]
    public async Task Tells_that_no_connection_came_about()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var target = Target with { Port = ((IPEndPoint)bound.LocalEndPoint!).Port };

        // Bound but not listening: the port is ours, and refuses.
        var outcome = await new OpenSsh().RunAsync(target, "/nonexistent", "exit 0", [], Ct);

        outcome.ExitCode.ShouldBe(ShellOutcome.NoConnection);
        outcome.Error.ShouldContain("Connection refused");
    }
}
