using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Mooring.Agent.Engine;
using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Network;

/// <summary>
/// One bridge network per account, isolated from the others. Within a network pods reach each other.
/// </summary>
internal sealed partial class PodNetworks(AgentOptions options, EngineConnection engine)
{
    private const int BridgeDigits = 10;

    private readonly KeyedLock _locks = new();

    /// <summary>The engine's name of a network: the installation's own, as an engine may serve several.</summary>
    /// <exception cref="RefusedException">The network's name has other characters than letters, digits,
    /// <c>_.-</c>.</exception>
    public string NameOf(string network) => NamePattern().IsMatch(network)
        ? $"{RemoteName.Prefix(options.InstallationId)}net-{network}"
        : throw new RefusedException($"'{network}' is no name for a network");

    /// <summary>
    /// The bridge of a network. The kernel allows 15 characters, so it is made of a hash; it holds the installation,
    /// so that two on one machine don't share a bridge.
    /// </summary>
    public string BridgeOf(string network)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{options.InstallationId}/{network}"));
        return $"{FirewallRules.BridgePrefix}{Convert.ToHexStringLower(hash)[..BridgeDigits]}";
    }

    /// <summary>Makes the network unless it is there.</summary>
    /// <returns>The engine's name for it.</returns>
    public async Task<string> EnsureAsync(string network, CancellationToken ct)
    {
        var name = NameOf(network);
        using var alone = await _locks.EnterAsync(name, ct);
        if (await engine.FindAsync(client => client.Networks.InspectNetworkAsync(name, ct), ct) is not null)
        {
            return name;
        }

        var order = new NetworksCreateParameters
        {
            Name = name,
            Driver = "bridge",
            Labels = new Dictionary<string, string> { [ContainerLabels.Installation] = options.InstallationId },
            Options = new Dictionary<string, string> { ["com.docker.network.bridge.name"] = BridgeOf(network) },
        };
        if (await engine.KindAsync(ct) == EngineKind.Podman)
        {
            // Podman warns that it does not know the option, and obeys. Docker isolates bridges without being asked.
            order.Options["isolate"] = "true";
        }

        CrashPoint.Pass("engine.network.before");
        await engine.ChangeAsync(
            "the instance's network can't be made", client => client.Networks.CreateNetworkAsync(order, ct), ct);
        CrashPoint.Pass("engine.network.after");
        return name;
    }

    /// <summary>
    /// Ensures the rules that protect the host from a network's pods. Another program may have flushed them.
    /// </summary>
    public async Task ProtectHostAsync(string network, CancellationToken ct)
    {
        using var alone = await _locks.EnterAsync(NameOf(network), ct);
        await FirewallRules.EnsureAsync(BridgeOf(network), options.ServerPort, ct);
        CrashPoint.Pass("agent.rules.after");
    }

    /// <summary>Removes a network and its rules, if no pod is in it.</summary>
    /// <exception cref="RefusedException">Pods are in it.</exception>
    public async Task RemoveAsync(string network, CancellationToken ct)
    {
        var name = NameOf(network);
        using var alone = await _locks.EnterAsync(name, ct);
        if (await engine.FindAsync(client => client.Networks.InspectNetworkAsync(name, ct), ct) is not null)
        {
            await engine.ChangeAsync(
                "the network can't be removed", client => client.Networks.DeleteNetworkAsync(name, ct), ct);
        }

        await FirewallRules.RemoveAsync(BridgeOf(network), options.ServerPort, ct);
    }

    /// <summary>Networks of this installation that the engine has, by the names they were asked for.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct)
    {
        var prefix = NameOf("x")[..^1];
        var all = await engine.ReadAsync(client => client.Networks.ListNetworksAsync(new(), ct), ct);
        return [.. all
            .Select(network => network.Name)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])];
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
