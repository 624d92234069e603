namespace Mooring.Agent.Hosts;

/// <summary>Waiting for something that the kernel or the engine does not announce.</summary>
internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes or the time is over; returns the last answer.</summary>
    public static async Task<bool> UntilAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (!await condition(ct))
        {
            if (time.GetElapsedTime(started) >= limit)
            {
                return false;
            }

            await Task.Delay(Interval, time, ct);
        }

        return true;
    }
}
