using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// A machine that restarts, played: everything of an installation is killed and taken down, and its next mooringd sees
/// another boot id. Each boot has a mount namespace of its own, whose mounts go with its last process.
/// </summary>
/// <remarks>
/// The boot id is a file mounted over the kernel's. Where anything in /proc is covered, the kernel lets no container
/// with user ids of its own mount its /proc (user_namespaces(7)), so the engine's namespace shares all mounts with
/// mooringd's but that one.
/// </remarks>
[Collection(HouseGroup.Name)]
public sealed class RebootTests : IAsyncLifetime
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    // All parameters are arguments of the scripts. What the machine's engines share in /run is gone after a reboot.
    private const string Share = """
        mount --make-rshared /
        for gone in /run/containers /run/netns; do
            mkdir -p "$gone"
            mount -t tmpfs tmpfs "$gone"
        done
        exec "$@"
        """;

    private const string ShowBootId = $"""
        mount --make-private /proc
        mount --bind "$1" {BootIdFile}
        shift
        exec "$@"
        """;

    private const string PodmanInFrontOfPodman = $"""
        #!/bin/sh
        PATH=$PATH_OF_PODMAN
        exec unshare --mount --propagation unchanged sh -euc 'umount {BootIdFile}; exec podman "$@"' sh "$@"

        """;

    private Installation? _installation;

    private Installation Installation => _installation!;

    public async ValueTask InitializeAsync()
    {
        KernelFeatures.Demand();
        _installation = Installation.Prepare();
        await _installation.ProvideImageAsync();
        var programs = Path.Combine(_installation.Scratch, "bin");
        Directory.CreateDirectory(programs);
        var podman = Path.Combine(programs, "podman");
        await File.WriteAllTextAsync(podman, PodmanInFrontOfPodman);
        File.SetUnixFileMode(podman, (UnixFileMode)0b111_101_101);
        var path = Environment.GetEnvironmentVariable("PATH")!;
        _installation.Settings["PATH_OF_PODMAN"] = path;
        _installation.Settings["PATH"] = $"{programs}:{path}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null)
        {
            await _installation.DisposeAsync();
        }
    }

    [Fact]
    public async Task After_a_reboot_instances_with_autoRestart_come_back_with_their_data_and_the_others_end()
    {
        await BootAsync("11111111-1111-4111-8111-111111111111");
        var tenant = new Tenant(Installation);
        var (kept, released) = (await tenant.CreateDiskAsync(), await tenant.CreateDiskAsync());
        var request = await tenant.PodRequestAsync(kept.Id);
        var lasting = await tenant.StartPodAsync(request with { Pod = request.Pod! with { AutoRestart = true } });
        var passing = await tenant.StartPodAsync(released.Id);
        await tenant.RunAsync(lasting, "echo kept >/workspace/note; sync");
        await tenant.RunAsync(passing, "echo released >/workspace/note; sync");

        // Once with the engine's run state still there, as where /run is a disk, and once without it.
        await CutPowerAsync(keepRunDirectory: true);
        await BootAsync("22222222-2222-4222-8222-222222222222");
        await AssertCameBackAsync(tenant, lasting, kept, times: 2);
        await tenant.WaitForPodEndAsync(passing.Id);
        await tenant.WaitUntilFreeAsync(released.Id);
        (await Installation.Records.EventsAsync(passing.Id)).ShouldContain(
            e => e.Words != null && e.Words.Contains("the machine was restarted"));
        passing = await tenant.StartPodAsync(released.Id);
        (await tenant.RunAsync(passing, "cat /workspace/note")).Output.ShouldBe("released\n");

        await CutPowerAsync(keepRunDirectory: false);
        await BootAsync("33333333-3333-4333-8333-333333333333");
        await AssertCameBackAsync(tenant, lasting, kept, times: 3);
        await tenant.WaitForPodEndAsync(passing.Id);
        await tenant.WaitUntilFreeAsync(released.Id);
    }

    private async Task AssertCameBackAsync(Tenant tenant, Pod pod, Disk disk, int times)
    {
        await Until.HoldsAsync(
            async () => (await Installation.Records.EventsAsync(pod.Id)).Count(e => IsCalled(e, "ready")) == times,
            $"it is ready for the {times}. time");
        var again = await tenant.WaitUntilActiveAsync(pod.Id);
        (await tenant.RunAsync(again, "cat /workspace/note")).Output.ShouldBe("kept\n");
        var held = await Installation.Client.GetDiskAsync(disk.Id, TestContext.Current.CancellationToken);
        held.Status.ShouldBe(Statuses.Active);
        held.Pods.ShouldBe([pod.Id]);
    }

    private async Task BootAsync(string bootId)
    {
        var file = Path.Combine(Installation.Scratch, bootId);
        await File.WriteAllTextAsync(file, bootId + "\n");
        Installation.Launcher =
        [
            "unshare", "--mount", "sh", "-euc", Share, "sh",
            "unshare", "--mount", "--propagation", "unchanged", "sh", "-euc", ShowBootId, "sh", file,
        ];
        await Installation.StartAsync();
        await Installation.WaitForInstancesAsync();
    }

    private async Task CutPowerAsync(bool keepRunDirectory)
    {
        await Installation.KillAsync();
        await (await Installation.RemainsAsync()).CutPowerAsync();
        if (!keepRunDirectory)
        {
            Directory.Delete($"/run/mooring/{Installation.Id}", recursive: true);
        }

        await (await Installation.RemainsAsync()).AssertNoneAsync();
    }

    private static bool IsCalled(Recorded e, string what) => e.What.Equals(what, StringComparison.OrdinalIgnoreCase);
}
