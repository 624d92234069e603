using Mooring.Client;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// Runs a mooringd that is to be killed at one or more crash points, one after the other, and starts it again each time
/// as a service manager would.
/// </summary>
internal sealed class Reviver(Installation installation, IEnumerable<string> points) : IAsyncDisposable
{
    // As a shell shows a process that SIGKILL ended.
    private const int Killed = 137;

    // What is to be killed is killed within the life; only its start again takes a moment.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Queue<string> _points = new(points);
    private readonly CancellationTokenSource _over = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Whether it was killed at every point, and runs.</summary>
    public bool HasKilled => _watching.IsCompleted;

    public async Task StartAsync()
    {
        if (installation.IsRunning)
        {
            (await installation.StopAsync()).ShouldBe(0, installation.Daemon.LastWords);
        }

        await LaunchAsync();
        _watching = WatchAsync();
        await Until.HoldsAsync(() => _watching.IsFaulted || installation.HasServed, "mooringd has served once");
        await ThrowIfFaultedAsync();
    }

    /// <summary>
    /// Does it, and does it again if the server was killed meanwhile: every act looks before it asks.
    /// </summary>
    public async Task<T> InsistAsync<T>(Func<Task<T>> act)
    {
        while (true)
        {
            try
            {
                return await act();
            }
            catch (MooringConnectionException)
            {
                await Until.HoldsAsync(
                    () => _watching.IsFaulted || installation.IsRunning, "mooringd was started again");
                await ThrowIfFaultedAsync();
            }
        }
    }

    /// <summary>Demands that it was killed at every point, and runs.</summary>
    public async Task FinishAsync()
    {
        await Until.HoldsAsync(
            () => _watching.IsCompleted,
            $"mooringd was killed at {string.Join(" and ", _points)}, and started again",
            Grace);
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task WatchAsync()
    {
        while (_points.Count > 0)
        {
            (await installation.Daemon.WaitForEndAsync(_over.Token)).ShouldBe(Killed, installation.Daemon.LastWords);
            _points.Dequeue();
            await LaunchAsync();
        }
    }

    private async Task LaunchAsync()
    {
        if (_points.TryPeek(out var point))
        {
            installation.Settings["MOORING_CRASH_AT"] = point;
        }

        try
        {
            await installation.StartAsync();
        }
        catch (ShouldAssertException) when (installation.Daemon.HasEnded && _points.Count > 0)
        {
            // Killed before it served; whoever watches finds that.
        }
        finally
        {
            installation.Settings.Remove("MOORING_CRASH_AT");
        }
    }

    private async Task ThrowIfFaultedAsync()
    {
        if (_watching.IsFaulted)
        {
            await _watching;
        }
    }
}
