using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Providers.Simulated;

namespace Mooring.Conformance.Tests.Simulated;

/// <summary>What stands between the simulated cloud and the suite: the real adapter, or one with a fault.</summary>
/// <param name="real">The real one.</param>
/// <param name="cloud">The cloud itself.</param>
internal delegate OneProcess Adapter(SimulatedProvider real, DiskCalls cloud);

/// <summary>
/// A simulated cloud with a script for each circumstance, under a clock that only the case turns. The script lets the
/// circumstance begin a minute after the start and end a minute later.
/// </summary>
internal sealed class SimulatedSite : Site
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly string _directory;
    private readonly Circumstance _circumstance;
    private readonly Simulation _simulation;
    private readonly Adapter _adapter;
    private readonly List<IDisposable> _open = [];

    public SimulatedSite(Circumstance circumstance, string kind, Adapter? adapter = null)
    {
        _circumstance = circumstance;
        _simulation = Simulation.Parse(SimulatedScript.For(circumstance, kind));
        _adapter = adapter ?? ((real, _) => new OneProcess(real.Disks, real.Instances));
        // The books are on the disk before each answer; in memory that costs nothing, and a test crashes no machine.
        _directory = Directory.Exists("/dev/shm")
            ? Path.Join("/dev/shm", "mooring-conformance-" + Path.GetRandomFileName())
            : Directory.CreateTempSubdirectory("mooring-conformance-").FullName;
        Directory.CreateDirectory(_directory);
        Providers = OpenAnother();
    }

    public override OneProcess Providers { get; }

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override string Words => SimulatedScript.Words;

    public override TimeSpan RetryAfter => SimulatedScript.RetryAfter;

    public override bool GivesRemoteIds => true;

    public override long? CallsMade => ReadBooks().Calls.Values.Sum();

    public override (ByteSize One, ByteSize Other) Sizes => (ByteSize.FromGiB(10), ByteSize.FromGiB(11));

    private string BooksPath => Path.Join(_directory, _simulation.BooksFile);

    public override OneProcess OpenAnother()
    {
        var provider = SimulatedProvider.Open(_simulation, _directory, Installation, _time);
        _open.Add(provider);
        return _adapter(provider, OpenCloud(_simulation));
    }

    public override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    public override Task BeginAsync() => ReachAsync(Start + SimulatedScript.From);

    public override Task EndAsync() => ReachAsync(Start + SimulatedScript.UntilOf(_circumstance));

    public override async Task UntilUnderWayAsync(int calls)
    {
        // A call goes on in its caller's thread until it hangs: only one that waits for another takes a moment longer.
        var started = TimeProvider.System.GetTimestamp();
        while (ReadBooks().Faults.Count < calls)
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public override DiskSpec Disk(string name) => new(name, Sizes.One, null, "US-1", IsMultinode: false);

    public override DiskSpec SharedDisk(string name) => new(name, Sizes.One, "shared", "US-1", IsMultinode: true);

    public override InstanceSpec Instance(string name, params IReadOnlyList<DiskSpec> disks) => new(
        name,
        "cpu-1",
        "US-1",
        "ubuntu_22_cuda_12",
        Vcpus: 1,
        ByteSize.FromGiB(1),
        GpuIds: [],
        new Dictionary<string, string>(),
        AuthorizedKeys: [],
        [.. disks.Select((disk, ordinal) => new AttachmentSpec(
            new DiskRef(disk.Name, null),
            new AtTheCloud(),
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
        .. ReadBooks().DisksAt(Now).Select(disk => new TrueDisk(
            disk.Name, disk.Size, disk.StateAt(Now) == RemoteDiskState.Ready)),
    ]);

    public override Task<IReadOnlyList<TrueInstance>> InstancesThereAsync() =>
        Task.FromResult<IReadOnlyList<TrueInstance>>(
        [
            .. ReadBooks().InstancesAt(Now).Select(one => new TrueInstance(
                one.Name, one.StateAt(Now) == RemoteInstanceState.Ready)),
        ]);

    public override Task PlantDiskAsync(string name) =>
        OpenCloud(WithoutFaults()).CreateAsync(Disk(name), CancellationToken.None);

    public override async Task RenameDiskAsync(string from, string to)
    {
        await using var books = new SqliteConnection($"Data Source={BooksPath}");
        await books.OpenAsync();
        await using var rename = books.CreateCommand();
        rename.CommandText = "UPDATE disks SET name = $to WHERE name = $from";
        rename.Parameters.AddWithValue("$from", from);
        rename.Parameters.AddWithValue("$to", to);
        (await rename.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    public override Task PlantInstanceAsync(string name) =>
        new InstanceCalls(WithoutFaults(), new Calls(WithoutFaults(), OpenBooks(), _time))
            .CreateAsync(Instance(name), CancellationToken.None);

    public override ValueTask DisposeAsync()
    {
        _open.ForEach(one => one.Dispose());
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Simulation WithoutFaults() => _simulation with { Faults = [] };

    private DiskCalls OpenCloud(Simulation simulation) =>
        new(simulation, new Calls(simulation, OpenBooks(), _time));

    private BookFile OpenBooks()
    {
        var books = BookFile.Open(BooksPath, Now);
        _open.Add(books);
        return books;
    }

    private Books ReadBooks() => Books.Read(BooksPath);

    private Task ReachAsync(DateTimeOffset time)
    {
        if (time > Now)
        {
            _time.Advance(time - Now);
        }

        return Task.CompletedTask;
    }

    /// <summary>The cloud knows by itself how its disks come to its instances.</summary>
    private sealed record AtTheCloud : HostAttachSource;
}
