using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Mooring.Agent.Hosts;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Engine;

/// <summary>
/// Ends and removes containers. An end takes as long as the container's grace; it goes on between calls.
/// </summary>
internal sealed class ContainerRemoval(EngineConnection engine, ContainerStates states, TimeProvider time)
{
    private const uint GraceSeconds = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(GraceSeconds + 20);
    private static readonly TimeSpan DeleteLimit = TimeSpan.FromSeconds(15);

    private readonly LongWork<InstanceObservation> _removals = new(time);

    /// <inheritdoc cref="Providers.Hosts.IAgentChannel.EnsureRemovedAsync"/>
    public async Task<InstanceObservation> EnsureRemovedAsync(string name, CancellationToken ct)
    {
        var (ended, observed) = await _removals.JoinAsync(name, () => RemoveAsync(name), Patience, ct);
        return ended
            ? observed!
            : new(RemoteInstanceState.Deleting, Words: "asked to end; it is killed after a grace of 10 s");
    }

    /// <summary>Ends a container and leaves it there, so that its end can be read.</summary>
    public async Task StopAsync(string id, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(StopLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var parameters = new ContainerStopParameters { WaitBeforeKillSeconds = GraceSeconds };
        CrashPoint.Pass("engine.stop.before");
        await engine.ChangeAsync(
            "the instance can't be ended",
            async client =>
            {
                try
                {
                    await client.Containers.StopContainerAsync(id, parameters, both.Token);
                }
                catch (DockerContainerNotFoundException)
                {
                    // Gone: it has ended.
                }
            },
            both.Token);
        CrashPoint.Pass("engine.stop.after");
    }

    private async Task<InstanceObservation> RemoveAsync(string name)
    {
        var container = await states.FindAsync(name, CancellationToken.None);
        if (container is null)
        {
            return InstanceObservation.Absent;
        }

        if (container.IsRunning)
        {
            try
            {
                await StopAsync(container.Id, CancellationToken.None);
            }
            catch (Exception e) when (e is ProviderException or OperationCanceledException)
            {
                // Where it can't be asked to end, the forced removal below kills it.
            }
        }

        // Podman answers 500 while the kernel lets go of the container's mounts, and for a container whose monitor was
        // killed; the same call again succeeds.
        string? words = null;
        var gone = await Poll.UntilAsync(
            async ct =>
            {
                CrashPoint.Pass("engine.remove.before");
                words = await TryDeleteAsync(container.Id, ct);
                CrashPoint.Pass("engine.remove.after");
                return words is null && await states.FindAsync(name, ct) is null;
            },
            DeleteLimit, time, CancellationToken.None);
        return gone ? InstanceObservation.Absent : new(RemoteInstanceState.Deleting, container.Id, Words: words);
    }

    private Task<string?> TryDeleteAsync(string id, CancellationToken ct) => engine.ChangeAsync(
        "the instance can't be removed",
        async client =>
        {
            try
            {
                var parameters = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
                await client.Containers.RemoveContainerAsync(id, parameters, ct);
                return null;
            }
            catch (DockerContainerNotFoundException)
            {
                return null;
            }
            catch (DockerApiException e)
                when (e.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.Conflict)
            {
                return EngineConnection.WordsOf(e.ResponseBody ?? e.Message);
            }
        },
        ct);
}
