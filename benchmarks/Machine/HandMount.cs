namespace Mooring.Benchmarks.Machine;

/// <summary>
/// A disk as docs/adr/0003 describes it, made and mounted by hand with the same programs and options that the local
/// provider and the agent use.
/// </summary>
internal sealed class HandMount : IAsyncDisposable
{
    private readonly string _directory;
    private string? _device;
    private bool _isMounted;

    private HandMount(string directory) => _directory = directory;

    /// <summary>A file on it, to read and write; nobody has made it yet.</summary>
    public string File => Path.Combine(MountPoint, "bench");

    private string MountPoint => Path.Combine(_directory, "mnt");

    public static async Task<HandMount> MakeAsync(string directory, int sizeGb, CancellationToken ct)
    {
        var mount = new HandMount(directory);
        try
        {
            await mount.MountAsync(sizeGb, ct);
            return mount;
        }
        catch
        {
            await mount.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await Tool.RunAsync("umount", [MountPoint], CancellationToken.None);
        }

        if (_device is not null)
        {
            await Tool.RunAsync("losetup", ["--detach", _device], CancellationToken.None);
        }
    }

    private async Task MountAsync(int sizeGb, CancellationToken ct)
    {
        Directory.CreateDirectory(MountPoint);
        var image = Path.Combine(_directory, "disk.img");
        await Tool.RunAsync("truncate", ["-s", $"{sizeGb}G", image], ct);
        await Tool.RunAsync(
            "mkfs.ext4",
            ["-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", image],
            ct);
        _device = (await Tool.RunAsync("losetup", ["--find", "--show", "--nooverlap", "--direct-io=on", image], ct))
            .Trim();
        await Tool.RunAsync("mount", ["-t", "ext4", "-o", "nosuid,nodev,noatime,discard", _device, MountPoint], ct);
        _isMounted = true;
    }
}
