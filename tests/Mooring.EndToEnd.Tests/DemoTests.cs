using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class DemoTests(House house)
{
    [Fact]
    public async Task Demo_verifies_the_data_and_leaves_nothing()
    {
        await house.EnterAsync();
        var installation = house.Installation;

        var demo = await RunAsync(installation);

        demo.ExitCode.ShouldBe(0, demo.Output + demo.Errors);
        demo.Lines[^1].ShouldBe("demo: data verified equal");
        (await LeftByAsync(installation)).ShouldBeEmpty();
        (await installation.Engine.ContainersAsync()).ShouldBeEmpty();
        (await LoopDevices.BelowAsync(installation.Data)).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(installation.Data, "disks"), "*.img").ShouldBeEmpty();
    }

    internal static Task<Outcome> RunAsync(Installation installation) => Tool.RunAsync(
        Programs.CommandLine, "demo", "--server", installation.Server.AbsoluteUri, "--key-file", installation.KeyFile);

    /// <summary>Names of what the user of the installation has: disks, instances, SSH keys.</summary>
    internal static async Task<IReadOnlyList<string>> LeftByAsync(Installation installation)
    {
        var client = installation.Client;
        var ct = TestContext.Current.CancellationToken;
        return
        [
            .. await client.ListDisksAsync(ct: ct).Select(disk => $"disk {disk.Name}").ToListAsync(ct),
            .. await client.ListPodsAsync(ct: ct).Select(pod => $"instance {pod.Name}").ToListAsync(ct),
            .. await client.ListSshKeysAsync(ct: ct).Select(key => $"SSH key {key.Name}").ToListAsync(ct),
        ];
    }
}
