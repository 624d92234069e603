namespace Mooring.Server.Tests.Histories;

/// <summary>
/// What is really there at a model provider, and what may still come: the truth that Mooring's rows are held against.
/// A creation that was late in coming is missed by the first look after it, as in a list that lags behind.
/// </summary>
/// <param name="clock">Whose true time decides when a late creation lands.</param>
/// <param name="namesAreUnique">
/// Whether the provider itself refuses a second thing of the same name. Where it does not, only Mooring's care keeps a
/// disk from being doubled.
/// </param>
internal sealed class ModelPlace<TState>(ModelClock clock, bool namesAreUnique)
    where TState : struct, Enum
{
    private readonly List<Thing> _things = [];
    private readonly List<Landing> _landings = [];

    public IEnumerable<Thing> Things => _things;

    public IEnumerable<Thing> Named(string name) => _things.Where(thing => thing.Name == name);

    /// <summary>It is there, or a creation of it is still under way.</summary>
    public bool MayHold(string name) => Named(name).Any() || _landings.Any(landing => landing.Name == name);

    /// <summary>A complete, successful look.</summary>
    public Thing? Look(string name)
    {
        var found = Named(name).FirstOrDefault();
        if (found is { IsMissedByNextLook: true })
        {
            found.IsMissedByNextLook = false;
            return null;
        }

        return found;
    }

    /// <summary>Makes it now, or finds what the name is taken by.</summary>
    public Thing Make(string name, TState state)
    {
        if (namesAreUnique && Named(name).FirstOrDefault() is { } taken)
        {
            return taken;
        }

        var made = new Thing(name) { State = state };
        _things.Add(made);
        return made;
    }

    /// <summary>A creation is under way and will take effect at some point.</summary>
    public void MakeLater(string name, TState state, TimeSpan delay) =>
        _landings.Add(new Landing(name, state, clock.True + delay));

    /// <summary>What was under way until now takes effect.</summary>
    public void LetLand()
    {
        foreach (var landing in _landings.Where(landing => landing.At <= clock.True).ToList())
        {
            _landings.Remove(landing);
            if (!namesAreUnique || !Named(landing.Name).Any())
            {
                _things.Add(new Thing(landing.Name) { State = landing.State, IsMissedByNextLook = true });
            }
        }
    }

    public DateTimeOffset? NextLanding => _landings.Count == 0 ? null : _landings.Min(landing => landing.At);

    public void Remove(Thing thing) => _things.Remove(thing);

    internal sealed class Thing(string name)
    {
        public string Name { get; } = name;

        public required TState State { get; set; }

        public bool IsMissedByNextLook { get; set; }
    }

    /// <summary>Somebody else puts it there, under a name of ours.</summary>
    public void PutStray(string name, TState state) => _things.Add(new Thing(name) { State = state });

    private sealed record Landing(string Name, TState State, DateTimeOffset At);
}
