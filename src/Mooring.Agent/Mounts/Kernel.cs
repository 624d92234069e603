using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Win32.SafeHandles;

namespace Mooring.Agent.Mounts;

/// <summary>
/// System calls for which .NET has no name. The mount calls' numbers (linux/unistd.h, since 5.2 and 5.12) are the same
/// on every architecture; they go through <c>syscall</c> because older C libraries lack wrappers.
/// </summary>
internal static unsafe partial class Kernel
{
    private const nint MoveMountNumber = 429;
    private const nint OpenTreeNumber = 428;
    private const nint MountSetAttrNumber = 442;

    private const nint AtCurrentDirectory = -100;
    private const nint AtEmptyPath = 0x1000;
    private const nint OpenTreeClone = 1;
    private const nint OpenTreeCloseOnExec = 0x80000;
    private const nint MoveMountFromEmptyPath = 4;
    private const ulong MountAttributeIdmap = 0x00100000;
    private const ulong PrivatePropagation = 1 << 18;

    private const int OpenReadOnly = 0;
    private const int OpenExclusive = 0x80;
    private const int OpenCloseOnExec = 0x80000;
    private const int Busy = 16;

    // FS_IOC_GETFLAGS and FS_IOC_SETFLAGS of linux/fs.h, in their 64-bit form; the kernel reads and writes 32 bits.
    private const nuint GetFlags = 0x80086601;
    private const nuint SetFlags = 0x40086602;
    private const int ImmutableFlag = 0x10;

    /// <summary>A second, detached view of what is mounted at a path.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static SafeFileHandle CloneMount(string path)
    {
        var bytes = Utf8StringMarshaller.ConvertToUnmanaged(path);
        try
        {
            const nint Flags = OpenTreeClone | OpenTreeCloseOnExec;
            var fd = Syscall(OpenTreeNumber, AtCurrentDirectory, (nint)bytes, Flags, 0, 0);
            return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LastError("open_tree");
        }
        finally
        {
            Utf8StringMarshaller.Free(bytes);
        }
    }

    /// <summary>Shifts the owners that a detached mount shows, as the user namespace maps them.</summary>
    /// <exception cref="Win32Exception">The kernel or the file system can't.</exception>
    public static void Idmap(SafeFileHandle mount, SafeFileHandle userNamespace)
    {
        var attributes = new MountAttributes
        {
            Set = MountAttributeIdmap,
            Propagation = PrivatePropagation,
            UserNamespace = (ulong)userNamespace.DangerousGetHandle(),
        };
        byte empty = 0;
        if (Syscall(MountSetAttrNumber, mount.DangerousGetHandle(), (nint)(&empty), AtEmptyPath,
            (nint)(&attributes), sizeof(MountAttributes)) < 0)
        {
            throw LastError("mount_setattr");
        }
    }

    /// <summary>Puts a detached mount at a path.</summary>
    /// <exception cref="Win32Exception">The kernel refused.</exception>
    public static void AttachMount(SafeFileHandle mount, string path)
    {
        var bytes = Utf8StringMarshaller.ConvertToUnmanaged(path);
        byte empty = 0;
        try
        {
            if (Syscall(MoveMountNumber, mount.DangerousGetHandle(), (nint)(&empty), AtCurrentDirectory, (nint)bytes,
                MoveMountFromEmptyPath) < 0)
            {
                throw LastError("move_mount");
            }
        }
        finally
        {
            Utf8StringMarshaller.Free(bytes);
        }
    }

    /// <summary>
    /// Whether a block device is in exclusive use (open(2), O_EXCL on a block device): mounted, or under a check.
    /// </summary>
    public static bool IsExclusivelyHeld(string device)
    {
        var fd = Open(device, OpenReadOnly | OpenExclusive | OpenCloseOnExec);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError() == Busy;
        }

        new SafeFileHandle(fd, ownsHandle: true).Dispose();
        return false;
    }

    /// <summary>Whether nothing may be made or removed in a directory, not even by root.</summary>
    public static bool IsImmutable(string directory)
    {
        using var handle = OpenDirectory(directory);
        var flags = 0;
        return Ioctl((int)handle.DangerousGetHandle(), GetFlags, &flags) >= 0 && (flags & ImmutableFlag) != 0;
    }

    /// <summary>Sets or lifts that. False where the file system knows no such flag.</summary>
    public static bool SetImmutable(string directory, bool immutable)
    {
        using var handle = OpenDirectory(directory);
        var fd = (int)handle.DangerousGetHandle();
        var flags = 0;
        if (Ioctl(fd, GetFlags, &flags) < 0)
        {
            return false;
        }

        flags = immutable ? flags | ImmutableFlag : flags & ~ImmutableFlag;
        return Ioctl(fd, SetFlags, &flags) >= 0;
    }

    private static SafeFileHandle OpenDirectory(string path)
    {
        var fd = Open(path, OpenReadOnly | OpenCloseOnExec);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LastError($"open {path}");
    }

    private static Win32Exception LastError(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{call}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int fd, nuint request, int* argument);

    /// <summary><c>struct mount_attr</c> of linux/mount.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }
}
