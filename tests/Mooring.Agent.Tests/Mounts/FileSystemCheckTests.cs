using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Tests.Mounts;

public sealed class FileSystemCheckTests(AgentFixture agent)
{
    [Theory]
    [InlineData("it says that it is clean", "clri <2>")]
    [InlineData("it says that it is not", "clri <2>", "set_super_value state 0")]
    public async Task Refuses_a_file_system_damaged_beyond_automatic_repair_and_lets_go_of_it(
        string because, params string[] damage)
    {
        var disk = await agent.NewDiskAsync();
        foreach (var request in damage)
        {
            (await AgentFixture.RunAsync("debugfs", "-w", "-R", request, disk.Path)).OrRefuse(because);
        }

        var pod = AgentFixture.With(agent.NewPod(), disk);

        var refusal = await Should.ThrowAsync<RefusedException>(() => agent.MountAsync(pod));

        refusal.Message.ShouldContain("damaged beyond automatic repair");
        await agent.UnmountAsync(pod);
        (await disk.LoopAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Repairs_a_file_system_that_was_cut_off()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        await agent.MountAsync(pod);
        var mounted = Path.Combine(agent.Options.MountDirectory, "disks", disk.Name);
        await File.WriteAllTextAsync(Path.Combine(mounted, "record"), "acknowledged", AgentFixture.Ct);
        (await AgentFixture.RunAsync("sync", "--file-system", mounted)).OrRefuse("sync");
        // What the image is at this instant is what a power cut would leave.
        var cut = disk with { Name = agent.NewName(), Path = disk.Path + ".cut" };
        (await AgentFixture.RunAsync("cp", "--sparse=always", disk.Path, cut.Path)).OrRefuse("cp");
        await agent.UnmountAsync(pod);
        (await AgentFixture.RunAsync("dumpe2fs", "-h", cut.Path)).Output.ShouldContain("needs_recovery");

        var next = AgentFixture.With(agent.NewPod("cat /workspace/record"), cut);

        (await agent.OutputOfAsync(next)).ShouldBe(["acknowledged"]);
    }

    [Fact]
    public async Task Check_that_takes_long_goes_on_between_calls()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        using var impatient = AgentFixture.NewAgent(agent.Options with { CheckPatience = TimeSpan.FromTicks(1) });

        var first = await impatient.EnsureMountedAsync(pod.Attachments[0], AgentFixture.Ct);

        first.State.ShouldBe(AttachmentState.Working);
        first.Words!.ShouldContain("checking the file system");
        await AgentFixture.UntilAsync(
            async () => (await impatient.EnsureMountedAsync(pod.Attachments[0], AgentFixture.Ct)).State
                == AttachmentState.Attached,
            "a later call joins the check");
        await agent.UnmountAsync(pod);
    }

    [Fact]
    public async Task Disk_can_be_given_up_while_it_is_checked()
    {
        var disk = await agent.NewDiskAsync();
        var pod = AgentFixture.With(agent.NewPod(), disk);
        using var impatient = AgentFixture.NewAgent(agent.Options with { CheckPatience = TimeSpan.FromTicks(1) });
        (await impatient.EnsureMountedAsync(pod.Attachments[0], AgentFixture.Ct)).State
            .ShouldBe(AttachmentState.Working);

        await AgentFixture.UntilAsync(
            async () => (await impatient.EnsureUnmountedAsync(pod.Attachments[0], AgentFixture.Ct)).State
                == AttachmentState.Detached,
            "the disk is let go after its check");

        (await disk.LoopAsync()).ShouldBeNull();
    }
}
