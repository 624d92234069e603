using Mooring.Providers.Instances;

namespace Mooring.Providers.Hosts;

/// <summary>
/// How the server speaks to the agent of one host. The agent alone mounts, unmounts and talks to the container engine;
/// it decides from what the kernel and the engine say now, never from memory (architecture, section 6). In one process
/// with the server on a single machine; over the network for a fleet. Every verb may be called twice, and throws only
/// <see cref="ProviderException"/>: <see cref="RefusedException"/> where the host will never do it (with words for the
/// user), <see cref="UnreachableException"/> where the engine does not answer.
/// </summary>
public interface IAgentChannel
{
    /// <summary>What this host is and has, measured anew.</summary>
    Task<HostReport> ReportAsync(CancellationToken ct);

    /// <summary>
    /// Loop device (none for the image yet, or ours), fsck where needed, mount, then the pod's own idmapped mount.
    /// <see cref="AttachmentState.Working"/> while a long check runs: it goes on between calls, call again.
    /// </summary>
    /// <exception cref="RefusedException">
    /// The file system is damaged beyond automatic repair (fsck exit ≥ 4), or the image is missing.
    /// </exception>
    Task<AttachmentObservation> EnsureMountedAsync(AttachmentSpec attachment, CancellationToken ct);

    /// <summary>
    /// The reverse. <see cref="AttachmentState.Detached"/> only when the pod's mount is gone and, if no other pod of
    /// this host holds the disk, its loop device too; <see cref="AttachmentState.Working"/> with the reason until then.
    /// </summary>
    Task<AttachmentObservation> EnsureUnmountedAsync(AttachmentSpec attachment, CancellationToken ct);

    /// <summary>
    /// One step nearer to a running container: absent → created; created → started, after each disk's mount was
    /// checked; running → ready when its SSH server answers. A container that ended is left as it is and reported.
    /// A container left over from before a reboot is reported as <see cref="RemoteInstanceState.Ended"/>.
    /// </summary>
    Task<InstanceObservation> EnsureRunningAsync(InstanceSpec spec, CancellationToken ct);

    /// <summary>What is there now.</summary>
    Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct);

    /// <summary>
    /// Ends the container (SIGTERM, then SIGKILL after the grace of 10 s) and removes it.
    /// <see cref="RemoteInstanceState.Absent"/> when the engine has it no more;
    /// <see cref="RemoteInstanceState.Deleting"/> until then.
    /// </summary>
    Task<InstanceObservation> EnsureRemovedAsync(InstanceRef instance, CancellationToken ct);

    /// <summary>Every container that this agent made; complete, or it throws.</summary>
    IAsyncEnumerable<RemoteInstance> ListAsync(CancellationToken ct);

    /// <summary>Remote names of containers that started, ended or were removed, as the engine tells.</summary>
    IAsyncEnumerable<string> WatchAsync(CancellationToken ct);

    /// <summary>The last <paramref name="tail"/> lines a container wrote, oldest first.</summary>
    Task<IReadOnlyList<string>> ReadLogAsync(InstanceRef instance, int tail, CancellationToken ct);
}

/// <summary>What a host is and has.</summary>
/// <param name="Hostname">Its name.</param>
/// <param name="BootId">The kernel's boot id; another one means that the machine was started anew.</param>
/// <param name="Vcpus">CPUs that pods may use together.</param>
/// <param name="Memory">Memory that pods may use together: the machine's, less the agent's reserve.</param>
/// <param name="Gpus">GPUs found.</param>
/// <param name="CanRunPods">Whether an engine answers and protects, or the operator accepted less.</param>
/// <param name="WhyNot">If pods can't run here: why, and what to do, in words for the operator.</param>
/// <param name="Images">OCI references of the images present on this host.</param>
public sealed record HostReport(
    string Hostname,
    string BootId,
    int Vcpus,
    ByteSize Memory,
    IReadOnlyList<HostGpu> Gpus,
    bool CanRunPods,
    string? WhyNot,
    IReadOnlyList<string> Images);

/// <summary>A GPU of a host.</summary>
/// <param name="Id">Its UUID as <c>nvidia-smi</c> prints it.</param>
/// <param name="Model">Its product name.</param>
/// <param name="MemoryGiB">GB (2^30 bytes), rounded to the next whole one.</param>
public sealed record HostGpu(string Id, string Model, int MemoryGiB);
