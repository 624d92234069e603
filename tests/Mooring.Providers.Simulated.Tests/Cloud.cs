using Microsoft.Extensions.Time.Testing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated.Tests;

/// <summary>A simulated place in a directory of its own, under a clock that a test turns.</summary>
internal sealed class Cloud : IDisposable
{
    public const string Installation = "abcd1234";
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("mooring-simulated-").FullName;
    private SimulatedProvider? _provider;

    private Cloud() { }

    public FakeTimeProvider Time { get; } = new(Noon);

    public SimulatedProvider Provider => _provider ?? throw new InvalidOperationException("It is not open.");

    public IDiskProvider Disks => Provider.Disks;

    public IInstanceProvider Instances => Provider.Instances;

    public Books Books => Books.Read(Provider.BooksPath);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A place with one disk offer, one shared one and one instance offer.</summary>
    /// <param name="faults">The entries of the script's <c>faults</c>, as JSON.</param>
    /// <param name="more">More members of the script, as JSON, each ending in a comma.</param>
    public static Cloud With(string faults = "", string more = "")
    {
        var cloud = new Cloud();
        cloud.Reopen(faults, more);
        return cloud;
    }

    /// <summary>As after a crash: a new process finds the same books.</summary>
    public void Reopen(string faults = "", string more = "")
    {
        _provider?.Dispose();
        _provider = SimulatedProvider.Open(Script(faults, more), _directory, Installation, Time);
    }

    public static Simulation Script(string faults = "", string more = "") => Simulation.Parse($$"""
        {
          "provider": "hyperstack",
          "settlingSeconds": 60,
          {{more}}
          "disks": [
            { "dataCenter": "US-1", "country": "US", "region": "united_states", "stockGb": 1000 },
            { "cloudId": "shared", "dataCenter": "US-1", "isMultinode": true }
          ],
          "instances": [{ "cloudId": "cpu-1", "dataCenter": "US-1", "stockCount": 3 }],
          "faults": [{{faults}}]
        }
        """);

    public static string Name(int number) => RemoteName.For(Installation, number.ToString("x32"));

    public static DiskSpec Disk(int number = 1, int sizeGb = 10, string? cloudId = null) =>
        new(Name(number), ByteSize.FromGiB(sizeGb), cloudId, "US-1", cloudId == "shared");

    public static DiskRef Ref(int number = 1) => new(Name(number), null);

    public static InstanceRef InstanceRef(int number = 100) => new(Name(number), null);

    public static InstanceSpec Instance(int number = 100, params IReadOnlyList<int> disks) => new(
        Name(number),
        "cpu-1",
        "US-1",
        "ubuntu_22_cuda_12",
        1,
        ByteSize.FromGiB(1),
        [],
        new Dictionary<string, string>(),
        [],
        [.. disks.Select((disk, ordinal) => new AttachmentSpec(
            Ref(disk), new NoSource(), Name(number), ordinal, $"/workspace-{ordinal}", 1, false, 0))],
        "network",
        0,
        "trainer");

    public Task<DiskObservation> CreateAsync(int number = 1, int sizeGb = 10, string? cloudId = null) =>
        Disks.EnsureCreatedAsync(Disk(number, sizeGb, cloudId), Ct);

    public async Task<RemoteDiskState> StateAsync(int number = 1) =>
        (await Disks.ObserveAsync(Ref(number), Ct)).State;

    public async Task<RemoteInstanceState> InstanceStateAsync(int number = 100) =>
        (await Instances.ObserveAsync(InstanceRef(number), Ct)).State;

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        _provider?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed record NoSource : HostAttachSource;
}
