using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Providers.Instances;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Inventory;

/// <summary>
/// Hears from providers that can tell when an instance changed, and makes it due at once. When a stream breaks it is
/// taken up again; what was missed meanwhile the <see cref="Sweep"/> finds.
/// </summary>
internal sealed partial class InstanceSignals(
    ProviderRegistry providers, Database database, TimeProvider time, ILogger<InstanceSignals> logger)
    : BackgroundService
{
    private static readonly TimeSpan PauseAfterBreak = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        from provider in providers.All
        let signals = provider.Instances as IInstanceSignals
        where signals is not null
        select ListenAsync(provider, signals, stoppingToken));

    private async Task ListenAsync(Provider provider, IInstanceSignals signals, CancellationToken ct)
    {
        string? said = null;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var name in signals.WatchAsync(ct).WithCancellation(ct))
                {
                    said = null;
                    LogHeard(name);
                    await DueNow.HearAsync(database, name, ct);
                }
            }
            catch (ProviderException exception)
            {
                // Said once: a host without an engine would fill the log.
                if (said != exception.Message)
                {
                    said = exception.Message;
                    LogBroken(provider.Id, said);
                }
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                // A fault of the database's ends neither the listening nor, with it, the server.
                LogNotStored(exception, provider.Id);
            }

            await Task.Delay(PauseAfterBreak, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Instance {Name} changed, says its provider")]
    private partial void LogHeard(string name);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Signals of provider account {Account} broke off: {Words}; listening again")]
    private partial void LogBroken(ProviderAccountId account, string words);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A signal of provider account {Account} could not be stored; listening again")]
    private partial void LogNotStored(Exception exception, ProviderAccountId account);
}
