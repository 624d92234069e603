using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Server.Offers;

/// <summary>
/// A provider account that is in the records but not set up on this server: nothing of it can be reached.
/// </summary>
internal sealed class NotSetUp(ProviderAccountId account)
    : IDiskProvider, IInstanceProvider, IHostAttachable, IAttachBeforeStart
{
    public TimeSpan SettlingTime => TimeSpan.Zero;

    private UnreachableException Reason => new(
        $"Provider account {account} is not set up on this server: "
        + "the operator must set it up again, under the name it had.");

    Task<IReadOnlyList<DiskOffer>> IDiskProvider.ListOffersAsync(CancellationToken ct) => throw Reason;

    public Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) => throw Reason;

    public Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) => throw Reason;

    public Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) => throw Reason;

    IAsyncEnumerable<RemoteDisk> IDiskProvider.ListAsync(CancellationToken ct) => throw Reason;

    public Task<HostAttachSource> DescribeAttachAsync(DiskRef disk, CancellationToken ct) => throw Reason;

    public HostAttachSource Identify(DiskRef disk) => throw Reason;

    Task<IReadOnlyList<InstanceOffer>> IInstanceProvider.ListOffersAsync(CancellationToken ct) => throw Reason;

    public Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct) => throw Reason;

    public Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct) => throw Reason;

    public Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct) => throw Reason;

    IAsyncEnumerable<RemoteInstance> IInstanceProvider.ListAsync(CancellationToken ct) => throw Reason;

    public Task<AttachmentObservation> EnsureAttachedAsync(AttachmentSpec attachment, CancellationToken ct) =>
        throw Reason;

    public Task<AttachmentObservation> EnsureDetachedAsync(AttachmentSpec attachment, CancellationToken ct) =>
        throw Reason;
}
