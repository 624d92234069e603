using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>An account that nobody has used yet, at the simulator, and the adapter to it.</summary>
internal sealed class House : IAsyncDisposable
{
    public const string Region = "CANADA-1";

    private House(HyperstackSimulator cloud, FakeTimeProvider time)
    {
        (Cloud, Time) = (cloud, time);
        Provider = Open();
    }

    public HyperstackSimulator Cloud { get; }

    public FakeTimeProvider Time { get; }

    public HyperstackProvider Provider { get; }

    public static async Task<House> OpenAsync(CancellationToken ct, Script? script = null, int seed = 1)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var options = new SimulatorOptions
        {
            Seed = seed,
            CallsPerMinute = int.MaxValue,
            Script = script ?? new Script { Delays = Delays.None },
        };
        return new House(await HyperstackSimulator.StartAsync(options, time, ct), time);
    }

    public static string Name(int number) => RemoteName.For(Canned.Installation, number.ToString("x32"));

    public static DiskSpec Disk(int number, string region = Region) =>
        new(Name(number), ByteSize.FromGiB(10), "Cloud-SSD", region, IsMultinode: false);

    public static InstanceSpec Machine(int number, params IReadOnlyList<DiskSpec> disks) => new(
        Name(number),
        "n3-H100x1",
        Region,
        "ubuntu_22_cuda_12",
        Vcpus: 28,
        ByteSize.FromGiB(180),
        GpuIds: [],
        new Dictionary<string, string>(),
        AuthorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB nobody"],
        [
            .. disks.Select(disk => new AttachmentSpec(
                new DiskRef(disk.Name, null), new Nowhere(), Name(number), 0, "/workspace", 1, IsShared: false, 0)),
        ],
        "network",
        UserNamespaceBase: 0,
        "trainer");

    public HyperstackProvider Open() => HyperstackProvider.Open(
        new HyperstackOptions
        {
            BaseAddress = Cloud.Address,
            CallsPerMinute = 1_000_000,
            CallBurst = 1_000_000,
            RequestTimeout = TimeSpan.FromHours(1),
        },
        Canned.Key,
        Canned.Installation,
        Time,
        NullLogger.Instance);

    public async Task MakeAsync(DiskSpec disk, CancellationToken ct)
    {
        while ((await Provider.Disks.EnsureCreatedAsync(disk, ct)).State != RemoteDiskState.Ready)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    public async Task RunAsync(InstanceSpec machine, CancellationToken ct)
    {
        while ((await Provider.Instances.EnsureCreatedAsync(machine, ct)).State != RemoteInstanceState.Ready)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Provider.Dispose();
        await Cloud.DisposeAsync();
    }

    private sealed record Nowhere : HostAttachSource;
}
