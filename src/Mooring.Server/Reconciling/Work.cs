namespace Mooring.Server.Reconciling;

/// <summary>
/// When a row must be looked at again. The pure lifecycles say it in these words; the engine turns
/// <see cref="BackOff"/> into a time, as that takes randomness, which they don't have.
/// </summary>
internal abstract record Due
{
    private Due() { }

    /// <summary>There is nothing to do until somebody wishes something.</summary>
    public sealed record Never : Due;

    /// <summary>At once: the next step follows.</summary>
    public sealed record Now : Due;

    /// <summary>Not before a point in time.</summary>
    public sealed record At(DateTimeOffset Time) : Due;

    /// <summary>
    /// Later each time it is asked for in a row (exponential, full jitter, with a ceiling), but by a point in time.
    /// </summary>
    public sealed record BackOff(DateTimeOffset? NoLaterThan) : Due;

    public static readonly Due Nothing = new Never();

    public static readonly Due AtOnce = new Now();
}

/// <summary>
/// The columns by which a row asks for work and a worker holds it. A claim is a short right to work on one row: whoever
/// writes a decision must still hold it.
/// </summary>
internal interface IWorkRow
{
    DateTimeOffset? DueAt { get; }

    /// <summary>Times in a row that the next step had to be put off.</summary>
    int Attempt { get; }

    string? ClaimToken { get; }

    DateTimeOffset? ClaimUntil { get; }

    /// <summary>The claim before this one ended without being given back: its worker died, maybe in a call.</summary>
    bool IsCutOff { get; }

    long Version { get; }
}

/// <summary>
/// The kinds of row that the reconciler works on; a bit each, so that a transaction can collect them.
/// </summary>
[Flags]
internal enum WorkKinds
{
    None = 0,
    Disks = 1,
    Pods = 2,
    Wallets = 4,
}
