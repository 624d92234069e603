using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Docker.DotNet;
using Docker.DotNet.Models;
using Mooring.Providers;

namespace Mooring.Agent.Engine;

/// <summary>Signals of the engine that a container of ours started, ended or was removed.</summary>
internal sealed class EngineEvents(AgentOptions options, EngineConnection engine, TimeProvider time)
{
    private static readonly string[] Told = ["start", "die", "died", "oom", "stop", "kill", "remove", "destroy"];

    /// <exception cref="UnreachableException">The engine can't be heard any more; thrown at the end of the
    /// stream.</exception>
    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var names = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        var listening = ListenAsync(names.Writer, ending.Token);
        try
        {
            await foreach (var name in names.Reader.ReadAllAsync(ct))
            {
                yield return name;
            }
        }
        finally
        {
            await ending.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ct.ThrowIfCancellationRequested();
        throw new UnreachableException("the container engine's signals ended");
    }

    private async Task ListenAsync(ChannelWriter<string> names, CancellationToken ct)
    {
        var parameters = new ContainerEventsParameters
        {
            // What happens between this call and the engine's hearing it is told as well, whole seconds back.
            Since = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["type"] = new Dictionary<string, bool> { ["container"] = true },
                ["label"] = new Dictionary<string, bool>
                {
                    [$"{ContainerLabels.Installation}={options.InstallationId}"] = true,
                },
            },
        };
        try
        {
            await engine.ReadAsync(
                async client =>
                {
                    await client.System.MonitorEventsAsync(parameters, new Heard(names), ct);
                    return true;
                },
                ct,
                Timeout.InfiniteTimeSpan);
        }
        catch (Exception e) when (e is ProviderException or DockerApiException or OperationCanceledException)
        {
            // Said once, by the reader, whatever ended it.
        }
        finally
        {
            names.TryComplete();
        }
    }

    // Progress<T> would post to the thread pool and lose the order.
    private sealed class Heard(ChannelWriter<string> names) : IProgress<Message>
    {
        public void Report(Message value)
        {
            if (Told.Contains(value.Action, StringComparer.Ordinal)
                && value.Actor?.Attributes is { } attributes
                && attributes.TryGetValue("name", out var name))
            {
                names.TryWrite(name);
            }
        }
    }
}
