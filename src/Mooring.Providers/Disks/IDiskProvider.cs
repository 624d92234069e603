namespace Mooring.Providers.Disks;

/// <summary>
/// One account at a place where disks can live. Verbs are level-triggered: each looks before it acts, changes at most
/// one thing, and may be called twice, or again after a crash, with the same result. Failures are thrown as subtypes of
/// <see cref="ProviderException"/>, never as anything else, save <see cref="OperationCanceledException"/>.
/// </summary>
public interface IDiskProvider
{
    /// <summary>
    /// How long after a create call whose outcome is unknown the disk may still appear. Zero where a call that has
    /// ended can't have effects later.
    /// </summary>
    TimeSpan SettlingTime { get; }

    /// <summary>What can be had now. Unique in (cloudId, dataCenter, country, region), contract 14.6.</summary>
    Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct);

    /// <summary>Makes the disk unless one of exactly this name exists; either way says what is there now.</summary>
    Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct);

    /// <summary>
    /// What is there now. <see cref="RemoteDiskState.Absent"/> only after a complete, successful look: what can't be
    /// read throws <see cref="UnreachableException"/>. A disk that somebody renamed there is not absent: it is known by
    /// its id (<see cref="DiskRef.Among"/>), and is in whatever state it is. Where nothing has that, what bears its
    /// name is told with its own id, and the caller decides what it is. If what has its id bears another disk's name,
    /// that is a <see cref="RefusedException"/>, here as in the other verbs.
    /// </summary>
    Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct);

    /// <summary>
    /// Removes the disk and its data, under whatever name it is there. A disk that is absent already counts as done.
    /// Where its id is known, nothing else is removed: what bears its name under another id is told as it is, and goes
    /// when it is asked for by that id. It may be a double of the disk's, or another disk under a swapped name, and
    /// that only the caller can tell (ADR 0015).
    /// </summary>
    Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct);

    /// <summary>
    /// Every disk under this installation's names (<see cref="RemoteName.Prefix"/>). Complete, or it throws: a list
    /// that ends without an exception proves the absence of what is not in it.
    /// </summary>
    IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct);
}

/// <summary>
/// A capability: the place gives each disk an id of its own, and its lists show what bears no name of ours as well: a
/// disk of ours that was renamed, and those that others made in the same account.
/// </summary>
public interface IForeignDisks
{
    /// <summary>
    /// Every disk in the account, under whatever name and with its id: those of <see cref="IDiskProvider.ListAsync"/>
    /// and all others. Complete, or it throws, as that one does.
    /// </summary>
    IAsyncEnumerable<RemoteDisk> ListAllAsync(CancellationToken ct);

    /// <summary>
    /// Within what an id means one disk only: the cloud, by its address, where no two accounts there share an id; null
    /// where each account counts for itself. So one account that was entered twice gives nobody a disk twice.
    /// </summary>
    Uri? IdScope { get; }
}

/// <summary>A capability: the place can tell how much of a disk its content takes up.</summary>
public interface IDiskUsage
{
    /// <summary>
    /// Bytes that the disk's content takes up where it lies, the file system's own included: at the most the disk's
    /// size, and a little. Reads only, and at once.
    /// </summary>
    /// <exception cref="UnreachableException">The place where the bytes lie can't be read.</exception>
    /// <exception cref="RefusedException">The disk's data is missing.</exception>
    Task<ByteSize> ReadUsedAsync(DiskRef disk, CancellationToken ct);
}

/// <summary>A capability: disks of this provider can be attached by an agent to pods on a host of ours.</summary>
public interface IHostAttachable
{
    /// <summary>
    /// How an agent gets at the disk's bytes. Reads only.
    /// </summary>
    /// <exception cref="UnreachableException">The place where the bytes lie can't be read.</exception>
    /// <exception cref="RefusedException">The disk's data is missing.</exception>
    Task<HostAttachSource> DescribeAttachAsync(DiskRef disk, CancellationToken ct);

    /// <summary>
    /// What <see cref="DescribeAttachAsync"/> would say if the disk is as it should be, without a look: a disk whose
    /// data is gone, or whose provider can't be read, must be taken off its host all the same.
    /// </summary>
    /// <exception cref="RefusedException">The name is none of this installation's.</exception>
    HostAttachSource Identify(DiskRef disk);
}

/// <summary>What an agent needs to bring a disk to its host.</summary>
public abstract record HostAttachSource;

/// <summary>A file system in an image file on the agent's own machine, reached through a loop device.</summary>
/// <param name="Path">Absolute path of the image file.</param>
/// <param name="FileSystem">Its type, as <c>mount -t</c> names it; <c>ext4</c>.</param>
public sealed record ImageFileSource(string Path, string FileSystem) : HostAttachSource;
