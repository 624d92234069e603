using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mooring.Providers;
using Mooring.Providers.Hosts;
using Mooring.Providers.Instances;

namespace Mooring.Server.Tests.Offers;

/// <summary>
/// A host's agent in memory: mounts and containers as sets, with the rules of <see cref="IAgentChannel"/>. A disk stays
/// mounted while its container lives, whatever is asked.
/// </summary>
internal sealed class ScriptedAgent : IAgentChannel
{
    public const string Image = "localhost/mooring/ubuntu_22_cuda_12:latest";
    private readonly Channel<string> _signals = Channel.CreateUnbounded<string>();

    public ScriptedCalls Calls { get; } = new();

    /// <summary>State of each container by its name.</summary>
    public ConcurrentDictionary<string, RemoteInstanceState> Containers { get; } = new();

    /// <summary>Who has which disk mounted: instance and disk.</summary>
    public ConcurrentDictionary<(string Instance, string Disk), AttachmentSpec> Mounts { get; } = new();

    /// <summary>What the containers were started with.</summary>
    public ConcurrentDictionary<string, InstanceSpec> Specs { get; } = new();

    public HostReport Report { get; set; } = new(
        "host-1", "boot-1", 4, ByteSize.FromGiB(16), [], true, null, [Image]);

    public IReadOnlyList<string> LogLines { get; set; } = ["first", "second", "third"];

    /// <summary>A container's main process ends, and the engine tells.</summary>
    public void End(string name)
    {
        Containers[name] = RemoteInstanceState.Ended;
        _signals.Writer.TryWrite(name);
    }

    public async Task<HostReport> ReportAsync(CancellationToken ct)
    {
        await Calls.BeginAsync("Report", "", ct);
        return Report;
    }

    public async Task<AttachmentObservation> EnsureMountedAsync(AttachmentSpec attachment, CancellationToken ct)
    {
        await Calls.BeginAsync("EnsureMounted", attachment.Disk.Name, ct);
        var holders = Mounts.Keys.Where(held => held.Disk == attachment.Disk.Name);
        if (!attachment.IsShared && holders.Any(held => held.Instance != attachment.Instance))
        {
            return new AttachmentObservation(AttachmentState.Working, "Another instance still has it.");
        }

        Mounts[(attachment.Instance, attachment.Disk.Name)] = attachment;
        return new AttachmentObservation(AttachmentState.Attached);
    }

    public async Task<AttachmentObservation> EnsureUnmountedAsync(AttachmentSpec attachment, CancellationToken ct)
    {
        await Calls.BeginAsync("EnsureUnmounted", attachment.Disk.Name, ct);
        if (Containers.ContainsKey(attachment.Instance))
        {
            return new AttachmentObservation(AttachmentState.Working, "Its container still runs.");
        }

        Mounts.TryRemove((attachment.Instance, attachment.Disk.Name), out _);
        return new AttachmentObservation(AttachmentState.Detached);
    }

    public async Task<InstanceObservation> EnsureRunningAsync(InstanceSpec spec, CancellationToken ct)
    {
        await Calls.BeginAsync("EnsureRunning", spec.Name, ct);
        if (!spec.Attachments.All(attachment => Mounts.ContainsKey((spec.Name, attachment.Disk.Name))))
        {
            throw new RefusedException("A disk of it is not mounted.");
        }

        Specs[spec.Name] = spec;
        var state = Containers.AddOrUpdate(
            spec.Name,
            RemoteInstanceState.Created,
            (_, before) => before == RemoteInstanceState.Ended ? before : RemoteInstanceState.Ready);
        return Seen(state);
    }

    public async Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct)
    {
        await Calls.BeginAsync("Observe", instance.Name, ct);
        return Containers.TryGetValue(instance.Name, out var state) ? Seen(state) : InstanceObservation.Absent;
    }

    public async Task<InstanceObservation> EnsureRemovedAsync(InstanceRef instance, CancellationToken ct)
    {
        await Calls.BeginAsync("EnsureRemoved", instance.Name, ct);
        Containers.TryRemove(instance.Name, out _);
        return InstanceObservation.Absent;
    }

    public async IAsyncEnumerable<RemoteInstance> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await Calls.BeginAsync("List", "", ct);
        foreach (var (name, state) in Containers)
        {
            yield return new RemoteInstance(name, $"container-{name[^8..]}", state);
        }
    }

    public IAsyncEnumerable<string> WatchAsync(CancellationToken ct) => _signals.Reader.ReadAllAsync(ct);

    public async Task<IReadOnlyList<string>> ReadLogAsync(InstanceRef instance, int tail, CancellationToken ct)
    {
        await Calls.BeginAsync("ReadLog", instance.Name, ct);
        return [.. LogLines.TakeLast(tail)];
    }

    private static InstanceObservation Seen(RemoteInstanceState state) => new(
        state,
        "container",
        state == RemoteInstanceState.Ready ? new SshEndpoint("root", "127.0.0.1", 32_022) : null,
        state == RemoteInstanceState.Ended ? 0 : null);
}
