using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Mooring.Cli.Configuration;

namespace Mooring.Cli.Ssh;

/// <summary>
/// A user's own login by the system's ssh. Addresses and ports are used again by other pods, so a host key is
/// remembered by the pod's id, in a file of ours: it is trusted at the first login, and must be the same from then on.
/// </summary>
internal static class Login
{
    public static IReadOnlyList<string> Arguments(
        SshTarget target,
        string podId,
        string knownHostsFile,
        string? identityFile,
        IReadOnlyList<string> command) =>
    [
        "-o", $"HostKeyAlias={podId}",
        "-o", $"UserKnownHostsFile={Quoted(knownHostsFile)}",
        "-o", "StrictHostKeyChecking=accept-new",
        .. identityFile is null ? Array.Empty<string>() : ["-i", identityFile],
        "-l", target.User,
        "-p", $"{target.Port}",
        "--", target.Host, .. command,
    ];

    /// <summary>Below XDG_STATE_HOME, by default ~/.local/state; its folder is made.</summary>
    public static string KnownHostsFile(Surroundings around)
    {
        var home = around.Variable("XDG_STATE_HOME") is { } given && Path.IsPathRooted(given)
            ? given
            : Path.Combine(around.Variable("HOME") ?? ".", ".local", "state");
        return Path.Combine(Directory.CreateDirectory(Path.Combine(home, "mooring")).FullName, "known_hosts");
    }

    /// <summary>Runs ssh with our streams.</summary>
    /// <exception cref="CommandFailedException">There is no ssh on this machine.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo("ssh", arguments);
        start.Environment.Remove(Access.KeyVariable);
        try
        {
            using var process = Process.Start(start)!;
            // The terminal sends it to the whole group; ssh decides what it means.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
            await process.WaitForExitAsync(ct);
            return process.ExitCode;
        }
        catch (Win32Exception e)
        {
            throw new CommandFailedException($"ssh could not be started ({e.Message}); install OpenSSH's client", e);
        }
    }

    // ssh_config(5): arguments that contain spaces may be enclosed in double quotes.
    private static string Quoted(string path) => $"\"{path}\"";
}
