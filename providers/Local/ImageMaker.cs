using System.Text;
using CliWrap;

namespace Mooring.Providers.Local;

/// <summary>
/// Makes an image so that it is either whole under its true name or not there at all, whatever crashes and whoever
/// else makes the same one at the same time: the file system is made under a temporary name, brought to the disk, and
/// only then linked to the true name. link(2) is atomic and fails where the name is taken, so of two makers one wins,
/// and an <c>mkfs</c> that outlives us writes to a file that nobody will look at.
/// </summary>
internal sealed class ImageMaker(ImageDirectory directory, string? mkfs)
{
    // The directories where Debian and its like keep mkfs, and which the PATH of other users than root lacks.
    private static readonly string[] SystemDirectories = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

    /// <summary>Makes the image of <paramref name="name"/>, unless it appears meanwhile.</summary>
    /// <exception cref="ProviderException">It was not made, or (unknown outcome) may not last.</exception>
    public async Task MakeAsync(string name, ByteSize size, CancellationToken ct)
    {
        using var draft = ImageDraft.Start(directory, name, ct);
        Posix.Truncate(draft.File, size.Bytes, draft.Path);
        CrashPoint.Pass("local.mkfs.before");
        await MakeFileSystemAsync(draft.Path, name, ct);
        CrashPoint.Pass("local.mkfs.after");
        Posix.Flush(draft.File, draft.Path);
        directory.RequireMarker();
        GiveTrueName(draft.Path, name);
    }

    private void GiveTrueName(string draft, string name)
    {
        try
        {
            CrashPoint.Pass("local.link.before");
            Posix.Link(draft, directory.ImageOf(name));
            CrashPoint.Pass("local.link.after");
        }
        catch (PosixException failure) when (failure.Errno == Errno.Exists)
        {
            // Another maker of the same disk was faster; theirs is as good as ours.
        }
        catch (PosixException failure) when (failure.Errno == Errno.NoEntry)
        {
            throw TakenAway(name);
        }

        try
        {
            Posix.FlushDirectory(directory.FullPath);
        }
        catch (PosixException failure)
        {
            throw LocalErrors.AfterChange(failure);
        }
    }

    // A delete takes a draft from anybody.
    private static UnreachableException TakenAway(string name) =>
        new($"The image of {name} was removed while it was being made.");

    private async Task MakeFileSystemAsync(string path, string name, CancellationToken ct)
    {
        var errors = new StringBuilder();
        var result = await Cli.Wrap(mkfs ?? FindMkfs())
            .WithArguments(
            [
                // Without a question, though it is a file and not a device.
                "-q", "-F",
                // No blocks reserved for root: the user gets what he pays for.
                "-m", "0",
                // ext4's labels have 16 characters at most; an id's last digits are its random ones.
                "-L", $"mrg-{name[^12..]}",
                "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard",
                path,
            ])
            .WithEnvironmentVariables(env => env.Set("LC_ALL", "C"))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(ct);
        if (result.ExitCode != 0)
        {
            throw Posix.Status(path) is null
                ? TakenAway(name)
                : LocalErrors.FromMkfs(result.ExitCode, errors.Replace(path, ImageDirectory.Shown(path)).ToString());
        }
    }

    private static string FindMkfs()
    {
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return path.Concat(SystemDirectories)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Join(folder, "mkfs.ext4"))
            .FirstOrDefault(File.Exists)
            ?? throw new UnreachableException("mkfs.ext4 is not on this machine; install the package e2fsprogs.");
    }
}
