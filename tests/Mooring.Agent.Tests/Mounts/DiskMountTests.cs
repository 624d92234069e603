using Mooring.Agent.Mounts;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Mounts;

public sealed class DiskMountTests(AgentFixture agent)
{
    private string PathOf(InstanceSpec pod, int ordinal = 0) =>
        Path.Combine(agent.Options.MountDirectory, "pods", pod.Name, $"{ordinal}");

    private string BaseOf(TestDisk disk) => Path.Combine(agent.Options.MountDirectory, "disks", disk.Name);

    [Fact]
    public async Task Mounts_once_however_often_it_is_asked_and_whoever_asks()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);

        await agent.MountAsync(pod);
        using var other = AgentFixture.NewAgent(agent.Options);
        var again = await other.EnsureMountedAsync(pod.Attachments[0], AgentFixture.Ct);

        again.State.ShouldBe(AttachmentState.Attached);
        var loop = await disk.LoopAsync();
        var table = MountTable.Read();
        table.Below(agent.Options.MountDirectory).Count(m => m.Device == loop!.Number).ShouldBe(2);
        var mount = table.At(PathOf(pod))!;
        mount.Options.Split(',').ShouldBe(["rw", "nosuid", "nodev", "noatime", "idmapped"], ignoreOrder: true);
        (await AgentFixture.RunAsync("losetup", "--noheadings", "--output", "DIO", loop!.Path)).Output.Trim()
            .ShouldBe("1");

        await agent.UnmountAsync(pod);
        await agent.UnmountAsync(pod);
        (await disk.LoopAsync()).ShouldBeNull();
        Directory.Exists(Path.GetDirectoryName(PathOf(pod))).ShouldBeFalse();
        Directory.Exists(BaseOf(disk)).ShouldBeFalse();
    }

    [Fact]
    public async Task Adopts_the_loop_device_that_an_image_has()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        var device = (await AgentFixture.RunAsync("losetup", "--find", "--show", disk.Path)).Output.Trim();

        await agent.MountAsync(pod);

        (await disk.LoopAsync())!.Path.ShouldBe(device);
        await agent.UnmountAsync(pod);
        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Refuses_an_image_with_two_loop_devices()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        var first = (await AgentFixture.RunAsync("losetup", "--find", "--show", disk.Path)).Output.Trim();
        var second = (await AgentFixture.RunAsync("losetup", "--find", "--show", disk.Path)).Output.Trim();

        var refusal = await Should.ThrowAsync<RefusedException>(() => agent.MountAsync(pod));

        refusal.Message.ShouldContain("several loop devices");
        await AgentFixture.RunAsync("losetup", "--detach", first, second);
    }

    [Fact]
    public async Task Refuses_a_missing_image_and_leaves_nothing()
    {
        var pod = AgentFixture.With(agent.NewPod(), new TestDisk(agent.NewName(), "/nowhere/disk.img"));

        (await Should.ThrowAsync<RefusedException>(() => agent.MountAsync(pod))).Message.ShouldContain("missing");

        MountTable.Read().At(PathOf(pod)).ShouldBeNull();
        (await agent.Agent.EnsureUnmountedAsync(pod.Attachments[0], AgentFixture.Ct)).State
            .ShouldBe(AttachmentState.Detached);
    }

    [Fact]
    public async Task Refuses_a_second_pod_on_a_disk_that_is_not_shared_until_the_first_has_let_go()
    {
        var disk = await agent.NewDiskAsync();
        var first = AgentFixture.With(agent.NewPod(), disk);
        var second = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(first);

        (await Should.ThrowAsync<RefusedException>(() => agent.MountAsync(second))).Message.ShouldContain(first.Name);

        await agent.UnmountAsync(second);
        MountTable.Read().At(PathOf(first)).ShouldNotBeNull();
        await agent.UnmountAsync(first);
        await agent.MountAsync(second);
        await agent.UnmountAsync(second);
    }

    [Fact]
    public async Task Two_pods_at_once_on_a_disk_that_is_not_shared_end_with_one_holder()
    {
        var disk = await agent.NewDiskAsync();
        var pods = Enumerable.Range(0, 4).Select(_ => AgentFixture.With(agent.NewPod(), disk)).ToList();

        var outcomes = await Task.WhenAll(pods.Select(async pod =>
        {
            try
            {
                await agent.MountAsync(pod);
                return true;
            }
            catch (RefusedException)
            {
                return false;
            }
        }));

        outcomes.Count(mounted => mounted).ShouldBe(1);
        foreach (var pod in pods)
        {
            await agent.UnmountAsync(pod);
        }

        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Shared_disk_has_one_device_until_the_last_pod_has_let_go()
    {
        var disk = await agent.NewDiskAsync();
        var first = AgentFixture.With(agent.NewPod(), disk, isShared: true);
        var second = AgentFixture.With(agent.NewPod(), disk, isShared: true);

        await agent.MountAsync(first);
        await agent.MountAsync(second);
        var loop = await disk.LoopAsync();
        loop.ShouldNotBeNull();

        await agent.UnmountAsync(first);
        (await disk.LoopAsync()).ShouldBe(loop);
        MountTable.Read().At(PathOf(second)).ShouldNotBeNull();

        await agent.UnmountAsync(second);
        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Release_waits_for_the_loop_device_that_a_container_holds()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        await agent.RunUntilAsync(pod, RemoteInstanceState.Ready);

        var released = await agent.Agent.EnsureUnmountedAsync(pod.Attachments[0], AgentFixture.Ct);

        // umount has succeeded on the host; the container writes on.
        MountTable.Read().At(PathOf(pod)).ShouldBeNull();
        MountTable.Read().At(BaseOf(disk)).ShouldBeNull();
        released.State.ShouldBe(AttachmentState.Working);
        released.Words!.ShouldContain((await disk.LoopAsync())!.Path);
        released.Words!.ShouldContain("process");

        var next = AgentFixture.With(agent.NewPod(), disk);
        (await agent.Agent.EnsureMountedAsync(next.Attachments[0], AgentFixture.Ct)).State
            .ShouldBe(AttachmentState.Working);

        await agent.RemoveAsync(pod);
        (await disk.LoopAsync()).ShouldBeNull();
        await agent.MountAsync(next);
        await agent.UnmountAsync(next);
    }

    [Fact]
    public async Task Device_of_an_image_that_was_removed_is_let_go_all_the_same()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        var loop = await disk.LoopAsync();
        File.Delete(disk.Path);
        (await disk.LoopAsync()).ShouldBe(loop);

        await agent.UnmountAsync(pod);

        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Mount_points_take_no_file_where_the_disk_is_not_mounted()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        await File.WriteAllTextAsync(Path.Combine(BaseOf(disk), "on-the-disk"), "", AgentFixture.Ct);
        (await AgentFixture.RunAsync("umount", PathOf(pod), BaseOf(disk))).OrRefuse("umount");
        Assert.SkipUnless(Kernel.IsImmutable(PathOf(pod)), "missing kernel feature: immutable directories");

        foreach (var directory in (string[])
            [PathOf(pod), BaseOf(disk), Path.GetDirectoryName(PathOf(pod))!, agent.Options.MountDirectory])
        {
            Should.Throw<UnauthorizedAccessException>(() => File.WriteAllText(Path.Combine(directory, "stray"), ""));
            Should.Throw<UnauthorizedAccessException>(
                () => Directory.CreateDirectory(Path.Combine(directory, "missing")));
            (await AgentFixture.RunAsync("stat", "-c", "%a %u", directory)).Output.ShouldBe("700 0\n");
        }

        await agent.MountAsync(pod);
        File.Exists(Path.Combine(BaseOf(disk), "on-the-disk")).ShouldBeTrue();
        await agent.UnmountAsync(pod);
    }
}
