using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated;

/// <summary>
/// A disk in the books: one that is, was, or is about to be at the simulated place. All times are UTC, to the
/// microsecond; what is true at a time follows from them alone.
/// </summary>
/// <param name="Id">The place's own id, <c>disk-1</c>.</param>
/// <param name="Name">The name it was asked for under; not unique here.</param>
/// <param name="Size">Its size.</param>
/// <param name="CloudId">Of the offer it was made from, or null.</param>
/// <param name="DataCenter">Of the offer it was made from, or null.</param>
/// <param name="IsMultinode">Whether several instances may hold it at once.</param>
/// <param name="AskedAt">When the call that made it came.</param>
/// <param name="AppearsAt">From when on it is there: later than <paramref name="AskedAt"/> if the call took effect
/// late.</param>
/// <param name="ReadyAt">From when on it may be used.</param>
/// <param name="FailsAt">From when on it has failed for good; null for one that does not.</param>
/// <param name="Words">What the place says about its failure.</param>
/// <param name="DeletedAt">When its deletion was accepted; null if it was not, also for one that vanished.</param>
/// <param name="GoneAt">From when on it is not there any more; null while that is not certain.</param>
/// <param name="DuplicateOf">Id of the disk that was asked for, if this one was made beside it by a fault.</param>
/// <param name="Holds">Which instances hold or held it.</param>
public sealed record BookedDisk(
    string Id,
    string Name,
    ByteSize Size,
    string? CloudId,
    string? DataCenter,
    bool IsMultinode,
    DateTimeOffset AskedAt,
    DateTimeOffset AppearsAt,
    DateTimeOffset ReadyAt,
    DateTimeOffset? FailsAt,
    string? Words,
    DateTimeOffset? DeletedAt,
    DateTimeOffset? GoneAt,
    string? DuplicateOf,
    IReadOnlyList<BookedHold> Holds)
{
    /// <summary>Whether it is at the place then, in whatever state.</summary>
    public bool ExistsAt(DateTimeOffset time) => AppearsAt <= time && !(GoneAt <= time);

    /// <summary>Whether it will be at the place, but is not yet: a create call that takes effect late.</summary>
    public bool IsToComeAt(DateTimeOffset time) => AppearsAt > time && !(GoneAt <= AppearsAt);

    /// <summary>Its true state then, whatever a fault makes the place say.</summary>
    public RemoteDiskState StateAt(DateTimeOffset time) =>
        !ExistsAt(time) ? RemoteDiskState.Absent
        : DeletedAt <= time ? RemoteDiskState.Deleting
        : FailsAt <= time ? RemoteDiskState.Failed
        : ReadyAt > time ? RemoteDiskState.Creating
        // A shared disk stays as it is while holders come and go.
        : !IsMultinode && Holds.Any(hold => hold.IsEndingAt(time)) ? RemoteDiskState.Changing
        : RemoteDiskState.Ready;
}

/// <summary>An instance in the books; times as of <see cref="BookedDisk"/>.</summary>
/// <param name="Id">The place's own id, <c>instance-1</c>.</param>
/// <param name="Name">The name it was asked for under; not unique here.</param>
/// <param name="CloudId">Of the offer it was made from.</param>
/// <param name="DataCenter">Of the offer it was made from, or null.</param>
/// <param name="Image">What it runs.</param>
/// <param name="AskedAt">When the call that made it came.</param>
/// <param name="AppearsAt">From when on it is there.</param>
/// <param name="ReadyAt">From when on it runs.</param>
/// <param name="EndsAt">When it ends by itself; null for one that does not.</param>
/// <param name="ExitCode">What its main process ends with then.</param>
/// <param name="Words">What the place says about its end.</param>
/// <param name="DeletedAt">When its deletion was accepted; null if it was not, also for one that vanished.</param>
/// <param name="GoneAt">From when on it is not there any more; null while that is not certain.</param>
/// <param name="DuplicateOf">Id of the instance that was asked for, if this one was made beside it by a fault.</param>
/// <param name="Holds">Which disks it holds or held.</param>
public sealed record BookedInstance(
    string Id,
    string Name,
    string CloudId,
    string? DataCenter,
    string Image,
    DateTimeOffset AskedAt,
    DateTimeOffset AppearsAt,
    DateTimeOffset ReadyAt,
    DateTimeOffset? EndsAt,
    int? ExitCode,
    string? Words,
    DateTimeOffset? DeletedAt,
    DateTimeOffset? GoneAt,
    string? DuplicateOf,
    IReadOnlyList<BookedHold> Holds)
{
    /// <summary>Whether it is at the place then, in whatever state.</summary>
    public bool ExistsAt(DateTimeOffset time) => AppearsAt <= time && !(GoneAt <= time);

    /// <summary>Whether it will be at the place, but is not yet: a create call that takes effect late.</summary>
    public bool IsToComeAt(DateTimeOffset time) => AppearsAt > time && !(GoneAt <= AppearsAt);

    /// <summary>Its true state then, whatever a fault makes the place say.</summary>
    public RemoteInstanceState StateAt(DateTimeOffset time) =>
        !ExistsAt(time) ? RemoteInstanceState.Absent
        : DeletedAt <= time ? RemoteInstanceState.Deleting
        : EndsAt <= time ? RemoteInstanceState.Ended
        : ReadyAt > time ? RemoteInstanceState.Starting
        : RemoteInstanceState.Ready;
}

/// <summary>One disk, held by one instance.</summary>
/// <param name="DiskId">The disk.</param>
/// <param name="DiskName">Its name.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="InstanceName">Its name.</param>
/// <param name="MountPath">Where the instance sees the disk.</param>
/// <param name="Since">From when on.</param>
/// <param name="DetachesAt">When the detaching begins; null while the instance has it.</param>
/// <param name="Until">When the disk is free of it; null while the instance has it.</param>
public sealed record BookedHold(
    string DiskId,
    string DiskName,
    string InstanceId,
    string InstanceName,
    string MountPath,
    DateTimeOffset Since,
    DateTimeOffset? DetachesAt,
    DateTimeOffset? Until)
{
    /// <summary>Whether the disk is not free of it then.</summary>
    public bool HoldsAt(DateTimeOffset time) => Since <= time && !(Until <= time);

    /// <summary>Whether it is being detached then.</summary>
    public bool IsEndingAt(DateTimeOffset time) => HoldsAt(time) && DetachesAt <= time;

    /// <summary>Whether it holds the disk then, or will.</summary>
    internal bool IsInTheWayAt(DateTimeOffset time) => !(Until <= time);
}

/// <summary>A fault that happened.</summary>
/// <param name="At">When.</param>
/// <param name="Fault">Its name in scripts, for example <c>lostReply</c>.</param>
/// <param name="Verb">What was asked, for example <c>disk.create</c>.</param>
/// <param name="Call">The number of that call of this verb, from 1.</param>
/// <param name="Name">What it was asked about; null where it was about nothing single.</param>
public sealed record BookedFault(DateTimeOffset At, string Fault, string Verb, long Call, string? Name);
