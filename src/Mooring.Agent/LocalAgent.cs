using Microsoft.Extensions.Logging;
using Mooring.Agent.Engine;
using Mooring.Agent.Hosts;
using Mooring.Agent.Mounts;
using Mooring.Agent.Network;
using Mooring.Providers;
using Mooring.Providers.Hosts;
using Mooring.Providers.Instances;

namespace Mooring.Agent;

/// <summary>
/// The agent of this machine, in the server's own process. It holds no state that matters: mount table, loop devices
/// and engine are asked each time, so that another process may take over at any instant. Constructing it touches
/// nothing; without root or an engine each verb says so.
/// </summary>
public sealed class LocalAgent : IAgentChannel, IDisposable
{
    private readonly AgentOptions _options;
    private readonly Func<string> _bootId;
    private readonly EngineConnection _engine;
    private readonly EngineProtections _protections;
    private readonly ContainerLog _log;
    private readonly ContainerStates _states;
    private readonly ContainerRemoval _removal;
    private readonly PodNetworks _networks;
    private readonly DiskMounts _mounts;
    private readonly PodContainers _containers;
    private readonly EngineEvents _events;

    /// <exception cref="ArgumentException">An option can't be used.</exception>
    public LocalAgent(AgentOptions options, TimeProvider time, ILoggerFactory loggers)
        : this(options, () => HostFacts.BootId, time, loggers)
    {
    }

    internal LocalAgent(AgentOptions options, Func<string> bootId, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options.Validate();
        _bootId = bootId;
        _engine = new EngineConnection(options.EngineEndpoint, time);
        _protections = new EngineProtections(options, _engine);
        _log = new ContainerLog(_engine);
        _states = new ContainerStates(options, _engine, _log, bootId, time);
        _removal = new ContainerRemoval(_engine, _states, time);
        _networks = new PodNetworks(options, _engine);
        _mounts = new DiskMounts(options, _protections.UsesUserNamespacesAsync, time);
        Images = new Images(options, _engine, loggers.CreateLogger<Images>());
        _containers = new PodContainers(
            options, _engine, _states, Images, _networks, _mounts, _protections, bootId, time);
        _events = new EngineEvents(options, _engine, time);
        Service = options.UsesOwnEngine
            ? new PodmanService(options, _engine, bootId, time, loggers.CreateLogger<PodmanService>())
            : null;
    }

    /// <summary>
    /// Raised when what <see cref="ReportAsync"/> would say has changed: the engine came up, or an image was loaded.
    /// </summary>
    public event EventHandler? Changed;

    /// <summary>Our own engine's process; null where another engine is used.</summary>
    internal PodmanService? Service { get; }

    internal Images Images { get; }

    internal PodNetworks Networks => _networks;

    /// <inheritdoc/>
    public async Task<HostReport> ReportAsync(CancellationToken ct)
    {
        var whyNot = await WhyNotAsync(ct);
        IReadOnlyList<string> images = [];
        if (whyNot is null)
        {
            try
            {
                images = await Images.ListAsync(ct);
            }
            catch (UnreachableException e)
            {
                whyNot = e.Message;
            }
        }

        return new HostReport(
            Environment.MachineName,
            _bootId(),
            HostFacts.Vcpus(_options),
            HostFacts.MemoryForPods(_options),
            await NvidiaGpus.ListAsync(ct),
            whyNot is null,
            whyNot,
            images);
    }

    /// <inheritdoc/>
    public Task<AttachmentObservation> EnsureMountedAsync(AttachmentSpec attachment, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        DemandRoot();
        return _mounts.EnsureMountedAsync(attachment, ct);
    }

    /// <inheritdoc/>
    public Task<AttachmentObservation> EnsureUnmountedAsync(AttachmentSpec attachment, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        DemandRoot();
        return _mounts.EnsureUnmountedAsync(attachment, ct);
    }

    /// <inheritdoc/>
    public Task<InstanceObservation> EnsureRunningAsync(InstanceSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return _containers.EnsureRunningAsync(spec, ct);
    }

    /// <inheritdoc/>
    public async Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return await _states.FindAsync(instance.Name, ct) is { } container
            ? await _states.DescribeAsync(container, ct)
            : InstanceObservation.Absent;
    }

    /// <inheritdoc/>
    public Task<InstanceObservation> EnsureRemovedAsync(InstanceRef instance, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return _removal.EnsureRemovedAsync(instance.Name, ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RemoteInstance> ListAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var container in await _states.ListAsync(ct))
        {
            yield return _states.Describe(container);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> WatchAsync(CancellationToken ct) => _events.WatchAsync(ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadLogAsync(InstanceRef instance, int tail, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return _log.ReadAsync(instance.Name, tail, ct);
    }

    /// <summary>
    /// Empties the host: ends all pods (each has a grace of 10 s, all at once), unmounts their disks, removes their
    /// networks' rules and ends our own engine. The ended containers stay, so that the next start of the server reads
    /// how they ended.
    /// </summary>
    /// <returns>What could not be let go, in words; empty when everything was.</returns>
    /// <exception cref="UnreachableException">The engine does not answer; nothing was done.</exception>
    public async Task<IReadOnlyList<string>> DrainAsync(CancellationToken ct)
    {
        var containers = await _states.ListAsync(ct);
        await Task.WhenAll(containers
            .Where(container => container.State is "running" or "paused")
            .Select(container => _removal.StopAsync(container.ID, ct)));
        var stuck = await _mounts.ReleaseAllAsync(ct);
        if (stuck.Count == 0)
        {
            await _mounts.RemoveRootAsync(ct);
        }

        foreach (var network in await _networks.ListAsync(ct))
        {
            await FirewallRules.RemoveAsync(_networks.BridgeOf(network), _options.ServerPort, ct);
        }

        if (Service is not null)
        {
            await Service.EndAsync(ct);
            await Service.ReleaseStorageAsync(ct);
        }

        return stuck;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engine.Dispose();
        _mounts.Dispose();
    }

    internal void TellChanged() => Changed?.Invoke(this, EventArgs.Empty);

    /// <summary>Why pods can't run here, and what to do; null if they can.</summary>
    internal async Task<string?> WhyNotAsync(CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "Mooring does not run as root: without it no disk can be mounted and no container started here. "
                + "Start it as root.";
        }

        try
        {
            var missing = await _protections.MissingAsync(ct);
            var first = missing
                .OrderByDescending(m => m.IsFatal)
                .FirstOrDefault(m => m.IsFatal || !_options.AcceptWeakerIsolation);
            return first is null
                ? null
                : $"A protection is missing: {first.Words}. See 'mooring doctor'"
                    + (first.IsFatal ? "." : ", or accept it with --accept-weaker-isolation.");
        }
        catch (UnreachableException e)
        {
            return $"No container engine: {e.Message}. See 'mooring doctor'.";
        }
    }

    private static void DemandRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new RefusedException("the agent on this host does not run as root, and can't mount disks");
        }
    }
}
