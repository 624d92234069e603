using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

[Collection(HouseGroup.Name)]
public sealed class PlainUserTests
{
    private readonly PlainUser _plain;

    public PlainUserTests(PlainUser plain)
    {
        KernelFeatures.Demand();
        _plain = plain;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Installation Installation => _plain.Installation;

    [Fact]
    public async Task Server_without_root_makes_and_deletes_disks()
    {
        File.ReadLines($"/proc/{Installation.Daemon.Pid}/status").ShouldContain("Uid:\t65534\t65534\t65534\t65534");
        var tenant = new Tenant(Installation);

        var disk = await tenant.CreateDiskAsync(sizeGb: 3);
        new FileInfo(Installation.ImageOf(disk.Id)).Length.ShouldBe(3L << 30);
        (await Installation.Client.RenameDiskAsync(disk.Id, "of a plain user", Ct)).Name.ShouldBe("of a plain user");

        await tenant.DeleteDiskAsync(disk.Id);
        File.Exists(Installation.ImageOf(disk.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task Server_without_root_says_why_no_instance_can_run()
    {
        var client = Installation.Client;
        (await client.ListGpuOffersAsync(ct: Ct).AnyAsync(Ct)).ShouldBeFalse();
        var request = new CreatePodRequest
        {
            Pod = new CreatePod { CloudId = "cpu-1", GpuType = "CPU_NODE", Socket = "PCIe", GpuCount = 1 },
            Provider = new ProviderChoice { Type = "local" },
        };

        (await Refusal.OfAsync(409, () => client.CreatePodAsync(request, ct: Ct))).ShouldContain("root");
        (await client.ListPodsAsync(ct: Ct).AnyAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Demo_without_instances_fails_with_words_and_leaves_nothing()
    {
        var demo = await _plain.Demo;

        demo.ExitCode.ShouldBe(1);
        demo.Lines[^1].ShouldStartWith("demo: failed: no instance can be had at");
        (await DemoTests.LeftByAsync(Installation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task First_start_says_where_the_key_is_once_and_keeps_it_for_its_owner_alone()
    {
        // Its output is no terminal here, as in a service, whose journal others read.
        _plain.FirstOutput.ShouldBe([$"The first API key is in {Installation.KeyFile}"]);
        File.GetUnixFileMode(Installation.KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var anonymous = await Installation.Http.GetAsync(new Uri(Installation.Server, "api/v1/disks/"), Ct);
        ((int)anonymous.StatusCode).ShouldBe(401);
        Installation.Daemon.Log.ShouldNotContain(line => line.Contains(Installation.ApiKey, StringComparison.Ordinal));
    }
}
