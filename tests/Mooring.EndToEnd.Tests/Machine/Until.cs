namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>Waiting for something that happens in other processes.</summary>
internal static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long anything may take that takes seconds on a quiet machine: many times that where others use its cores.
    /// </summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(120);

    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, limit);

    /// <summary>Asks until the answer is yes; a test whose wait is over fails.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var most = limit ?? Patience;
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            (TimeProvider.System.GetElapsedTime(started) < most)
                .ShouldBeTrue($"after {most.TotalSeconds} s it does not hold that {what}");
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
