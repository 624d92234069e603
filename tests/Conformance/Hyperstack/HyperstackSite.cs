using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Hyperstack;
using Mooring.Providers.Instances;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Conformance.Tests.Hyperstack;

/// <summary>What stands between the simulator and the suite: the real adapter, or one with a fault.</summary>
/// <param name="real">The real one.</param>
/// <param name="client">A way to the same account.</param>
internal delegate OneProcess HyperstackAdapter(HyperstackProvider real, HyperstackClient client);

/// <summary>How a site differs from the plain one.</summary>
internal sealed record HyperstackSetUp
{
    public HyperstackAdapter Adapter { get; init; } = (real, _) =>
        new OneProcess(real.Disks, real.Instances, real.Billing);

    public Assumptions Assumptions { get; init; } = new();

    public int Seed { get; init; } = 1;
}

/// <summary>
/// The real adapter, over HTTP, against the simulator of its cloud, under a clock that only the case turns. The account
/// has Mooring's environment and key pair already, as one that was used before.
/// </summary>
internal sealed class HyperstackSite : Site
{
    private const string Region = "CANADA-1";
    private const string Key = "a-key-of-nobodys";

    private readonly FakeTimeProvider _time;
    private readonly HyperstackSimulator _cloud;
    private readonly HyperstackSetUp _setUp;
    private readonly HyperstackOptions _options;
    private readonly IReadOnlyList<Fault> _faults;
    private readonly bool _holds;
    private readonly HyperstackClient _client;
    private readonly List<IDisposable> _open = [];
    private DateTimeOffset? _begun;
    private int _metBefore;
    private int _heldBefore;

    private HyperstackSite(
        HyperstackSimulator cloud, FakeTimeProvider time, Circumstance circumstance, string of, HyperstackSetUp setUp)
    {
        (_cloud, _time, _setUp) = (cloud, time, setUp);
        _faults = HyperstackFaults.For(circumstance, of);
        _holds = HyperstackFaults.Holds(circumstance);
        _options = new HyperstackOptions
        {
            BaseAddress = cloud.Address,
            SettlingTime = TimeSpan.FromSeconds(30),
            PageSize = circumstance == Circumstance.EmptyPage ? 1 : 2,
            // Time stands still during a call: what waits for it would wait for ever.
            CallsPerMinute = 1_000_000,
            CallBurst = 1_000_000,
            RequestTimeout = TimeSpan.FromHours(1),
        };
        _client = new HyperstackClient(_options, Key, null, time);
        _open.Add(_client);
        Providers = OpenAnother();
    }

    public override OneProcess Providers { get; }

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override string Words => HyperstackFaults.Words;

    // The cloud does not say how long: it throttles until a minute is over.
    public override TimeSpan RetryAfter => _options.ThrottlePause;

    public override bool GivesRemoteIds => true;

    public override long? CallsMade => _cloud.Books.Calls.Values.Sum();

    public override (ByteSize One, ByteSize Other) Sizes => (ByteSize.FromGiB(10), ByteSize.FromGiB(11));

    public static async Task<HyperstackSite> OpenAsync(
        Circumstance circumstance, string of, CancellationToken ct, HyperstackSetUp? setUp = null)
    {
        setUp ??= new HyperstackSetUp();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var options = new SimulatorOptions
        {
            Seed = setUp.Seed,
            CallsPerMinute = int.MaxValue,
            Script = new Script { Delays = Delays.None, Assumptions = setUp.Assumptions },
        };
        var cloud = await HyperstackSimulator.StartAsync(options, time, ct);
        cloud.Do((account, now) =>
        {
            var home = new Home(account.NextId(), Regions.EnvironmentOf(Region), Region, now);
            account.Homes.Add(home);
            account.KeyPairs.Add((home.Name, $"mooring-{Installation}"));
        });
        return new HyperstackSite(cloud, time, circumstance, of, setUp);
    }

    public override OneProcess OpenAnother()
    {
        var provider = HyperstackProvider.Open(_options, Key, Installation, _time, NullLogger.Instance);
        _open.Add(provider);
        return _setUp.Adapter(provider, _client);
    }

    public override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    public override Task BeginAsync()
    {
        (_begun, _metBefore, _heldBefore) = (Now, _cloud.Books.Faults.Count, _cloud.CallsHeld);
        _cloud.AddFaults(_faults);
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        _cloud.ClearFaults();
        var rest = HyperstackFaults.Lasts - (Now - (_begun ?? Now));
        return rest > TimeSpan.Zero ? PassAsync(rest) : Task.CompletedTask;
    }

    public override async Task UntilUnderWayAsync(int calls)
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((_holds ? _cloud.CallsHeld - _heldBefore : _cloud.Books.Faults.Count - _metBefore) < calls)
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public override DiskSpec Disk(string name) => new(name, Sizes.One, "Cloud-SSD", Region, IsMultinode: false);

    public override InstanceSpec Instance(string name, params IReadOnlyList<DiskSpec> disks) => new(
        name,
        "n3-H100x1",
        Region,
        "ubuntu_22_cuda_12",
        Vcpus: 28,
        ByteSize.FromGiB(180),
        GpuIds: [],
        new Dictionary<string, string>(),
        AuthorizedKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB nobody"],
        [.. disks.Select((disk, ordinal) => new AttachmentSpec(
            new DiskRef(disk.Name, null),
            new AtTheCloud(),
            name,
            ordinal,
            "/workspace",
            Generation: 1,
            disk.IsMultinode,
            UserNamespaceBase: 0))],
        "network",
        UserNamespaceBase: 0,
        "trainer");

    public override Task<IReadOnlyList<TrueDisk>> DisksThereAsync() => Task.FromResult<IReadOnlyList<TrueDisk>>(
    [
        .. _cloud.Books.Volumes.Where(volume => volume.IsThere).Select(volume => new TrueDisk(
            volume.Name, ByteSize.FromGiB(volume.SizeGb), volume.Status == "available")),
    ]);

    public override Task<IReadOnlyList<TrueInstance>> InstancesThereAsync() =>
        Task.FromResult<IReadOnlyList<TrueInstance>>(
        [
            .. _cloud.Books.Machines.Where(machine => machine.IsThere).Select(machine => new TrueInstance(
                machine.Name, machine.Status == "ACTIVE")),
        ]);

    public override Task<IReadOnlyList<TrueCharge>> ChargesAsync() => Task.FromResult<IReadOnlyList<TrueCharge>>(
    [
        .. _cloud.Books.Volumes.Select(volume => new TrueCharge(
            ChargedKind.Disk, Told.IdOf(volume.Id), volume.CostUsd)),
        .. _cloud.Books.Machines.Select(machine => new TrueCharge(
            ChargedKind.Instance, Told.IdOf(machine.Id), machine.CostUsd)),
    ]);

    public override async Task PlantDiskAsync(string name)
    {
        var volume = new NewVolume(name, Regions.EnvironmentOf(Region), 10, "Cloud-SSD", "somebody's");
        (await new Volumes(_client, 100).CreateAsync(volume, CancellationToken.None)).Verdict.ShouldBe(Verdict.Done);
    }

    public override Task RenameDiskAsync(string from, string to)
    {
        _cloud.Do((account, now) =>
            account.Volumes.Find(volume => volume.Name == from && volume.IsThereAt(now))!.Name = to);
        return Task.CompletedTask;
    }

    public override async Task PlantInstanceAsync(string name)
    {
        var machine = NewMachines.For(Instance(name), $"mooring-{Installation}", _options);
        (await new Machines(_client, 100).CreateAsync(machine, CancellationToken.None)).Verdict.ShouldBe(Verdict.Done);
    }

    public override async ValueTask DisposeAsync()
    {
        _open.ForEach(one => one.Dispose());
        await _cloud.DisposeAsync();
    }

    /// <summary>The cloud knows by itself how its disks come to its machines.</summary>
    private sealed record AtTheCloud : HostAttachSource;
}
