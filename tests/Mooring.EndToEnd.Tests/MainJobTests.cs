using System.Globalization;
using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class MainJobTests(House house)
{
    private const long GiB = 1L << 30;

    [Fact]
    public async Task Disk_outlives_its_instance_and_shows_the_same_data_in_the_next()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        disk.Pods.ShouldBeEmpty();

        var first = await tenant.StartPodAsync(disk.Id);
        var held = await house.Installation.Client.GetDiskAsync(disk.Id, TestContext.Current.CancellationToken);
        held.Pods.ShouldBe([first.Id]);
        held.Status.ShouldBe(Statuses.Active);
        var written = await tenant.RunAsync(first, """
            head -c 40000000 /dev/urandom >/workspace/data
            sha256sum /workspace/data | cut -c1-64
            sync
            """);
        await tenant.EndPodAsync(first.Id);
        (await tenant.WaitUntilFreeAsync(disk.Id)).Status.ShouldBe(Statuses.Active);

        var second = await tenant.StartPodAsync(disk.Id);
        second.Id.ShouldNotBe(first.Id);
        var read = await tenant.RunAsync(second, "sha256sum /workspace/data | cut -c1-64");
        read.Output.ShouldBe(written.Output);
        await tenant.EndPodAsync(second.Id);

        await tenant.DeleteDiskAsync(disk.Id);
        (await tenant.WaitForDiskAsync(disk.Id, Statuses.Terminated)).TerminatedAt.ShouldNotBeNull();
        File.Exists(house.Installation.ImageOf(disk.Id)).ShouldBeFalse();
        (await house.Installation.Records.PromisedGbAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Disk_shows_its_size_and_takes_no_byte_more()
    {
        var tenant = await house.EnterAsync();
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);

        var size = await tenant.RunAsync(pod, "df -B1 --output=size /workspace | tail -n 1");
        var bytes = long.Parse(size.Output.Trim(), CultureInfo.InvariantCulture);
        bytes.ShouldBeInRange(GiB * 9 / 10, GiB);

        var beyond = await tenant.TryRunAsync(pod, """
            fallocate -l 800M /workspace/filler
            dd if=/dev/zero of=/workspace/beyond bs=1M count=400
            """);
        beyond.ExitCode.ShouldBe(1);
        beyond.Errors.ShouldContain("No space left on device");
        new FileInfo(house.Installation.ImageOf(disk.Id)).Length.ShouldBe(GiB);

        await tenant.RunAsync(pod, "rm /workspace/filler /workspace/beyond; echo fits >/workspace/note; cat /workspace/note");
        await tenant.EndPodAsync(pod.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }

    [Fact]
    public async Task Disk_is_held_and_PENDING_until_the_kernel_has_let_go_of_it()
    {
        var tenant = await house.EnterAsync();
        var client = house.Installation.Client;
        var disk = await tenant.CreateDiskAsync();
        var pod = await tenant.StartPodAsync(disk.Id);
        var image = house.Installation.ImageOf(disk.Id);
        (await LoopDevices.OfAsync(image)).Count.ShouldBe(1);
        var main = (await house.Installation.Engine.ProcessesAsync(house.Installation.NameOf(pod.Id))).Main;

        // It sees the instance's mounts from outside: umount on the host will succeed all the same.
        using (var onlooker = Onlooker.At(main))
        {
            await client.DeletePodAsync(pod.Id, TestContext.Current.CancellationToken);
            await Until.HoldsAsync(
                async () => !(await house.Installation.Engine.ContainersAsync()).Contains(house.Installation.NameOf(pod.Id)),
                "the container is gone");
            await Until.HoldsAsync(
                () => !File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains(disk.Id, StringComparison.Ordinal)),
                "the disk is unmounted on the host");

            (await LoopDevices.OfAsync(image)).Count.ShouldBe(1);
            var waiting = await client.GetDiskAsync(disk.Id, TestContext.Current.CancellationToken);
            waiting.Status.ShouldBe(Statuses.Pending);
            waiting.Pods.ShouldBe([pod.Id]);
            (await client.GetPodAsync(pod.Id, TestContext.Current.CancellationToken)).Status.ShouldBe(Statuses.Deleting);
            await Refusal.OfAsync(409, () => client.DeleteDiskAsync(disk.Id, TestContext.Current.CancellationToken));
        }

        await tenant.WaitUntilFreeAsync(disk.Id);
        (await LoopDevices.OfAsync(image)).ShouldBeEmpty();
        await tenant.WaitForPodEndAsync(pod.Id);
        await tenant.DeleteDiskAsync(disk.Id);
    }
}
