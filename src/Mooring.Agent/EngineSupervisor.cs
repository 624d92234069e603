using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Providers;

namespace Mooring.Agent;

/// <summary>
/// Keeps our engine up and its images loaded, from the server's start to its end; ends neither engine nor pods.
/// Whatever goes wrong is said once and tried again, ever more slowly up to half a minute: it never brings the server
/// down.
/// </summary>
internal sealed partial class EngineSupervisor(LocalAgent agent, TimeProvider time, ILogger<EngineSupervisor> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private int? _loadsTold;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        string? said = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CheckAsync(stoppingToken);
                failures = 0;
                said = null;
                await Task.Delay(Interval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The agent's loop is where all failures end (style, "Errors"); one of ours is told with its trace.
                _loadsTold = null;
                if (e.Message != said)
                {
                    LogFailure(e is ProviderException ? null : e, e.Message);
                    said = e.Message;
                }

                var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, failures++)));
                await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void TellIfNew()
    {
        if (_loadsTold != agent.Images.Loads)
        {
            _loadsTold = agent.Images.Loads;
            agent.TellChanged();
        }
    }

    private async Task CheckAsync(CancellationToken ct)
    {
        if (agent.Service is { } service)
        {
            if (!Environment.IsPrivilegedProcess)
            {
                throw new UnreachableException("without root there is no container engine");
            }

            await service.EnsureRunningAsync(ct);
        }

        // Told before the images are loaded too, which takes a while at the first start.
        TellIfNew();
        await agent.Images.LoadMissingAsync(ct);
        TellIfNew();
    }

    [LoggerMessage(LogLevel.Warning, "The container engine is not ready: {Reason}")]
    private partial void LogFailure(Exception? exception, string reason);
}
