namespace Mooring.Server.Tests.Histories;

/// <summary>
/// Two clocks: the one on the wall, which may step back and is all that Mooring sees, and the true one, by which calls
/// that were under way take effect.
/// </summary>
internal sealed class ModelClock
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What Mooring reads.</summary>
    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>What really goes by.</summary>
    public DateTimeOffset True { get; private set; } = Start;

    public void Pass(TimeSpan time)
    {
        Now += time;
        True += time;
    }

    /// <summary>
    /// The wall clock is set back and goes on from there. It is never set forward: that would look like time passing.
    /// </summary>
    public void StepBack(TimeSpan time) => Now -= time;
}
