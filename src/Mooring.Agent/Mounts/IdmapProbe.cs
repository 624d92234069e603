using System.ComponentModel;
using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Mounts;

/// <summary>
/// Whether this machine can do what attaching a disk takes, found out by doing it once with a small file system: loop
/// device, mount, idmapped mount. What a kernel can do does not change while it runs, so the answer is kept.
/// </summary>
internal static class IdmapProbe
{
    private const uint AnyBase = 1_000_000;
    private const long Size = 4 << 20;
    private const string Prefix = "probe-";

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? _answer;

    public static async Task<bool> WorksAsync(AgentOptions options, CancellationToken ct) =>
        await WhyNotAsync(options, ct) is "";

    /// <summary>Why it does not work, in words; empty if it does.</summary>
    public static async Task<string> WhyNotAsync(AgentOptions options, CancellationToken ct)
    {
        if (_answer is { } known)
        {
            return known;
        }

        await Gate.WaitAsync(ct);
        try
        {
            var answer = _answer ?? await TryAsync(options, ct);
            if (answer is "")
            {
                _answer = answer;
            }

            return answer;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> TryAsync(AgentOptions options, CancellationToken ct)
    {
        var directory = Path.Combine(options.RunDirectory, $"{Prefix}{Environment.ProcessId}");
        var image = ImageIn(directory);
        var mounted = MountedIn(directory);
        try
        {
            OwnerOnly.CreateDirectory(options.RunDirectory);
            await CleanAfterKilledAsync(options.RunDirectory);
            Directory.CreateDirectory(mounted);
            await using (var file = new FileStream(image, FileMode.CreateNew))
            {
                file.SetLength(Size);
            }

            (await HostCommand.RunAsync("mkfs.ext4", ["-q", "-F", image], ct)).OrRefuse("no file system can be made");
            var device = await LoopDevices.AttachAsync(image, ct);
            (await HostCommand.RunAsync("mount", ["-t", "ext4", device.Path, mounted], ct))
                .OrRefuse("nothing can be mounted");
            using var clone = Kernel.CloneMount(mounted);
            using var userNamespace = await UserNamespace.OpenAsync(AnyBase, ct);
            Kernel.Idmap(clone, userNamespace);
            return "";
        }
        catch (Exception e) when (e is RefusedException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
        finally
        {
            await CleanAsync(directory);
        }
    }

    /// <summary>
    /// Takes down what probes have left that were killed in their middle. Others may be probing now: mooringd, doctor.
    /// </summary>
    internal static async Task CleanAfterKilledAsync(string runDirectory)
    {
        foreach (var directory in Directory.GetDirectories(runDirectory, Prefix + "*"))
        {
            var process = Path.GetFileName(directory)[Prefix.Length..];
            if (process == $"{Environment.ProcessId}" || !Directory.Exists($"/proc/{process}"))
            {
                await CleanAsync(directory);
            }
        }
    }

    private static string ImageIn(string directory) => Path.Combine(directory, "image");

    private static string MountedIn(string directory) => Path.Combine(directory, "mounted");

    private static async Task CleanAsync(string directory)
    {
        var (image, mounted) = (ImageIn(directory), MountedIn(directory));
        try
        {
            if (MountTable.Read().At(mounted) is not null)
            {
                await HostCommand.RunAsync("umount", [mounted], CancellationToken.None);
            }

            if (File.Exists(image) && await LoopDevices.FindAsync(image, CancellationToken.None) is { } device)
            {
                await LoopDevices.DetachAsync(device, CancellationToken.None);
            }

            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception e) when (e is RefusedException or IOException or UnauthorizedAccessException)
        {
            // Left for the next probe or reboot: it lies under the run directory and harms nobody.
        }
    }
}
