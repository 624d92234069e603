using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Providers.RunPod;
using Mooring.Simulators.RunPod;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>What stands between the simulated RunPod and the suite: the real adapter, or one with a fault.</summary>
/// <param name="real">The real one.</param>
/// <param name="api">Its calls, without its care.</param>
internal delegate OneProcess RunPodAdapter(RunPodProvider real, RunPodApi api);

/// <summary>What is played.</summary>
/// <param name="Circumstance">What goes wrong.</param>
/// <param name="Kind">With what: <c>volumes</c> or <c>pods</c>.</param>
internal sealed record RunPodCase(Circumstance Circumstance, string Kind)
{
    public RunPodAdapter Adapter { get; init; } = (real, _) =>
        new OneProcess(real.Disks, real.Instances, real.Billing);

    public Assumptions Assumptions { get; init; } = new();

    public long Seed { get; init; } = 20260301;

    /// <summary>What goes wrong beside the circumstance.</summary>
    public IReadOnlyList<Fault> More { get; init; } = [];
}

/// <summary>
/// The adapter against the simulator, over HTTP on this machine, under a clock that only the case turns. A circumstance
/// begins a minute after the start.
/// </summary>
internal sealed class RunPodSite : Site
{
    public const string DataCenter = "US-KS-2";
    private const string Key = "rpa_conformance";
    private static readonly DateTimeOffset Start = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time;
    private readonly RunPodSimulator _simulator;
    private readonly RunPodCase _case;
    private readonly List<IDisposable> _open = [];

    private RunPodSite(RunPodCase played, FakeTimeProvider time, RunPodSimulator simulator)
    {
        (_case, _time, _simulator) = (played, time, simulator);
        Providers = OpenAnother();
    }

    public override OneProcess Providers { get; }

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override string Words => RunPodFaults.Words;

    public override TimeSpan RetryAfter => TimeSpan.FromSeconds(RunPodFaults.RetryAfterSeconds);

    public override int? ExitCode => null;

    public override bool GivesRemoteIds => true;

    public Books Books => _simulator.ReadBooks();

    public override long? CallsMade => _simulator.ReadBooks().Calls.Values.Sum();

    public override (ByteSize One, ByteSize Other) Sizes => (ByteSize.FromGiB(10), ByteSize.FromGiB(11));

    public static async Task<RunPodSite> OpenAsync(RunPodCase played)
    {
        var time = new FakeTimeProvider(Start);
        var simulator = await RunPodSimulator.StartAsync(
            new SimulatorOptions
            {
                ApiKey = Key,
                Seed = played.Seed,
                Faults = [.. RunPodFaults.For(played.Circumstance, played.Kind), .. played.More],
                Assumptions = played.Assumptions,
                Provisioning = TimeSpan.FromSeconds(4),
                Starting = TimeSpan.FromSeconds(6),
                // As a caller who is exempt: a case makes hundreds of calls in a minute of its own clock.
                RateLimits = [],
            },
            time,
            TestContext.Current.CancellationToken);
        return new RunPodSite(played, time, simulator);
    }

    public override OneProcess OpenAnother()
    {
        var options = new RunPodOptions
        {
            BaseAddress = _simulator.Address,
            SettlingTime = TimeSpan.FromSeconds(30),
        };
        var real = RunPodProvider.Open(options, Key, Installation, _time, NullLogger.Instance);
        var http = new RunPodHttp(options, Key, new SocketsHttpHandler(), _time, NullLogger.Instance);
        _open.AddRange([real, http]);
        return _case.Adapter(real, new RunPodApi(http));
    }

    public override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    public override Task BeginAsync() => ReachAsync(RunPodFaults.FromSeconds);

    public override Task EndAsync() => ReachAsync(RunPodFaults.UntilSecondsOf(_case.Circumstance));

    public override async Task UntilUnderWayAsync(int calls)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (_simulator.ReadBooks().Faults.Count < calls)
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public override DiskSpec Disk(string name) => new(name, Sizes.One, "STANDARD", DataCenter, IsMultinode: true);

    public override DiskSpec SharedDisk(string name) => Disk(name);

    public override InstanceSpec Instance(string name, params IReadOnlyList<DiskSpec> disks) => new(
        name,
        "NVIDIA GeForce RTX 4090",
        DataCenter,
        "cuda_12_4_pytorch_2_4",
        Vcpus: 2,
        ByteSize.FromGiB(8),
        GpuIds: [],
        new Dictionary<string, string> { ["SECRET"] = "hush" },
        AuthorizedKeys: ["ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two"],
        [.. disks.Select((disk, ordinal) => new AttachmentSpec(
            new DiskRef(disk.Name, null),
            new AtRunPod(),
            name,
            ordinal,
            $"/workspace-{ordinal}",
            Generation: 1,
            disk.IsMultinode,
            UserNamespaceBase: 0))],
        "network",
        UserNamespaceBase: 0,
        "trainer");

    public override Task<IReadOnlyList<TrueDisk>> DisksThereAsync() => Task.FromResult<IReadOnlyList<TrueDisk>>(
    [
        .. from volume in _simulator.ReadBooks().Volumes
           where volume.GoneAt is null
           select new TrueDisk(volume.Name, ByteSize.FromGiB(volume.SizeGb), IsReady: true),
    ]);

    public override Task<IReadOnlyList<TrueInstance>> InstancesThereAsync() =>
        Task.FromResult<IReadOnlyList<TrueInstance>>(
        [
            .. from pod in _simulator.ReadBooks().Pods
               where pod.GoneAt is null
               select new TrueInstance(pod.Name, pod.Status == "RUNNING"),
        ]);

    public override Task<IReadOnlyList<TrueCharge>> ChargesAsync()
    {
        var books = _simulator.ReadBooks();
        return Task.FromResult<IReadOnlyList<TrueCharge>>(
        [
            .. books.Volumes.Select(volume => new TrueCharge(ChargedKind.Disk, volume.Id, volume.CostUsd)),
            .. books.Pods.Select(pod => new TrueCharge(ChargedKind.Instance, pod.Id, pod.CostUsd)),
        ]);
    }

    public override Task PlantDiskAsync(string name)
    {
        _simulator.PlantVolume(name, 10, DataCenter, "STANDARD");
        return Task.CompletedTask;
    }

    public override Task RenameDiskAsync(string from, string to)
    {
        _simulator.RenameVolume(from, to);
        return Task.CompletedTask;
    }

    public override Task PlantInstanceAsync(string name)
    {
        _simulator.PlantPod(name, DataCenter);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        _open.ForEach(one => one.Dispose());
        await _simulator.DisposeAsync();
    }

    private Task ReachAsync(int seconds)
    {
        var time = Start + TimeSpan.FromSeconds(seconds);
        if (time > Now)
        {
            _time.Advance(time - Now);
        }

        return Task.CompletedTask;
    }

    /// <summary>RunPod knows by itself how its volumes come to its pods.</summary>
    private sealed record AtRunPod : HostAttachSource;
}
