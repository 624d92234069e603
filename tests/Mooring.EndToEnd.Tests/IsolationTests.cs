using System.Net;
using System.Net.Sockets;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>What an instance can't reach, while mooringd serves on every address of the host.</summary>
[Collection(HouseGroup.Name)]
public sealed class IsolationTests(House house)
{
    [Fact]
    public async Task Instance_reaches_its_sibling_but_neither_link_local_addresses_nor_mooringd()
    {
        var tenant = await house.EnterAsync();
        var installation = house.Installation;
        (await installation.StopAsync()).ShouldBe(0);
        await installation.StartAsync("--listen", $"0.0.0.0:{installation.Port}", "--insecure-http");
        var pod = await tenant.StartPodAsync();
        var sibling = await tenant.StartPodAsync();
        var host = await installation.Engine.GatewayAsync(installation.NameOf(pod.Id));
        // Something else that listens on the host: what is closed is mooringd's port, not the network.
        using var neighbour = new TcpListener(IPAddress.Any, 0);
        neighbour.Start();
        var open = ((IPEndPoint)neighbour.LocalEndpoint).Port;

        (await ConnectAsync(tenant, pod, host, open)).ShouldBe("0");
        (await ConnectAsync(tenant, pod, host, installation.Port)).ShouldBe("ECONNREFUSED");
        (await ConnectAsync(tenant, pod, "169.254.169.254", 80)).ShouldBe("ECONNREFUSED");
        var address = (await tenant.RunAsync(sibling, "hostname -I")).Output.Trim();
        (await ConnectAsync(tenant, pod, address, 22)).ShouldBe("0");

        await tenant.EndPodAsync(pod.Id);
        await tenant.EndPodAsync(sibling.Id);
        (await installation.StopAsync()).ShouldBe(0);
    }

    /// <summary>0, or why the instance got no connection.</summary>
    private static async Task<string> ConnectAsync(Tenant tenant, Pod pod, string address, int port)
    {
        var said = await tenant.RunAsync(pod, $"""
            python3 - <<'END'
            import errno, socket
            s = socket.socket()
            s.settimeout(20)
            code = s.connect_ex(("{address}", {port}))
            print(errno.errorcode.get(code, code))
            END
            """);
        return said.Output.Trim();
    }
}
