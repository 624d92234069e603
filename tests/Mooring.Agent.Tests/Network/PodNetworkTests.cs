using System.Net;
using System.Net.Sockets;
using Mooring.Agent.Network;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Network;

public sealed class PodNetworkTests(AgentFixture agent)
{
    private const string LinkLocal = "169.254.169.254";
    private const string Gateway = "$(ip route | awk '/default/ {print $3}')";

    [Fact]
    public async Task Link_local_addresses_and_moorings_own_port_are_out_of_reach_and_nothing_else_of_the_host()
    {
        // As on a cloud, where credentials are served at a link-local address; here by this machine itself.
        await AgentFixture.RunAsync("ip", "address", "add", $"{LinkLocal}/32", "dev", "lo");
        try
        {
            using var metadata = Listen(IPAddress.Parse(LinkLocal), 0);
            using var mooring = Listen(IPAddress.Any, agent.Options.ServerPort);
            using var other = Listen(IPAddress.Any, 0);
            var script = $$"""
                probe() { nc -w 3 $2 $3 </dev/null >/dev/null 2>&1 && echo $1 open || echo $1 closed; }
                probe metadata {{LinkLocal}} {{Port(metadata)}}
                probe mooring {{Gateway}} {{agent.Options.ServerPort}}
                probe other {{Gateway}} {{Port(other)}}
                """;

            script = script.Replace("\n", "; ", StringComparison.Ordinal);
            (await agent.OutputOfAsync(agent.NewPod(script)))
                .ShouldBe(["metadata closed", "mooring closed", "other open"]);

            // Without the rules both are within reach: the test can tell.
            var open = agent.NewPod("sleep 2; " + script);
            await agent.RunUntilAsync(open, RemoteInstanceState.Starting);
            await FirewallRules.RemoveAsync(
                agent.Agent.Networks.BridgeOf(open.Network), agent.Options.ServerPort, AgentFixture.Ct);
            (await agent.OutputOfAsync(open)).ShouldBe(["metadata open", "mooring open", "other open"]);
        }
        finally
        {
            await AgentFixture.RunAsync("ip", "address", "del", $"{LinkLocal}/32", "dev", "lo");
        }
    }

    [Fact]
    public async Task Rules_are_set_once_however_often_they_are_ensured_and_go_with_the_network()
    {
        const string Network = "account-rules";
        await agent.Agent.Networks.EnsureAsync(Network, AgentFixture.Ct);
        var bridge = agent.Agent.Networks.BridgeOf(Network);
        bridge.Length.ShouldBeLessThanOrEqualTo(15);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => agent.Agent.Networks.ProtectHostAsync(Network, AgentFixture.Ct)));

        (await RulesAsync(bridge)).Order(StringComparer.Ordinal).ShouldBe(
        [
            $"-A FORWARD -d 169.254.0.0/16 -i {bridge} -j REJECT --reject-with icmp-port-unreachable",
            $"-A FORWARD -i {bridge} -o mrg-+ -j REJECT --reject-with icmp-port-unreachable",
            $"-A FORWARD -i {bridge} -o {bridge} -j ACCEPT",
            $"-A INPUT -d 169.254.0.0/16 -i {bridge} -j REJECT --reject-with icmp-port-unreachable",
            $"-A INPUT -i {bridge} -p tcp -m tcp --dport {agent.Options.ServerPort} -j REJECT --reject-with tcp-reset",
        ]);
        await agent.Agent.Networks.RemoveAsync(Network, AgentFixture.Ct);
        (await RulesAsync(bridge)).ShouldBeEmpty();
        (await agent.Agent.Networks.ListAsync(AgentFixture.Ct)).ShouldNotContain(Network);
        await agent.Agent.Networks.RemoveAsync(Network, AgentFixture.Ct);
    }

    [Fact]
    public async Task What_is_allowed_within_a_bridge_stays_above_what_is_not_allowed_between_bridges()
    {
        const string Network = "account-order";
        var bridge = agent.Agent.Networks.BridgeOf(Network);
        string[] between = ["FORWARD", "-i", bridge, "-o", "mrg-+", "-j", "REJECT"];
        await agent.Agent.Networks.ProtectHostAsync(Network, AgentFixture.Ct);
        (await AgentFixture.RunAsync("iptables", ["-w", "-D", .. between])).OrRefuse("iptables");

        await agent.Agent.Networks.ProtectHostAsync(Network, AgentFixture.Ct);

        (await RulesAsync(bridge))
            .Where(rule => rule.Contains(" -o ", StringComparison.Ordinal))
            .Select(rule => rule.Split(' ')[7])
            .ShouldBe(["ACCEPT", "REJECT"]);
        await agent.Agent.Networks.RemoveAsync(Network, AgentFixture.Ct);
    }

    [Fact]
    public async Task Flushed_rules_are_back_before_the_next_pod_starts()
    {
        var pod = agent.NewPod();
        await agent.RunUntilAsync(pod, RemoteInstanceState.Created);
        var bridge = agent.Agent.Networks.BridgeOf(pod.Network);
        await FirewallRules.RemoveAsync(bridge, agent.Options.ServerPort, AgentFixture.Ct);

        await agent.RunUntilAsync(pod, RemoteInstanceState.Starting);

        (await RulesAsync(bridge)).Count.ShouldBe(5);
        await agent.RemoveAsync(pod);
    }

    [Fact]
    public async Task Pods_of_one_account_reach_each_other_and_no_other_accounts_pods()
    {
        var server = agent.NewPod("ip -4 -o addr show eth0; " + "while true; do echo hello | nc -l -p 9000; done");
        await agent.RunUntilAsync(server, RemoteInstanceState.Ready);
        IReadOnlyList<string> lines = [];
        await AgentFixture.UntilAsync(
            async () => (lines = await agent.Agent.ReadLogAsync(new(server.Name, null), 1, AgentFixture.Ct)).Count > 0,
            "the server tells its address");
        var address = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3].Split('/')[0];
        var script = $"nc -w 3 {address} 9000 </dev/null 2>/dev/null || echo unreachable";
        // A third network that comes and goes takes the engine's own isolation with it.
        await agent.OutputOfAsync(agent.NewPod("true") with { Network = "account-3" });

        (await agent.OutputOfAsync(agent.NewPod(script))).ShouldBe(["hello"]);
        (await agent.OutputOfAsync(agent.NewPod(script) with { Network = "account-2" })).ShouldBe(["unreachable"]);

        await agent.RemoveAsync(server);
    }

    [Fact]
    public void Bridges_of_two_installations_differ()
    {
        using var other = AgentFixture.NewAgent(agent.Options with { InstallationId = "zzzzzzzz" });

        other.Networks.BridgeOf("account-1").ShouldNotBe(agent.Agent.Networks.BridgeOf("account-1"));
        other.Networks.NameOf("account-1").ShouldNotBe(agent.Agent.Networks.NameOf("account-1"));
    }

    private static async Task<IReadOnlyList<string>> RulesAsync(string bridge) =>
        [.. (await AgentFixture.RunAsync("iptables", "-S")).Output.Split('\n')
            .Where(rule => rule.Contains(bridge, StringComparison.Ordinal)
                && !rule.Contains("NETAVARK", StringComparison.Ordinal))];

    private static TcpListener Listen(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        listener.Start();
        // A client that sends nothing is answered by closing: nc ends with 0 once it was let in.
        _ = AcceptAsync(listener);
        return listener;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                (await listener.AcceptTcpClientAsync(AgentFixture.Ct)).Dispose();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
