namespace Mooring.Cli.Demo;

/// <summary>What one run is to do.</summary>
/// <param name="Name">Of everything it makes; unique, so that what a lost answer made can be found again.</param>
/// <param name="SizeGb">Of the disk, GB.</param>
/// <param name="Keep">Whether to leave what was made.</param>
/// <param name="DataMiB">Random data to write, MiB.</param>
internal sealed record DemoSettings(string Name, int SizeGb, bool Keep, int DataMiB = 64)
{
    /// <summary>
    /// A server that has just started has its images loaded after this at most.
    /// </summary>
    public TimeSpan ImageDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A server that has just started offers instances after this at most, if it can run any: its engine comes up.
    /// </summary>
    public TimeSpan EngineDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A new disk is usable after this at most; the server gives up after 30 minutes.</summary>
    public TimeSpan DiskDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>An instance runs after this at most, as at the server.</summary>
    public TimeSpan InstanceDeadline { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Something deleted is gone after this at most.</summary>
    public TimeSpan RemovalDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An instance that runs can be logged in to after this at most.</summary>
    public TimeSpan LoginDeadline { get; init; } = TimeSpan.FromMinutes(1);
}
