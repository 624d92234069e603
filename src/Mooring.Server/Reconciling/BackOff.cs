namespace Mooring.Server.Reconciling;

/// <summary>
/// Exponential back-off with full jitter: a random time between nothing and <c>min(ceiling, first × 2^attempt)</c>, so
/// that many rows that failed together don't come back together.
/// </summary>
internal sealed class BackOff(Random random, TimeSpan first, TimeSpan ceiling)
{
    private readonly Lock _lock = new();

    public TimeSpan Ceiling => ceiling;

    /// <summary>How long to wait before attempt number <paramref name="attempt"/> + 1; attempts count from 0.</summary>
    public TimeSpan Delay(int attempt)
    {
        var most = Math.Min(ceiling.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 30)));
        double share;
        lock (_lock)
        {
            share = random.NextDouble();
        }

        // Never quite nothing: a provider that fails at once would be asked in a tight loop.
        return TimeSpan.FromMilliseconds(Math.Max(first.TotalMilliseconds / 4, most * share));
    }
}
