using Mooring.Agent.Mounts;

namespace Mooring.Agent.Tests;

/// <summary>A small real disk: an ext4 file system in a sparse image file.</summary>
public sealed record TestDisk(string Name, string Path)
{
    public static async Task<TestDisk> CreateAsync(string directory, string name, int sizeMiB)
    {
        Directory.CreateDirectory(directory);
        var path = System.IO.Path.Combine(directory, name + ".img");
        await using (var file = new FileStream(path, FileMode.CreateNew))
        {
            file.SetLength((long)sizeMiB << 20);
        }

        (await AgentFixture.RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,nodiscard", path))
            .OrRefuse("mkfs");
        return new(name, path);
    }

    internal Task<LoopDevice?> LoopAsync() => LoopDevices.FindAsync(Path, CancellationToken.None);
}
