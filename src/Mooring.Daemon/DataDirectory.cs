namespace Mooring.Daemon;

/// <summary>
/// The data directory, locked for one process. Where the kernel is the truth about mounts, two servers that each act on
/// it would undo each other's work: so a second one does not start (architecture, section 6).
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Pods' users, who are nobody on this machine, pass through it on the way to what is mounted below, and can't list
    // it.
    private const UnixFileMode PassThrough = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private DataDirectory(FileStream held) => _lock = held;

    /// <summary>Makes the directory if need be, and locks it until disposed.</summary>
    /// <exception cref="UsageException">It can't be used, or another mooringd has it.</exception>
    public static DataDirectory Take(string path)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path, PassThrough);
            }

            var held = new FileStream(Path.Combine(path, "mooringd.lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                // On Unix this takes an advisory lock (flock), which ends with the process however that ends.
                Share = FileShare.None,
                UnixCreateMode = OwnerOnly,
            });
            return new DataDirectory(held);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UsageException(
                $"{path} can't be written: {exception.Message} Choose another directory with --data.", exception);
        }
        catch (IOException exception)
        {
            throw new UsageException(
                $"{path} is in use by another mooringd, or can't be locked ({exception.Message}). "
                + "End that one first, or choose another directory with --data.",
                exception);
        }
    }

    /// <summary>A file that only its owner may read, made before anything is written to it.</summary>
    public static void EnsurePrivateFile(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = OwnerOnly,
        });
    }

    public void Dispose() => _lock.Dispose();
}
