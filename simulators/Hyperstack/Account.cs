namespace Mooring.Simulators.Hyperstack;

/// <summary>All that one organisation has at the cloud. Every call is done alone, under <see cref="Gate"/>.</summary>
internal sealed class Account(Script script)
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromMinutes(1);

    private readonly List<(DateTimeOffset At, Action<DateTimeOffset> Do)> _later = [];
    private long _lastId = 1000;

    public Lock Gate { get; } = new();

    public Script Script { get; } = script;

    public List<Home> Homes { get; } = [];

    public HashSet<(string Home, string Name)> KeyPairs { get; } = [];

    public List<Volume> Volumes { get; } = [];

    public List<Machine> Machines { get; } = [];

    public List<Hold> Holds { get; } = [];

    public long NextId() => ++_lastId;

    public Home? HomeNamed(string? name) => Homes.Find(home => home.Name == name);

    /// <summary>Something that was asked for, and is done only then.</summary>
    public void Later(DateTimeOffset at, Action<DateTimeOffset> act) => _later.Add((at, act));

    /// <summary>Does what is due.</summary>
    public void Settle(DateTimeOffset now)
    {
        foreach (var due in _later.Where(due => due.At <= now).OrderBy(due => due.At).ToList())
        {
            _later.Remove(due);
            due.Do(due.At);
        }
    }

    public Volume? Volume(long id, DateTimeOffset now) =>
        Volumes.Find(volume => volume.Id == id && volume.IsThereAt(now));

    public Machine? Machine(long id, DateTimeOffset now) =>
        Machines.Find(machine => machine.Id == id && machine.IsThereAt(now));

    /// <summary>Volumes as lists have them.</summary>
    public List<Volume> VolumesShownAt(DateTimeOffset now) => Volumes.FindAll(volume =>
        volume.IsThereAt(now)
        || (Script.Assumptions.DeletedVolumesLinger && now - volume.ChangesAt < LingerTime));

    /// <summary>The volume's status as it is shown: what holds it has a say.</summary>
    public string StatusOf(Volume volume, DateTimeOffset now)
    {
        var own = volume.StatusAt(now);
        var hold = Holds.Find(one => one.Volume == volume && one.IsInForceAt(now));
        return own == Thing.Gone ? "deleted"
            : own != "available" || hold is null ? own
            : hold.StatusAt(now) switch
            {
                "ATTACHING" => "attaching",
                "DETACHING" => "detaching",
                _ => "in-use",
            };
    }

    /// <summary>Lets a volume vanish, and what holds it.</summary>
    public void Vanish(Volume volume, DateTimeOffset now)
    {
        volume.Vanish(now);
        Holds.RemoveAll(hold => hold.Volume == volume);
    }

    /// <summary>Lets a machine vanish; its volumes are free.</summary>
    public void Vanish(Machine machine, DateTimeOffset now)
    {
        machine.Vanish(now);
        machine.BillUntil(now);
        foreach (var hold in Holds.Where(hold => hold.Machine == machine && hold.IsInForceAt(now)))
        {
            hold.EndsAt = now;
        }
    }

    public IReadOnlyList<BookedVolume> BookVolumes(DateTimeOffset now) =>
    [
        .. Volumes.Select(volume => new BookedVolume(
            volume.Id,
            volume.Name,
            volume.Home.Name,
            volume.Size,
            volume.IsThereAt(now) ? StatusOf(volume, now) : Thing.Gone,
            volume.IsThereAt(now),
            volume.CreatedAt,
            volume.EndedAt,
            volume.CostAt(now))),
    ];

    public IReadOnlyList<BookedMachine> BookMachines(DateTimeOffset now) =>
    [
        .. Machines.Select(machine => new BookedMachine(
            machine.Id,
            machine.Name,
            machine.Flavor.Name,
            machine.StatusAt(now),
            machine.IsThereAt(now),
            machine.CreatedAt,
            machine.EndedAt,
            [
                .. Holds.Where(hold => hold.Machine == machine && hold.IsInForceAt(now))
                    .Select(hold => hold.Volume.Id),
            ],
            machine.CostAt(now))),
    ];
}
