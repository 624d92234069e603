namespace Mooring.Agent.Hosts;

/// <summary>Directories that only their owner, root, may look into.</summary>
internal static class OwnerOnly
{
    /// <summary>Makes the directory, mode 0700, and its parents as far as they are missing.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The agent mounts disks and runs containers: it needs Linux.");
        }

        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
