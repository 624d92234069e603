using Microsoft.Extensions.Hosting;

namespace Mooring.Server;

/// <summary>
/// Work that is done again and again while the server runs, the first time one period after its start. What fails is
/// told and tried again with the next period: full records, say, end neither the loop nor, with it, the server.
/// </summary>
/// <param name="period">From one time to the next.</param>
/// <param name="time">The clock.</param>
internal abstract class PeriodicWork(TimeSpan period, TimeProvider time) : BackgroundService
{
    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>Does it once.</summary>
    protected abstract Task DoAsync(CancellationToken ct);

    /// <summary>Logs that it failed.</summary>
    protected abstract void TellFailed(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DoAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                TellFailed(exception);
            }
        }
    }
}
