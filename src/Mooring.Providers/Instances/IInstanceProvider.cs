using Mooring.Providers.Disks;

namespace Mooring.Providers.Instances;

/// <summary>
/// One account at a place where instances can run. The same rules as for <see cref="IDiskProvider"/>: look before
/// acting, change at most one thing a call, throw only <see cref="ProviderException"/>.
/// </summary>
public interface IInstanceProvider
{
    /// <summary>How long after a create call of unknown outcome the instance may still appear.</summary>
    TimeSpan SettlingTime { get; }

    /// <summary>What can be had now. Unique in (cloudId, gpuType, gpuCount, dataCenter).</summary>
    Task<IReadOnlyList<InstanceOffer>> ListOffersAsync(CancellationToken ct);

    /// <summary>
    /// Brings the instance one step nearer to running and says where it stands. Called again until it answers
    /// <see cref="RemoteInstanceState.Ready"/>. An instance that ended is not started again by this call.
    /// </summary>
    Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct);

    /// <summary>
    /// What is there now; <see cref="RemoteInstanceState.Absent"/> only after a complete, successful look.
    /// </summary>
    Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct);

    /// <summary>Ends and removes the instance. One that is absent already counts as done.</summary>
    Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct);

    /// <summary>Every instance under this installation's names; complete, or it throws.</summary>
    IAsyncEnumerable<RemoteInstance> ListAsync(CancellationToken ct);
}

/// <summary>
/// A capability: disks are brought to the instance's host before it starts, and taken away after it is gone. Where an
/// instance provider lacks it, disks are named in the creating call.
/// </summary>
public interface IAttachBeforeStart
{
    /// <summary>Brings the disk to the host under this attachment. May answer that it is still at it.</summary>
    /// <exception cref="RefusedException">The disk can't be attached as it is; the words say why.</exception>
    Task<AttachmentObservation> EnsureAttachedAsync(AttachmentSpec attachment, CancellationToken ct);

    /// <summary>
    /// Takes the disk away again. <see cref="AttachmentState.Detached"/> only when nothing on the host can write to
    /// it through this attachment any more.
    /// </summary>
    Task<AttachmentObservation> EnsureDetachedAsync(AttachmentSpec attachment, CancellationToken ct);
}

/// <summary>A capability: what the instance's main process has written can be read.</summary>
public interface IInstanceLog
{
    /// <summary>The last <paramref name="tail"/> lines of standard output and error together, oldest first.</summary>
    Task<IReadOnlyList<string>> ReadLogAsync(InstanceRef instance, int tail, CancellationToken ct);
}

/// <summary>A capability: the provider signals that an instance changed, so that nobody needs to ask.</summary>
public interface IInstanceSignals
{
    /// <summary>
    /// Remote names of instances that changed, as it happens. A hint: signals may be lost, and the stream ends with an
    /// exception when the source can't be heard any more.
    /// </summary>
    IAsyncEnumerable<string> WatchAsync(CancellationToken ct);
}

/// <summary>One disk, held by one instance.</summary>
/// <param name="Disk">The disk at its provider.</param>
/// <param name="Source">How an agent gets at its bytes; says nothing where a cloud attaches the disk itself.</param>
/// <param name="Instance">Remote name of the instance that holds it.</param>
/// <param name="Ordinal">0 for the instance's first disk, then 1, 2, …</param>
/// <param name="MountPath">Where the instance sees it, for example <c>/workspace</c>.</param>
/// <param name="Generation">Grows each time the disk changes hands.</param>
/// <param name="IsShared">Whether other instances may hold the disk at the same time.</param>
/// <param name="UserNamespaceBase">First id on the host of the instance's 65,536 user ids.</param>
/// <param name="Host">Our host that it is on; null at providers that choose for themselves.</param>
public sealed record AttachmentSpec(
    DiskRef Disk,
    HostAttachSource Source,
    string Instance,
    int Ordinal,
    string MountPath,
    long Generation,
    bool IsShared,
    uint UserNamespaceBase,
    string? Host = null);

/// <summary>How far an attachment is.</summary>
public enum AttachmentState
{
    /// <summary>Nothing of it is left on the host.</summary>
    Detached,

    /// <summary>The host is at it (checking the file system, waiting for a device to be let go).</summary>
    Working,

    /// <summary>The disk is where the instance will see it.</summary>
    Attached,
}

/// <summary>What a host says about one attachment, now.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Words">What the host is waiting for, where it waits.</param>
public sealed record AttachmentObservation(AttachmentState State, string? Words = null);
