using CliWrap;
using CliWrap.Buffered;

namespace Mooring.Providers.Local.Tests;

/// <summary>A file mounted through a loop device, until disposed.</summary>
internal sealed class LoopFileSystem : IAsyncDisposable
{
    private LoopFileSystem(string device, string mountPoint) => (Device, MountPoint) = (device, mountPoint);

    /// <summary>For example <c>/dev/loop0</c>.</summary>
    public string Device { get; }

    public string MountPoint { get; }

    /// <summary>Attaches an image and mounts it as an agent does; skips the test where this can't be done.</summary>
    public static async Task<LoopFileSystem> MountAsync(string image)
    {
        var device = await AttachAsync(image);
        var mountPoint = Directory.CreateTempSubdirectory("mooring-mount-").FullName;
        try
        {
            await RunAsync("mount", "-t", "ext4", "-o", "discard,noatime,nosuid,nodev", device, mountPoint);
        }
        catch
        {
            Directory.Delete(mountPoint);
            await DetachAsync(device);
            throw;
        }

        return new LoopFileSystem(device, mountPoint);
    }

    /// <summary>Makes a new ext4 of this size in a temporary file, and mounts it.</summary>
    public static async Task<LoopFileSystem> MakeAsync(long mebibytes)
    {
        var image = Path.GetTempFileName();
        try
        {
            await using (var file = File.OpenWrite(image))
            {
                file.SetLength(mebibytes << 20);
            }

            await RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", image);
            return await MountAsync(image);
        }
        finally
        {
            // The loop device keeps the file's content as long as it needs it.
            File.Delete(image);
        }
    }

    /// <summary>Puts an image into a loop device; skips the test where there are none or we may not.</summary>
    public static async Task<string> AttachAsync(string image)
    {
        if (!File.Exists("/dev/loop-control") || Environment.UserName != "root")
        {
            Assert.Skip("missing kernel feature: loop devices, and the right to mount them");
        }

        return (await RunAsync("losetup", "-f", "--show", "--direct-io=on", image)).Trim();
    }

    public static Task<string> DetachAsync(string device) => RunAsync("losetup", "-d", device);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", MountPoint);
        await DetachAsync(Device);
        Directory.Delete(MountPoint);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await Cli.Wrap(program).WithArguments(arguments).ExecuteBufferedAsync(CancellationToken.None);
        return result.StandardOutput;
    }
}
