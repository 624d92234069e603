namespace Mooring.Simulators.RunPod;

/// <summary>The faults that are set up, and which calls they met.</summary>
internal sealed class FaultBook(IReadOnlyList<Fault> faults, Chance chance, DateTimeOffset start)
{
    private readonly List<(Fault Fault, int Met)> _faults = [.. faults.Select(fault => (fault, 0))];
    private readonly List<MetFault> _met = [];

    public IReadOnlyList<MetFault> Met => [.. _met];

    public IReadOnlyList<Fault> Faults => [.. _faults.Select(one => one.Fault)];

    public void Add(Fault fault) => _faults.Add((fault, 0));

    public void Clear() => _faults.Clear();

    /// <summary>The fault that meets a call, if any.</summary>
    public Fault? Meet(string route, long number, DateTimeOffset now)
    {
        var seconds = (now - start).TotalSeconds;
        for (var i = 0; i < _faults.Count; i++)
        {
            var (fault, met) = _faults[i];
            if ((fault.On.Contains(route) || fault.On.Contains("*"))
                && seconds >= fault.FromSeconds && seconds < fault.UntilSeconds
                && (fault.Calls.Count == 0 || fault.Calls.Contains(number))
                && (fault.Times is null || met < fault.Times)
                && chance.Share($"fault/{i}/{route}/{number}") < fault.Probability)
            {
                _faults[i] = (fault, met + 1);
                _met.Add(new MetFault(fault.Kind, route, number, now));
                return fault;
            }
        }

        return null;
    }
}
