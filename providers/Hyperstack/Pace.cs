namespace Mooring.Providers.Hyperstack;

/// <summary>
/// Keeps requests under the cloud's limit: 500 a minute and source address, with no header that tells what is left
/// (vendor docs, "Rate Limits"). A bucket of tokens, filled evenly.
/// </summary>
internal sealed class Pace(int callsPerMinute, int burst, TimeSpan patience, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly double _perSecond = callsPerMinute / 60.0;
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    public static Pace By(HyperstackOptions options, TimeProvider time) =>
        new(options.CallsPerMinute, options.CallBurst, options.Patience, time);

    /// <summary>Waits for the turn of one request.</summary>
    /// <exception cref="ThrottledException">It would take too long. Nothing was sent.</exception>
    public async Task TakeAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var wait = Reserve();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct);
        }
    }

    private TimeSpan Reserve()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var gained = time.GetElapsedTime(_filledAt, now).TotalSeconds * _perSecond;
            (_tokens, _filledAt) = (Math.Min(burst, _tokens + gained), now);
            var wait = TimeSpan.FromSeconds(Math.Max(0, (1 - _tokens) / _perSecond));
            if (wait > patience)
            {
                throw new ThrottledException(
                    "Mooring has more requests for Hyperstack than its limit allows; this one is put off.", wait);
            }

            _tokens--;
            return wait;
        }
    }
}
