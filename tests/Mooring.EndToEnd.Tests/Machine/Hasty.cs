namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>
/// A clock for the client's waits, whose pauses grow to seconds so as to spare a server: here the next look comes at
/// once. Deadlines are kept.
/// </summary>
internal sealed class Hasty : TimeProvider
{
    private static readonly TimeSpan LongestPauseOfWaits = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private Hasty()
    {
    }

    public static TimeProvider Time { get; } = new Hasty();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(
            callback, state, dueTime > Pause && dueTime <= LongestPauseOfWaits ? Pause : dueTime, period);
}
