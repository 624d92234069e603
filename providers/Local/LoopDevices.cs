namespace Mooring.Providers.Local;

/// <summary>Which loop devices of this machine hold an image, as the kernel tells it now.</summary>
internal static class LoopDevices
{
    /// <summary>Names such as <c>loop3</c> of the devices over the image at <paramref name="path"/>.</summary>
    public static IReadOnlyList<string> Over(string path)
    {
        var file = KernelPath(path);
        return [.. Devices().Where(device => BackingFile(device) == file).Select(Path.GetFileName).OfType<string>()];
    }

    // The kernel shows a backing file without the symbolic links that led to it; an open file is shown the same way.
    private static string KernelPath(string path)
    {
        using var file = Posix.OpenForReading(path);
        var link = new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}");
        return link.LinkTarget ?? throw new IOException($"{link.FullName} is not readable.");
    }

    private static IEnumerable<string> Devices() =>
        Directory.Exists("/sys/block") ? Directory.EnumerateDirectories("/sys/block", "loop*") : [];

    private static string? BackingFile(string device)
    {
        try
        {
            // One line: /var/lib/mooring/disks/mrg-….img
            return File.ReadAllText(Path.Join(device, "loop", "backing_file")).TrimEnd('\n');
        }
        catch (IOException)
        {
            // A device with nothing in it has no such file, and one that is being let go answers ENXIO.
            return null;
        }
    }
}
