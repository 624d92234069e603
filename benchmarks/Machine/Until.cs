namespace Mooring.Benchmarks.Machine;

/// <summary>Waiting for something that happens in other processes.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <exception cref="BenchmarkException">It does not come true in three minutes.</exception>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition, string what, TimeSpan interval, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
            {
                throw new BenchmarkException($"After {Limit.TotalMinutes} minutes it does not hold that {what}.");
            }

            await Task.Delay(interval, TimeProvider.System, ct);
        }
    }
}
