using CliWrap;
using CliWrap.Buffered;

namespace Mooring.Conformance.Tests.Local;

/// <summary>A disk directory that is a mount, so that it can be full, or not be there.</summary>
internal sealed class MountedDirectory : IAsyncDisposable
{
    private const long RoomLeft = 64 << 10;

    private readonly string _path;
    private bool _isMounted;

    private MountedDirectory(string path, string content) => (_path, Content) = (path, content);

    /// <summary>Where what is in it can be seen even when it is not mounted.</summary>
    public string Content { get; }

    private string Filler => Path.Join(_path, "filler");

    /// <summary>A directory mounted from another one.</summary>
    public static async Task<MountedDirectory> MakeAsync(string path, string content)
    {
        Require();
        Directory.CreateDirectory(path);
        Directory.CreateDirectory(content);
        var made = new MountedDirectory(path, content);
        await made.MountAsync();
        return made;
    }

    /// <summary>A file system of 64 MiB.</summary>
    public static async Task<MountedDirectory> MakeSmallAsync(string mountPoint)
    {
        Require();
        Directory.CreateDirectory(mountPoint);
        var path = Path.Join(mountPoint, ".");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64m,nosuid,nodev", "mooring-conformance", mountPoint);
        return new MountedDirectory(mountPoint, path) { _isMounted = true };
    }

    public async Task MountAsync()
    {
        await RunAsync("mount", "--bind", Content, _path);
        _isMounted = true;
    }

    public async Task UnmountAsync()
    {
        await RunAsync("umount", _path);
        _isMounted = false;
    }

    /// <summary>Takes all room but a little.</summary>
    public async Task FillAsync()
    {
        var free = new DriveInfo(_path).AvailableFreeSpace - RoomLeft;
        await RunAsync("fallocate", "-l", free.ToString(), Filler);
    }

    public void Empty() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await UnmountAsync();
        }
    }

    private static void Require()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("missing kernel feature: mounts, and the right to make them");
        }
    }

    private static async Task RunAsync(string program, params string[] arguments) =>
        await Cli.Wrap(program).WithArguments(arguments).ExecuteBufferedAsync(CancellationToken.None);
}
