using System.Globalization;
using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Network;

/// <summary>
/// What pods of one bridge can't reach: pods of other bridges, link-local addresses, behind which clouds and machines
/// keep credentials for whoever asks, and Mooring's own port on this host. The rules stand before the engine's, which
/// it appends. The engine's isolation of bridges alone is not enough: netavark 1.4 drops the jump to its rules for all
/// of them when the last container of any isolated network goes.
/// </summary>
internal static class FirewallRules
{
    /// <summary>What the name of every bridge of every installation starts with.</summary>
    public const string BridgePrefix = "mrg-";

    private const string LinkLocal = "169.254.0.0/16";

    // Another program may hold the tables' lock for a moment (iptables(8), --wait).
    private static readonly string[] Wait = ["-w", "10"];

    /// <summary>Sets the rules that are missing.</summary>
    /// <exception cref="RefusedException">The host can't filter; nothing may be started then.</exception>
    public static async Task EnsureAsync(string bridge, int serverPort, CancellationToken ct)
    {
        // Each goes to the top of its chain: the first here stands below those that follow.
        foreach (var (chain, rule) in RulesFor(bridge, serverPort))
        {
            var present = await HostCommand.RunAsync("iptables", [.. Wait, "-C", chain, .. rule], ct);
            if (!present.Succeeded)
            {
                var outcome = await HostCommand.RunAsync("iptables", [.. Wait, "-I", chain, "1", .. rule], ct);
                outcome.OrRefuse("the host can't close its own addresses to instances");
            }
        }
    }

    /// <summary>Removes the rules, as often as they are there.</summary>
    public static async Task RemoveAsync(string bridge, int serverPort, CancellationToken ct)
    {
        foreach (var (chain, rule) in RulesFor(bridge, serverPort))
        {
            while ((await HostCommand.RunAsync("iptables", [.. Wait, "-D", chain, .. rule], ct)).Succeeded)
            {
                ct.ThrowIfCancellationRequested();
            }
        }
    }

    private static IEnumerable<(string Chain, string[] Rule)> RulesFor(string bridge, int serverPort)
    {
        var port = serverPort.ToString(CultureInfo.InvariantCulture);
        yield return ("FORWARD", ["-i", bridge, "-o", $"{BridgePrefix}+", "-j", "REJECT"]);
        yield return ("FORWARD", ["-i", bridge, "-o", bridge, "-j", "ACCEPT"]);
        yield return ("FORWARD", ["-i", bridge, "-d", LinkLocal, "-j", "REJECT"]);
        yield return ("INPUT", ["-i", bridge, "-d", LinkLocal, "-j", "REJECT"]);
        yield return
            ("INPUT", ["-i", bridge, "-p", "tcp", "--dport", port, "-j", "REJECT", "--reject-with", "tcp-reset"]);
    }
}
