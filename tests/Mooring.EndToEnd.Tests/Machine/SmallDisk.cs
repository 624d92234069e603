using System.Globalization;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>A file system of its own, small enough to be filled.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _image;

    private SmallDisk(string name) => (_image, Path) = ($"/var/tmp/{name}.img", $"/var/tmp/{name}");

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Filler => $"{Path}/filler";

    public static async Task<SmallDisk> MakeAsync(int megabytes)
    {
        var disk = new SmallDisk($"mooring-disk-{Guid.CreateVersion7():N}");
        var size = string.Create(CultureInfo.InvariantCulture, $"{megabytes}M");
        (await Tool.RunAsync("truncate", "--size", size, disk._image)).OrFail("the image is not made");
        // Nothing is kept back for root, which is who fills it.
        (await Tool.RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", disk._image)).OrFail("it gets no file system");
        Directory.CreateDirectory(disk.Path);
        (await Tool.RunAsync("mount", "-o", "loop", disk._image, disk.Path)).OrFail("it can't be mounted");
        return disk;
    }

    /// <summary>Leaves so much free, and no more.</summary>
    public async Task FillAsync(long bytesLeft)
    {
        const long Metadata = 16 << 20;
        var free = new DriveInfo(Path).AvailableFreeSpace;
        var length = (free - Math.Max(bytesLeft, Metadata)).ToString(CultureInfo.InvariantCulture);
        (await Tool.RunAsync("fallocate", "--length", length, Filler)).OrFail("it can't be filled");
        if (bytesLeft == 0)
        {
            // To the last block, by writing until nothing more is taken.
            await Tool.RunAsync("dd", "if=/dev/zero", $"of={Filler}2", "bs=4k", "status=none");
        }
    }

    public void Free()
    {
        File.Delete(Filler);
        File.Delete($"{Filler}2");
    }

    public async ValueTask DisposeAsync()
    {
        (await Tool.RunAsync("umount", Path)).OrFail("it can't be unmounted");
        Directory.Delete(Path);
        File.Delete(_image);
    }
}
