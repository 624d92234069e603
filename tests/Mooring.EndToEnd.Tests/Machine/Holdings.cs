using Mooring.Contract.V1;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>What an installation has made on this machine, against what its records say that there is.</summary>
internal static class Holdings
{
    /// <summary>
    /// Demands that no image, container, mount or loop device is more or fewer than these need, and nothing more is
    /// promised or reserved.
    /// </summary>
    public static async Task AssertExactlyAsync(
        Installation installation, IReadOnlyCollection<Disk> disks, IReadOnlyCollection<Pod> pods)
    {
        Directory.GetFiles(Path.Combine(installation.Data, "disks"))
            .Where(path => Path.GetFileName(path) != ".mooring-installation")
            .ShouldBe(disks.Select(disk => installation.ImageOf(disk.Id)), ignoreOrder: true);
        (await installation.Engine.ContainersAsync())
            .ShouldBe(pods.Select(pod => installation.NameOf(pod.Id)), ignoreOrder: true);
        (await LoopDevices.BelowAsync(installation.Data)).Count.ShouldBe(pods.Sum(pod => pod.AttachedResources.Count));
        MountsBelow($"{installation.Data}/mnt/disks/").ShouldBe(pods.Sum(pod => pod.AttachedResources.Count));
        MountsBelow($"{installation.Data}/mnt/pods/").ShouldBe(pods.Sum(pod => pod.AttachedResources.Count));
        (await installation.Records.PromisedGbAsync()).ShouldBe(disks.Sum(disk => disk.Size));
        (await installation.Records.ReservedVcpusAsync()).ShouldBe(pods.Sum(pod => pod.Resources!.Vcpus!.Value));
    }

    private static int MountsBelow(string directory) => File.ReadLines("/proc/self/mountinfo")
        .Count(line => line.Contains(directory, StringComparison.Ordinal));
}
