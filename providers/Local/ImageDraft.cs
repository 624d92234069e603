using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Mooring.Providers.Local;

/// <summary>
/// An image in the making, under a temporary name that goes when this is disposed. While it lives its file is locked,
/// by which others know it from a leftover.
/// </summary>
internal sealed class ImageDraft : IDisposable
{
    private readonly Posix.FileLock _held;

    private ImageDraft(string path, SafeFileHandle file, Posix.FileLock held) =>
        (Path, File, _held) = (path, file, held);

    /// <summary>The temporary name.</summary>
    public string Path { get; }

    /// <summary>The file, open for reading and writing; empty at first.</summary>
    public SafeFileHandle File { get; }

    /// <summary>Starts a draft of the image of <paramref name="name"/>.</summary>
    public static ImageDraft Start(ImageDirectory directory, string name, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            // Unpredictability is of no use here; a name that is taken makes the creation fail, not overwrite.
            var path = directory.TemporaryOf(name, RandomNumberGenerator.GetHexString(16, lowercase: true));
            var file = Posix.CreateNew(path);
            // Until it is locked it looks like a leftover. Whoever cleans up must have the lock to remove it, so once
            // it is ours and the name still there, the draft is safe from them; else there is nothing lost.
            if (Posix.TryLock(file, path) is { } held)
            {
                if (Posix.Status(path) is not null)
                {
                    return new ImageDraft(path, file, held);
                }

                held.Dispose();
            }

            file.Dispose();
        }
    }

    /// <summary>Removes the temporary name, and with it the draft unless it has got another.</summary>
    public void Dispose()
    {
        try
        {
            Posix.Unlink(Path);
        }
        catch (PosixException)
        {
            // It changes nothing in what was achieved, and the next look at this disk removes it.
        }

        _held.Dispose();
        File.Dispose();
    }
}
