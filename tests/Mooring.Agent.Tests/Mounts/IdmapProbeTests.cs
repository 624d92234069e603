using Mooring.Agent.Mounts;

namespace Mooring.Agent.Tests.Mounts;

/// <summary>A probe that was killed in its middle can't clean up: the next one does.</summary>
public sealed class IdmapProbeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mooring-probe-tests-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task What_a_killed_probe_left_mounted_is_taken_down_and_one_that_runs_is_left_alone()
    {
        // No process has the one number, and the first process has the other.
        var left = Path.Combine(_root, $"probe-{int.MaxValue}");
        var running = Path.Combine(_root, "probe-1");
        Directory.CreateDirectory(running);
        var mounted = Directory.CreateDirectory(Path.Combine(left, "mounted")).FullName;
        var image = Path.Combine(left, "image");
        await using (var file = new FileStream(image, FileMode.CreateNew))
        {
            file.SetLength(4 << 20);
        }

        await AgentFixture.RunAsync("mkfs.ext4", "-q", "-F", image);
        var device = await LoopDevices.AttachAsync(image, AgentFixture.Ct);
        await AgentFixture.RunAsync("mount", "-t", "ext4", device.Path, mounted);
        MountTable.Read().At(mounted).ShouldNotBeNull();

        await IdmapProbe.CleanAfterKilledAsync(_root);

        MountTable.Read().At(mounted).ShouldBeNull();
        (await LoopDevices.FindAsync(image, AgentFixture.Ct)).ShouldBeNull();
        Directory.GetDirectories(_root).ShouldBe([running]);
    }
}
