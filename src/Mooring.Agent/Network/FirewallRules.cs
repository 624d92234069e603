using System.Globalization;
using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Network;

/// <summary>
/// What pods of one bridge can't reach: pods of other bridges, link-local addresses, behind which clouds and machines
/// keep credentials for whoever asks, and Mooring's port on this host. The rules stand before the engine's, which it
/// appends. The engine's isolation of bridges alone is not enough: netavark 1.4 drops the jump to its rules for all of
/// them when the last container of any isolated network goes.
/// </summary>
internal static class FirewallRules
{
    /// <summary>What the name of every bridge of every installation starts with.</summary>
    public const string BridgePrefix = "mrg-";

    private const string LinkLocal = "169.254.0.0/16";

    // Another program may hold the tables' lock for a moment (iptables(8), --wait).
    private static readonly string[] Wait = ["-w", "10"];

    /// <summary>Sets the rules that are missing. For one bridge, one call at a time.</summary>
    /// <exception cref="RefusedException">The host can't filter; nothing may be started then.</exception>
    public static async Task EnsureAsync(string bridge, int serverPort, CancellationToken ct)
    {
        var wasOpen = await EnsureAsync(ToOtherBridges(bridge), ct);
        if (wasOpen)
        {
            // It went to the top, where what is allowed within the bridge has to stand.
            await RemoveAsync(WithinBridge(bridge), ct);
        }

        await EnsureAsync(WithinBridge(bridge), ct);
        foreach (var rule in ToHost(bridge, serverPort))
        {
            await EnsureAsync(rule, ct);
        }
    }

    /// <summary>Removes the rules, as often as they are there.</summary>
    public static async Task RemoveAsync(string bridge, int serverPort, CancellationToken ct)
    {
        Rule[] rules = [ToOtherBridges(bridge), WithinBridge(bridge), .. ToHost(bridge, serverPort)];
        foreach (var rule in rules)
        {
            await RemoveAsync(rule, ct);
        }
    }

    private static Rule ToOtherBridges(string bridge) =>
        new("FORWARD", ["-i", bridge, "-o", $"{BridgePrefix}+", "-j", "REJECT"]);

    private static Rule WithinBridge(string bridge) => new("FORWARD", ["-i", bridge, "-o", bridge, "-j", "ACCEPT"]);

    private static IEnumerable<Rule> ToHost(string bridge, int serverPort)
    {
        var port = serverPort.ToString(CultureInfo.InvariantCulture);
        yield return new("FORWARD", ["-i", bridge, "-d", LinkLocal, "-j", "REJECT"]);
        yield return new("INPUT", ["-i", bridge, "-d", LinkLocal, "-j", "REJECT"]);
        yield return new(
            "INPUT", ["-i", bridge, "-p", "tcp", "--dport", port, "-j", "REJECT", "--reject-with", "tcp-reset"]);
    }

    /// <returns>Whether it was missing.</returns>
    private static async Task<bool> EnsureAsync(Rule rule, CancellationToken ct)
    {
        if ((await HostCommand.RunAsync("iptables", [.. Wait, "-C", rule.Chain, .. rule.Terms], ct)).Succeeded)
        {
            return false;
        }

        var outcome = await HostCommand.RunAsync("iptables", [.. Wait, "-I", rule.Chain, "1", .. rule.Terms], ct);
        outcome.OrRefuse("the host can't close its own addresses to instances");
        return true;
    }

    private static async Task RemoveAsync(Rule rule, CancellationToken ct)
    {
        while ((await HostCommand.RunAsync("iptables", [.. Wait, "-D", rule.Chain, .. rule.Terms], ct)).Succeeded)
        {
            ct.ThrowIfCancellationRequested();
        }
    }

    private sealed record Rule(string Chain, IReadOnlyList<string> Terms);
}
