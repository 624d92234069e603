using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mooring.Providers.Local;

/// <summary>
/// The system calls that keep an image whole across a crash and that .NET does not offer: hard links, the flush of a
/// directory, allocated blocks, and an absence (ENOENT) told apart from what can't be looked at. Numbers are Linux's,
/// the same on x86-64 and arm64.
/// </summary>
/// <exception cref="PosixException">Every method here throws it, and nothing else, when its call fails.</exception>
internal static partial class Posix
{
    private const int ReadWrite = 2;
    private const int CreateExclusively = 0x40 | 0x80;
    private const int CloseOnExec = 0x80000;
    private const int LockExclusively = 2;
    private const int LockOrFail = 4;
    private const int LetGo = 8;
    private const int CurrentDirectory = -100;
    private const int SymbolicLinkItself = 0x100;
    private const uint BasicFields = 0x7ff;
    private const uint OwnerOnlyFile = 0x180;
    private const uint OwnerOnlyDirectory = 0x1c0;

    /// <summary>What statx(2) says of a path (a symbolic link is not followed); null if there is nothing.</summary>
    public static FileStatus? Status(string path)
    {
        if (statx(CurrentDirectory, path, SymbolicLinkItself, BasicFields, out var raw) == 0)
        {
            return new FileStatus((raw.Mode & 0xf000) == 0x8000, raw.Inode, (long)raw.Size, (long)raw.Blocks * 512);
        }

        var failure = PosixException.Last("statx", path);
        return failure.Errno == Errno.NoEntry ? null : throw failure;
    }

    /// <summary>Makes a directory that only its owner may enter, unless there is something of that name.</summary>
    public static void MakeDirectory(string path)
    {
        if (mkdir(path, OwnerOnlyDirectory) != 0
            && PosixException.Last("mkdir", path) is { Errno: not Errno.Exists } failure)
        {
            throw failure;
        }
    }

    /// <summary>Makes a new file, readable and writable by its owner; one that exists is a failure.</summary>
    public static SafeFileHandle CreateNew(string path) => Open(path, ReadWrite | CreateExclusively);

    /// <summary>Opens a file or directory for reading.</summary>
    public static SafeFileHandle OpenForReading(string path) => Open(path, 0);

    /// <summary>
    /// Takes the advisory lock (flock(2)) of an open file; null if another open file has it. Dispose it before the
    /// file: a process that is just being forked elsewhere has a copy of the file, and closing ours would not let go.
    /// </summary>
    public static FileLock? TryLock(SafeFileHandle file, string path)
    {
        if (flock(file, LockExclusively | LockOrFail) == 0)
        {
            return new FileLock(file);
        }

        var failure = PosixException.Last("flock", path);
        return failure.Errno == Errno.WouldBlock ? null : throw failure;
    }

    /// <summary>Sets a file's length in bytes; what is added is a hole.</summary>
    public static void Truncate(SafeFileHandle file, long length, string path) =>
        Check(ftruncate(file, length), "ftruncate", path);

    /// <summary>Brings a file's content, or a directory's entries, to the disk.</summary>
    public static void Flush(SafeFileHandle file, string path) => Check(fsync(file), "fsync", path);

    /// <summary>Opens, flushes and closes a directory.</summary>
    public static void FlushDirectory(string path)
    {
        using var directory = OpenForReading(path);
        Flush(directory, path);
    }

    /// <summary>Gives a file a second name, atomically; fails with EEXIST where there is one of that name.</summary>
    public static void Link(string path, string newPath) => Check(link(path, newPath), "link", newPath);

    /// <summary>Removes a name; false if there was none.</summary>
    public static bool Unlink(string path)
    {
        if (unlink(path) == 0)
        {
            return true;
        }

        var failure = PosixException.Last("unlink", path);
        return failure.Errno == Errno.NoEntry ? false : throw failure;
    }

    // open(2) is variadic; on the two architectures a trailing integer is passed the same way as if it were not.
    private static SafeFileHandle Open(string path, int flags)
    {
        var file = open(path, flags | CloseOnExec, OwnerOnlyFile);
        if (file.IsInvalid)
        {
            var failure = PosixException.Last("open", path);
            file.Dispose();
            throw failure;
        }

        return file;
    }

    private static void Check(int result, string call, string path)
    {
        if (result != 0)
        {
            throw PosixException.Last(call, path);
        }
    }

    /// <summary>A lock that is held until disposed, or until this process ends.</summary>
    public sealed class FileLock(SafeFileHandle file) : IDisposable
    {
        // Letting go of a lock that we hold has no way to fail.
        public void Dispose() => _ = flock(file, LetGo);
    }

    // struct statx of statx(2): its layout is the same on every architecture.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct RawStatus
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(48)] public ulong Blocks;
    }

#pragma warning disable IDE1006 // the C library's own names
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out RawStatus status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(SafeFileHandle file, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string newPath);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlink(string path);
#pragma warning restore IDE1006
}

/// <summary>What the kernel says of a directory entry.</summary>
/// <param name="IsRegularFile">Not a directory, link, device or socket.</param>
/// <param name="Inode">Its number on its file system: two names of one file share it.</param>
/// <param name="Length">Bytes, holes included.</param>
/// <param name="Allocated">Bytes it takes on the disk.</param>
internal readonly record struct FileStatus(bool IsRegularFile, ulong Inode, long Length, long Allocated);

/// <summary>Linux error numbers (errno(3)) that mean something to us.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int WouldBlock = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int InvalidArgument = 22;
    public const int FileTooBig = 27;
    public const int NoSpace = 28;
    public const int QuotaExceeded = 122;
}

/// <summary>A system call's failure, not yet understood; <see cref="LocalErrors"/> does that.</summary>
/// <param name="errno">The error number.</param>
/// <param name="call">Name of the system call.</param>
/// <param name="path">What it was about.</param>
internal sealed class PosixException(int errno, string call, string path)
    : IOException($"{call} {ImageDirectory.Shown(path)}: {Marshal.GetPInvokeErrorMessage(errno)}")
{
    public int Errno { get; } = errno;

    public static PosixException Last(string call, string path) => new(Marshal.GetLastPInvokeError(), call, path);
}
