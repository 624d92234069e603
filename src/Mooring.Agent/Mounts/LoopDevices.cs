using System.Globalization;
using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Mounts;

/// <summary>A loop device over an image file.</summary>
/// <param name="Path">Its node, <c>/dev/loop3</c>.</param>
/// <param name="Number">Its number, <c>7:3</c>.</param>
internal sealed record LoopDevice(string Path, DeviceNumber Number);

/// <summary>
/// Loop devices of image files. One image never has two: both would cache the same blocks and destroy the file system.
/// Nothing is remembered; the kernel is asked each time.
/// </summary>
internal static class LoopDevices
{
    /// <summary>The image's device; null if it has none.</summary>
    /// <exception cref="RefusedException">It has several, or one that does not show the whole image for
    /// writing.</exception>
    public static async Task<LoopDevice?> FindAsync(string image, CancellationToken ct)
    {
        // An image that was removed has its device until it is let go, under its name with a mark.
        string[] which = File.Exists(image) ? ["--associated", image] : ["--list"];
        var outcome = await HostCommand.RunAsync(
            "losetup", [.. which, "--noheadings", "--output", "NAME,MAJ:MIN,OFFSET,SIZELIMIT,RO,BACK-FILE"], ct);
        outcome.OrRefuse("the loop devices can't be listed");

        // A line: "/dev/loop3   7:3      0         0  0 /var/lib/disks/one.img (deleted)".
        var lines = outcome.Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => which is ["--associated", _]
                || line.EndsWith($" {image}", StringComparison.Ordinal)
                || line.EndsWith($" {image} (deleted)", StringComparison.Ordinal))
            .ToList();
        switch (lines.Count)
        {
            case 0:
                return null;
            case > 1:
                throw new RefusedException(
                    "the disk's image has several loop devices on the host, which this agent never makes; "
                    + "an operator must detach the foreign one before the disk can be used");
            default:
                var fields = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return fields[2..5] is ["0", "0", "0"]
                    ? new LoopDevice(fields[0], DeviceNumber.Parse(fields[1]))
                    : throw new RefusedException(
                        $"the disk's image has a foreign loop device {fields[0]} that shows only part of it or is "
                        + "read-only; an operator must detach it before the disk can be used");
        }
    }

    /// <summary>Gives the image a device, or finds the one it has.</summary>
    /// <exception cref="RefusedException">The host can't.</exception>
    public static async Task<LoopDevice> AttachAsync(string image, CancellationToken ct)
    {
        if (await FindAsync(image, ct) is { } present)
        {
            return present;
        }

        // Direct I/O, or each block is cached twice: as a block of the file system and as a page of the image.
        // --nooverlap makes losetup take an existing device, should another process have made one just now.
        var outcome = await HostCommand.RunAsync(
            "losetup", ["--find", "--show", "--nooverlap", "--direct-io=on", image], ct);
        if (!outcome.Succeeded)
        {
            // File systems without direct I/O (tmpfs, some network ones) refuse the flag, not the device.
            outcome = await HostCommand.RunAsync("losetup", ["--find", "--show", "--nooverlap", image], ct);
        }

        outcome.OrRefuse("the disk's image gets no loop device");
        return await FindAsync(image, ct)
            ?? throw new RefusedException("the disk's image lost its loop device as soon as it had it");
    }

    /// <summary>Asks the kernel to drop the device. It does so when nobody holds it any more: ask again.</summary>
    public static Task DetachAsync(LoopDevice device, CancellationToken ct) =>
        // A device that went by itself in the meantime makes losetup fail; who asks again learns the truth.
        HostCommand.RunAsync("losetup", ["--detach", device.Path], ct);

    /// <summary>Whether the device is mounted somewhere or open for exclusive use, in any mount namespace.</summary>
    public static bool IsHeld(LoopDevice device) => Kernel.IsExclusivelyHeld(device.Path);

    /// <summary>
    /// Who still sees the device in its own mount namespace, for example <c>sshd (process 4711)</c>; null if no process
    /// is found. Only for words: the list is stale when it is read.
    /// </summary>
    public static string? HolderOf(LoopDevice device)
    {
        var mark = $" {device.Number} ";
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            var pid = Path.GetFileName(process);
            if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                continue;
            }

            try
            {
                if (File.ReadAllText($"{process}/mountinfo").Contains(mark, StringComparison.Ordinal))
                {
                    return $"{File.ReadAllText($"{process}/comm").Trim()} (process {pid})";
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process ended while we looked.
            }
        }

        return null;
    }
}
