using System.Security.Cryptography;
using System.Text;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>
/// What an installation has on this machine outside its data directory: processes, mounts, loop devices, bridges and
/// firewall rules. Only what bears this installation's names is looked at: others may run beside it.
/// </summary>
public sealed class Remains(string data, string installationId, IReadOnlyList<string> accounts)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private static readonly string[] Tables = ["filter", "nat"];

    // The kernel names a bridge by 15 characters, so mooringd makes it of a hash of installation and account.
    private IReadOnlyList<string> Bridges => [.. accounts.Select(account => "mrg-" + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{installationId}/{account}")))[..10])];

    /// <summary>Everything that is there now, in words; empty when nothing is.</summary>
    public async Task<IReadOnlyList<string>> FindAsync()
    {
        List<string> found = [];
        found.AddRange(OwnProcesses().Select(process => $"process {process.Pid}: {process.CommandLine.Replace('\0', ' ')}"));
        found.AddRange(Mounts().Select(path => $"mount {path}"));
        found.AddRange((await LoopDevices.BelowAsync(data)).Select(device => $"loop device {device}"));
        found.AddRange(ExistingBridges().Select(bridge => $"bridge {bridge}"));
        foreach (var table in Tables)
        {
            found.AddRange((await RulesAsync(table)).Select(rule => $"rule in {table}: {rule}"));
        }

        return found;
    }

    /// <summary>Waits until nothing of it is there; the kernel and the engine take a moment for the last of it.</summary>
    public async Task AssertNoneAsync()
    {
        IReadOnlyList<string> found = [];
        var started = TimeProvider.System.GetTimestamp();
        while ((found = await FindAsync()).Count > 0 && TimeProvider.System.GetElapsedTime(started) < Grace)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }

        found.ShouldBeEmpty("nothing of the installation is left on the machine");
    }

    /// <summary>Takes everything away, as a power cut does.</summary>
    public async Task CutPowerAsync()
    {
        await Until.HoldsAsync(
            async () =>
            {
                foreach (var process in OwnProcesses())
                {
                    await Processes.KillAsync(process.Pid);
                }

                return !OwnProcesses().Any();
            },
            "all its processes are killed");
        foreach (var path in Enumerable.Reverse(Mounts()))
        {
            await Tool.RunAsync("umount", "--lazy", path);
        }

        foreach (var device in await LoopDevices.BelowAsync(data))
        {
            await Tool.RunAsync("losetup", "--detach", device);
        }

        foreach (var bridge in ExistingBridges())
        {
            await Tool.RunAsync("ip", "link", "delete", bridge);
        }

        foreach (var table in Tables)
        {
            await RemoveRulesAsync(table);
        }
    }

    private IEnumerable<MachineProcess> OwnProcesses() => Processes.All().Where(process =>
        process.Pid != Environment.ProcessId
        && (process.CommandLine.Contains(data + "/", StringComparison.Ordinal)
            || process.CommandLine.Contains($"/run/mooring/{installationId}/", StringComparison.Ordinal)
            || IsInOurContainer(process.Pid)));

    // What runs in a container has only its own words on its command line; its root says whose storage it is on.
    private bool IsInOurContainer(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/mountinfo").FirstOrDefault(line => line.Split(' ')[4] == "/") is { } root
                && root.Contains($"{data}/engine/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private List<string> Mounts() => [.. File.ReadLines("/proc/self/mountinfo")
        .Select(line => line.Split(' ')[4])
        .Where(path => path.StartsWith(data + "/", StringComparison.Ordinal)
            || path.StartsWith($"/run/mooring/{installationId}/", StringComparison.Ordinal))];

    private List<string> ExistingBridges() => [.. Bridges.Where(bridge => Directory.Exists($"/sys/class/net/{bridge}"))];

    private async Task<IReadOnlyList<string>> RulesAsync(string table)
    {
        var listed = (await Tool.RunAsync("iptables", "-w", "10", "-t", table, "-S"))
            .OrFail("the firewall's rules can't be listed");
        List<string> marks = [.. Bridges, $"mrg-{installationId}-"];
        return [.. listed.Lines.Where(rule => marks.Exists(mark => rule.Contains(mark, StringComparison.Ordinal)))];
    }

    private async Task RemoveRulesAsync(string table)
    {
        foreach (var rule in await RulesAsync(table))
        {
            List<string> words = [.. Words(rule)];
            if (words[0] == "-A")
            {
                words[0] = "-D";
                await Tool.RunAsync("iptables", ["-w", "10", "-t", table, .. words], "");
            }
        }
    }

    // A rule's words, of which a comment's is in quotation marks.
    private static IEnumerable<string> Words(string rule)
    {
        var parts = rule.Split('"');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1)
            {
                yield return parts[i];
                continue;
            }

            foreach (var word in parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return word;
            }
        }
    }
}
