using System.ComponentModel;
using Mooring.Agent.Hosts;
using Mooring.Providers;

namespace Mooring.Agent.Mounts;

/// <summary>
/// The directories over which disks are mounted. They and their parents are immutable and closed to everyone but root,
/// so that where a mount is missing nothing is written by mistake into the host's own directory, and the engine can't
/// make a missing one (it silently makes the source of a bind mount otherwise). The flag is lifted only while a
/// directory is added or removed, one at a time.
/// </summary>
internal sealed class MountPoints(string root) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The directory under which all of them lie.</summary>
    public string Root { get; } = root;

    /// <summary>
    /// Makes the directory and its parents below <see cref="Root"/>, as far as they are missing. Nothing may be mounted
    /// at it.
    /// </summary>
    /// <exception cref="RefusedException">The host's file system refuses.</exception>
    public Task EnsureAsync(string path, CancellationToken ct) => AloneAsync(
        path,
        () =>
        {
            if (!Directory.Exists(Root))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Root)!);
                OwnerOnly.CreateDirectory(Root);
            }

            Kernel.SetImmutable(Root, true);
            var parent = Root;
            foreach (var segment in Path.GetRelativePath(Root, path).Split('/'))
            {
                var directory = Path.Combine(parent, segment);
                if (!Directory.Exists(directory))
                {
                    Kernel.SetImmutable(parent, false);
                    OwnerOnly.CreateDirectory(directory);
                    CrashPoint.Pass("agent.point.made");
                    Kernel.SetImmutable(parent, true);
                }

                // Also where it was there: a crash may have come between the two steps.
                Kernel.SetImmutable(directory, true);
                parent = directory;
            }
        },
        ct);

    /// <summary>
    /// Removes the directory, then each parent below <see cref="Root"/> that is empty then. Nothing may be mounted at
    /// it.
    /// </summary>
    /// <exception cref="RefusedException">The host's file system refuses.</exception>
    public Task RemoveAsync(string path, CancellationToken ct) => AloneAsync(
        path,
        () =>
        {
            var directory = path;
            while (directory != Root)
            {
                var parent = Path.GetDirectoryName(directory)!;
                if (Directory.Exists(directory))
                {
                    if (Directory.EnumerateFileSystemEntries(directory).Any())
                    {
                        return;
                    }

                    Kernel.SetImmutable(parent, false);
                    Kernel.SetImmutable(directory, false);
                    Directory.Delete(directory);
                    CrashPoint.Pass("agent.point.removed");
                    Kernel.SetImmutable(parent, true);
                }

                directory = parent;
            }
        },
        ct);

    /// <summary>Removes even the root, if nothing is left in it.</summary>
    public Task RemoveRootAsync(CancellationToken ct) => AloneAsync(
        Root,
        () =>
        {
            if (Directory.Exists(Root) && !Directory.EnumerateFileSystemEntries(Root).Any())
            {
                Kernel.SetImmutable(Root, false);
                Directory.Delete(Root);
            }
        },
        ct);

    public void Dispose() => _gate.Dispose();

    private async Task AloneAsync(string path, Action change, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new RefusedException($"the host can't prepare the mount point {path}: {e.Message}", e);
        }
        finally
        {
            _gate.Release();
        }
    }
}
