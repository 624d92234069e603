namespace Mooring.Cli.Tests.Demo;

/// <summary>A folder on a file system other than the root's, as an attached disk is.</summary>
internal static class MemoryDisk
{
    public static TemporaryFolder Create()
    {
        const string shared = "/dev/shm";
        if (!File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[4] == shared))
        {
            Assert.Skip($"missing kernel feature: no file system of its own at {shared}");
        }

        return new TemporaryFolder(shared);
    }
}
