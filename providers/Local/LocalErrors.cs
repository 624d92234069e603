using System.ComponentModel;

namespace Mooring.Providers.Local;

/// <summary>Every native failure becomes exactly one typed error; this is the only place that decides which.</summary>
internal static class LocalErrors
{
    /// <summary>Failures that <see cref="From(Exception)"/> understands.</summary>
    public static bool IsNative(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or Win32Exception;

    /// <summary>The typed error for a failure that certainly changed nothing.</summary>
    public static ProviderException From(Exception failure) => failure switch
    {
        PosixException { Errno: Errno.NoSpace or Errno.QuotaExceeded } =>
            new OutOfStockException($"This machine has no room left for disks ({failure.Message}).", failure),
        PosixException { Errno: Errno.NotPermitted or Errno.AccessDenied } or UnauthorizedAccessException =>
            new UnauthorizedException($"The system does not let us at the disks ({failure.Message}).", failure),
        PosixException { Errno: Errno.FileTooBig or Errno.InvalidArgument } =>
            new RefusedException($"The file system below can't hold a disk this large ({failure.Message}).", failure),
        _ => new UnreachableException($"The disk directory can't be read or written ({failure.Message}).", failure),
    };

    /// <summary>The typed error for a change that was made, but may not be on the disk yet.</summary>
    public static ProviderException AfterChange(Exception failure) =>
        new UnknownOutcomeException($"The change may not be on the disk yet ({failure.Message}).", failure);

    /// <summary>
    /// The typed error for an <c>mkfs.ext4</c> that did not end with 0. It speaks English (LC_ALL=C): first its
    /// version, <c>mke2fs 1.47.0 (5-Feb-2023)</c>, then what is wrong, with the kernel's words where it was a call that
    /// failed: <c>mkfs.ext4: No space left on device while writing out and closing file system</c>. A signal ends it
    /// with 128 and more. What it says beyond that is about the size asked for.
    /// </summary>
    public static ProviderException FromMkfs(int exitCode, string standardError)
    {
        var lines = standardError.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("mke2fs ", StringComparison.Ordinal));
        var words = string.Join(' ', lines.DefaultIfEmpty($"exit code {exitCode}"));
        if (Says("No space left on device") || Says("Disk quota exceeded"))
        {
            return new OutOfStockException($"This machine has no room left for disks ({words}).");
        }

        return exitCode >= 128 || Says("Input/output error") || Says("Read-only file system")
            ? new UnreachableException($"The file system of the disk could not be made ({words}).")
            : new RefusedException($"The file system of the disk can't be made ({words}).");

        bool Says(string text) => words.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
