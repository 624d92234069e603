namespace Mooring.Providers.Local;

/// <summary>
/// The directory of one installation's images: whether it is the right one, and what the names in it mean.
/// <list type="bullet">
/// <item><c>.mooring-installation</c>: the marker; holds the installation's id. Without it the directory is not ours
/// to judge: its file system may not be mounted, and what it seems to lack proves nothing.</item>
/// <item><c>NAME.img</c>: the image of the disk NAME, whole.</item>
/// <item><c>.creating-NAME-RANDOM</c>: an image in the making. Its maker holds its lock (flock(2)) while it lives, so
/// one whose lock is free is a leftover.</item>
/// </list>
/// Anything else is not ours and left alone.
/// </summary>
internal sealed class ImageDirectory(string path, string installation)
{
    private const string MarkerName = ".mooring-installation";
    private const string Creating = ".creating-";
    private const string ImageSuffix = ".img";
    private const int RandomDigits = 16;

    /// <summary>The directory.</summary>
    public string FullPath { get; } = path;

    /// <summary>Path of a disk's image; call <see cref="RequireName"/> before.</summary>
    public string ImageOf(string name) => Path.Join(FullPath, name + ImageSuffix);

    /// <summary>A path for an image in the making, <paramref name="random"/> being 16 characters.</summary>
    public string TemporaryOf(string name, string random) => Path.Join(FullPath, $"{Creating}{name}-{random}");

    /// <summary>
    /// A path as words show it: without a draft's random digits, so that the same failure has the same words each time.
    /// </summary>
    public static string Shown(string path) =>
        Path.GetFileName(path).StartsWith(Creating, StringComparison.Ordinal) && path.Length > RandomDigits
            ? path[..^(RandomDigits + 1)]
            : path;

    /// <summary>Stops what is not a disk's name of this installation from becoming a path.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public void RequireName(string name)
    {
        if (!IsName(name))
        {
            throw new RefusedException($"'{name}' is not the name of a disk of this installation.");
        }
    }

    /// <summary>Makes sure that this is the directory of this installation.</summary>
    /// <exception cref="UnreachableException">The marker is missing, not readable, or bears another id.</exception>
    public void RequireMarker()
    {
        string found;
        try
        {
            found = File.ReadAllText(Path.Join(FullPath, MarkerName)).Trim();
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreachableException(
                $"The disk directory {FullPath} lacks this installation's marker ({MarkerName}); " +
                "is its file system mounted?",
                failure);
        }

        if (found != installation)
        {
            throw new UnreachableException(
                $"The disk directory {FullPath} belongs to installation '{found}', not to '{installation}'.");
        }
    }

    /// <summary>
    /// Makes the directory (mode 0700) and its marker, unless the marker of this installation is there already.
    /// </summary>
    /// <exception cref="UnreachableException">There is something else in the directory.</exception>
    public void Initialize()
    {
        var parent = Path.GetDirectoryName(FullPath);
        if (parent is not null)
        {
            Directory.CreateDirectory(parent);
        }

        Posix.MakeDirectory(FullPath);
        var marker = Path.Join(FullPath, MarkerName);
        if (Posix.Status(marker) is null)
        {
            RequireEmpty();
            WriteMarker(marker);
        }

        RequireMarker();
    }

    /// <summary>Names of this installation's disks that have an image, in no order.</summary>
    public IEnumerable<string> ImageNames() => Entries()
        .Where(entry => entry.EndsWith(ImageSuffix, StringComparison.Ordinal))
        .Select(entry => entry[..^ImageSuffix.Length])
        .Where(IsName);

    /// <summary>
    /// Removes what makers of images that are no more have left behind, for one disk or, with null, for all.
    /// </summary>
    /// <returns>How many were removed, and whether a maker is still at work.</returns>
    public (int Removed, bool IsBeingMade) RemoveLeftovers(string? name)
    {
        var removed = 0;
        var isBeingMade = false;
        foreach (var temporary in Temporaries(name))
        {
            if (RemoveUnlessLocked(temporary))
            {
                removed++;
            }
            else
            {
                isBeingMade = true;
            }
        }

        return (removed, isBeingMade);
    }

    /// <summary>
    /// Removes a disk's images in the making even from under a living maker, which then can't complete: the name it
    /// means to link is gone.
    /// </summary>
    public void RemoveTemporaries(string name)
    {
        foreach (var temporary in Temporaries(name))
        {
            Posix.Unlink(temporary);
        }
    }

    /// <summary>Bytes that this installation's images take on the disk now.</summary>
    public long Allocated() => Entries()
        .Where(entry => IsImage(entry) || TemporaryNameIn(entry) is not null)
        .Select(entry => Posix.Status(Path.Join(FullPath, entry)))
        .OfType<FileStatus>()
        .Where(status => status.IsRegularFile)
        // An image that is just getting its true name has two.
        .DistinctBy(status => status.Inode)
        .Sum(status => status.Allocated);

    private static bool RemoveUnlessLocked(string temporary)
    {
        if (Posix.Status(temporary) is not { IsRegularFile: true })
        {
            return true;
        }

        try
        {
            using var file = Posix.OpenForReading(temporary);
            using var held = Posix.TryLock(file, temporary);
            if (held is null)
            {
                return false;
            }

            Posix.Unlink(temporary);
        }
        catch (PosixException failure) when (failure.Errno == Errno.NoEntry)
        {
            // Its maker, or another who cleans up, was faster.
        }

        return true;
    }

    private bool IsName(string name) => RemoteName.IdIn(installation, name) is not null;

    private bool IsImage(string entry) =>
        entry.EndsWith(ImageSuffix, StringComparison.Ordinal) && IsName(entry[..^ImageSuffix.Length]);

    private IEnumerable<string> Temporaries(string? name) => Entries()
        .Where(entry => TemporaryNameIn(entry) is { } found && (name is null || found == name))
        .Select(entry => Path.Join(FullPath, entry));

    private string? TemporaryNameIn(string entry)
    {
        if (entry.Length != Creating.Length + RemoteName.Length + 1 + RandomDigits
            || !entry.StartsWith(Creating, StringComparison.Ordinal))
        {
            return null;
        }

        var name = entry.Substring(Creating.Length, RemoteName.Length);
        return IsName(name) ? name : null;
    }

    private List<string> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(FullPath).Select(Path.GetFileName).OfType<string>()];

    private void RequireEmpty()
    {
        // A new ext4 has a lost+found; a marker in the making is a start that was cut short.
        var foreign = Entries().Find(entry =>
            entry != "lost+found" && !entry.StartsWith(MarkerName, StringComparison.Ordinal));
        if (foreign is not null)
        {
            throw new UnreachableException(
                $"The disk directory {FullPath} is not empty ('{foreign}') and lacks this installation's marker " +
                $"({MarkerName}); is it the right directory?");
        }
    }

    private void WriteMarker(string marker)
    {
        var temporary = $"{marker}-{Environment.ProcessId}";
        Posix.Unlink(temporary);
        File.WriteAllText(temporary, installation + "\n");
        using (var file = Posix.OpenForReading(temporary))
        {
            Posix.Flush(file, temporary);
        }

        File.Move(temporary, marker, overwrite: true);
        Posix.FlushDirectory(FullPath);
        if (Path.GetDirectoryName(FullPath) is { } parent)
        {
            Posix.FlushDirectory(parent);
        }
    }
}
