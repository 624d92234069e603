namespace Mooring.Simulators.Hyperstack;

/// <summary>The faults in force, which of them befalls a call, and which did.</summary>
internal sealed class FaultBook(IEnumerable<Fault> faults, int seed, DateTimeOffset start)
{
    private readonly Random _random = new(seed);
    private List<Entry> _entries = [.. faults.Select(fault => new Entry(fault))];

    public List<MetFault> Met { get; } = [];

    public void Add(IEnumerable<Fault> faults) => _entries.AddRange(faults.Select(fault => new Entry(fault)));

    public void Clear() => _entries = [];

    /// <summary>The fault that befalls a call now, or null.</summary>
    public Fault? Meet(string route, DateTimeOffset now)
    {
        var seconds = (now - start).TotalSeconds;
        foreach (var entry in _entries)
        {
            var fault = entry.Fault;
            if (!fault.On.Any(word => Matches(word, route)) || seconds < fault.FromSeconds
                || seconds >= fault.UntilSeconds)
            {
                continue;
            }

            entry.Calls++;
            if (entry.Times >= fault.Times || fault.Calls?.Contains(entry.Calls) == false
                || (fault.Probability < 1 && _random.NextDouble() >= fault.Probability))
            {
                continue;
            }

            entry.Times++;
            Met.Add(new MetFault(now, fault.Kind, route));
            return fault;
        }

        return null;
    }

    /// <summary>How long it takes.</summary>
    public TimeSpan TimeOf(Fault fault) => TimeSpan.FromSeconds(fault.SecondsMost is { } most
        ? fault.Seconds + (_random.NextDouble() * (most - fault.Seconds))
        : fault.Seconds);

    private static bool Matches(string word, string route) =>
        word == "*" || word == route
        || (word.EndsWith(".*", StringComparison.Ordinal)
            && route.StartsWith(word[..^1], StringComparison.Ordinal));

    private sealed class Entry(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Calls { get; set; }

        public int Times { get; set; }
    }
}
