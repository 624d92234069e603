namespace Mooring.Benchmarks;

/// <summary>How long a run measures.</summary>
internal sealed record Effort
{
    public static readonly Effort Full = new();

    /// <summary>To see that everything runs; too short for a verdict.</summary>
    public static readonly Effort Quick = new()
    {
        IsQuick = true,
        RoundsAtLeast = 2,
        RoundsAtMost = 2,
        Slice = TimeSpan.FromSeconds(0.5),
        WarmUp = TimeSpan.FromSeconds(1),
        Samples = 3,
        Disks = 5_000,
        ManyDisks = 20_000,
        SteadyDisks = 5_000,
        SteadyWindow = TimeSpan.FromSeconds(5),
        Windows = 2,
    };

    public bool IsQuick { get; private init; }

    public int RoundsAtLeast { get; private init; } = 6;

    public int RoundsAtMost { get; private init; } = 20;

    /// <summary>Of one side in one round.</summary>
    public TimeSpan Slice { get; private init; } = TimeSpan.FromSeconds(3);

    /// <summary>Under load before the first round, so that both sides are compiled as they will stay.</summary>
    public TimeSpan WarmUp { get; private init; } = TimeSpan.FromSeconds(20);

    /// <summary>Of what is measured one by one: starts, creations.</summary>
    public int Samples { get; private init; } = 15;

    /// <summary>Disks in the records where their number is not what is measured.</summary>
    public int Disks { get; private init; } = 100_000;

    public int ManyDisks { get; private init; } = 1_000_000;

    public int SteadyDisks { get; private init; } = 100_000;

    /// <summary>Of the steady state; a minute, as that is how often the inventory is taken.</summary>
    public TimeSpan SteadyWindow { get; private init; } = TimeSpan.FromMinutes(1);

    public int Windows { get; private init; } = 6;
}
