namespace Mooring.Simulators.RunPod;

/// <summary>
/// All that is at the place. Whoever reads or changes it holds <see cref="Gate"/>, and lets what is due happen first
/// (<see cref="Settle"/>).
/// </summary>
internal sealed class Place
{
    private readonly List<(DateTimeOffset At, Action<DateTimeOffset> Act)> _later = [];
    private readonly Dictionary<string, long> _calls = [];

    public Place(SimulatorOptions options, DateTimeOffset start)
    {
        Options = options;
        Chance = new Chance(options.Seed);
        Faults = new FaultBook(options.Faults, Chance, start);
    }

    public Lock Gate { get; } = new();

    public SimulatorOptions Options { get; }

    public Chance Chance { get; }

    public FaultBook Faults { get; }

    public List<SimulatedVolume> Volumes { get; } = [];

    public List<SimulatedPod> Pods { get; } = [];

    public long Count(string route) =>
        _calls[route] = _calls.GetValueOrDefault(route) + 1;

    public void Later(DateTimeOffset at, Action<DateTimeOffset> act) => _later.Add((at, act));

    /// <summary>What was to happen later and is due happens, in its order and at its own time.</summary>
    public void Settle(DateTimeOffset now)
    {
        while (_later.Where(one => one.At <= now).OrderBy(one => one.At).FirstOrDefault() is { Act: not null } due)
        {
            _later.Remove(due);
            due.Act(due.At);
        }
    }

    public SimulatedVolume AddVolume(string name, int sizeGb, string dataCenter, string tier, DateTimeOffset now)
    {
        var volume = new SimulatedVolume(
            Chance.Id($"volume/{Volumes.Count}"),
            name,
            sizeGb,
            dataCenter,
            tier,
            now,
            tier == "STANDARD" ? Options.Catalog.Standard : Options.Catalog.HighPerformance);
        Volumes.Add(volume);
        return volume;
    }

    public SimulatedPod AddPod(PodOrder order, DateTimeOffset now)
    {
        var id = Chance.Id($"pod/{Pods.Count}");
        var pod = new SimulatedPod(id, order, now, Options.Provisioning, Options.Starting);
        Pods.Add(pod);
        return pod;
    }

    public SimulatedVolume? Volume(string? id, DateTimeOffset now) =>
        Volumes.FirstOrDefault(
            volume => volume.Id == id && volume.IsThereAt(now) && IsFound(volume.CreatedAt, now));

    public SimulatedPod? Pod(string? id, DateTimeOffset now) =>
        Pods.FirstOrDefault(pod => pod.Id == id && pod.IsThereAt(now) && IsFound(pod.CreatedAt, now));

    /// <summary>Whether lists show by now what was made then.</summary>
    public bool IsListed(DateTimeOffset createdAt, DateTimeOffset now) =>
        now >= createdAt + Options.Assumptions.ListsLag;

    private bool IsFound(DateTimeOffset createdAt, DateTimeOffset now) =>
        Options.Assumptions.IdsAreFoundAtOnce || IsListed(createdAt, now);

    public Books Book(DateTimeOffset now) => new(
        now,
        [.. Volumes.Select(volume => volume.Book(now))],
        [.. Pods.Select(pod => pod.Book(now))],
        new Dictionary<string, long>(_calls),
        Faults.Met);
}
