using Mooring.Agent.Hosts;

namespace Mooring.Agent.Tests;

internal static class TestDeadline
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits for something that other threads bring about.</summary>
    public static async Task UntilAsync(Func<bool> condition) =>
        (await Poll.UntilAsync(
            _ => Task.FromResult(condition()), Limit, TimeProvider.System, CancellationToken.None)).ShouldBeTrue();
}
