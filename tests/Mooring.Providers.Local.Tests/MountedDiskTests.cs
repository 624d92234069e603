namespace Mooring.Providers.Local.Tests;

/// <summary>What a user finds on a disk that an agent has mounted.</summary>
public sealed class MountedDiskTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Takes_data_up_to_about_its_size_and_not_a_byte_beyond()
    {
        const long Size = 256L << 20;
        using var directory = await DiskDirectory.InitializedAsync();
        await new LocalDisks(directory.Options).EnsureCreatedAsync(DiskDirectory.Spec(1, Size >> 20), Ct);
        await using var mounted = await LoopFileSystem.MountAsync(directory.ImageOf(1));

        var written = await FillUpAsync(Path.Join(mounted.MountPoint, "data"));

        written.ShouldBeInRange(Size * 85 / 100, Size);
        Posix.Status(directory.ImageOf(1))!.Value.Allocated.ShouldBeLessThanOrEqualTo(Size + (1 << 20));
    }

    [Theory]
    [InlineData(1, 93)]
    [InlineData(100, 97)]
    public async Task Has_nearly_all_of_the_size_asked_for_free_at_first(long gib, int percent)
    {
        using var directory = await DiskDirectory.InitializedAsync();
        await new LocalDisks(directory.Options).EnsureCreatedAsync(DiskDirectory.Spec(1, gib << 10), Ct);
        await using var mounted = await LoopFileSystem.MountAsync(directory.ImageOf(1));

        var free = new DriveInfo(mounted.MountPoint).AvailableFreeSpace;

        free.ShouldBeInRange(ByteSize.FromGiB(gib).Bytes * percent / 100, ByteSize.FromGiB(gib).Bytes);
    }

    [Fact]
    public async Task Gives_space_back_to_the_machine_when_files_on_it_are_removed()
    {
        using var directory = await DiskDirectory.InitializedAsync();
        await new LocalDisks(directory.Options).EnsureCreatedAsync(DiskDirectory.Spec(1, mebibytes: 128), Ct);
        await using var mounted = await LoopFileSystem.MountAsync(directory.ImageOf(1));
        var data = Path.Join(mounted.MountPoint, "data");
        await FillUpAsync(data);
        var full = Posix.Status(directory.ImageOf(1))!.Value.Allocated;

        File.Delete(data);

        await Eventually.HoldsAsync(
            () => Posix.Status(directory.ImageOf(1))!.Value.Allocated < full / 2, "the image is sparse again");
    }

    private static async Task<long> FillUpAsync(string path)
    {
        var written = 0L;
        try
        {
            await using var file = new FileStream(
                path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[64 << 10];
            Array.Fill(block, (byte)'m');
            while (true)
            {
                await file.WriteAsync(block, Ct);
                written += block.Length;
            }
        }
        catch (IOException full) when (full.HResult == Errno.NoSpace)
        {
            using var file = Posix.OpenForReading(path);
            Posix.Flush(file, path);
            return written;
        }
    }
}
