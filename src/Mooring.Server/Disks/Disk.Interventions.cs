using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Disks;

// What an operator may do to a disk that is stuck, or shall rest. Each is a wish: the lifecycle does the rest.
internal sealed partial record Disk
{
    /// <summary>
    /// A retry looks whether the data of a disk in ERROR is there again. A disk that never was ready has no such state:
    /// its retry makes it PROVISIONING.
    /// </summary>
    public bool IsBeingRetried => Status == DiskStatus.Error && Deadline is not null;

    /// <summary>
    /// It shall rest: STOPPED, at its stopped price, its data kept, no new attachment. Accepted again while it does.
    /// </summary>
    /// <param name="holders">Pods with an attachment that is not released.</param>
    /// <param name="now">The time of the wish.</param>
    public Result<DiskChange> Suspend(IReadOnlyCollection<PodId> holders, DateTimeOffset now) => Status switch
    {
        // It rests by somebody's wish from now on, however its wallet stands.
        DiskStatus.Stopped when IsUnpaid =>
            Unpaid(Settled(DiskStatus.Stopped, Happened.Suspended, Later(now)), false, null),
        DiskStatus.Stopped => DiskChange.Nothing(this),
        _ when holders.Count > 0 => new DiskNotSuspendable(Id, Status, [.. holders]),
        DiskStatus.Active => Settled(DiskStatus.Stopped, Happened.Suspended, Later(now)),
        _ => new DiskNotSuspendable(Id, Status, []),
    };

    /// <summary>Its rest is over: ACTIVE, at its price. Accepted again while it is.</summary>
    /// <param name="now">The time of the wish.</param>
    public Result<DiskChange> Resume(DateTimeOffset now) => Status switch
    {
        DiskStatus.Active or DiskStatus.Pending => DiskChange.Nothing(this),
        DiskStatus.Stopped when IsUnpaid => new DiskUnpaid(Id, WalletId),
        DiskStatus.Stopped => Settled(DiskStatus.Active, Happened.Resumed, Later(now)),
        _ => new DiskNotSuspended(Id, Status),
    };

    /// <summary>
    /// Somebody has mended what was in its way, and it shall go on now. An ERROR of a disk that was never ready goes
    /// back to PROVISIONING, under the same name at the provider. One that was ready once may have held data: it is
    /// only looked for, and ACTIVE again if it is there; to make it anew would put an empty disk in its place.
    /// </summary>
    /// <param name="wasReady">Whether it has ever been ready, by its history.</param>
    /// <param name="accountUnreadableSince">Since when its provider account can't be read; null if it can.</param>
    /// <param name="limits">How long statuses may last.</param>
    /// <param name="now">The time of the wish.</param>
    public Result<DiskChange> Retry(
        bool wasReady, DateTimeOffset? accountUnreadableSince, DiskLimits limits, DateTimeOffset now)
    {
        now = Later(now);
        var retried = this with { UpdatedAt = now, Attempt = 0 };
        var happening = new Happening(Happened.Retried, null);
        return Status switch
        {
            // Its holder's pod drives it; when it is to be looked at stays as it is.
            DiskStatus.Pending => DiskChange.Of(this, this with { UpdatedAt = now }, null, happening),
            DiskStatus.Error => DiskChange.Of(
                this, wasReady ? retried.LookedFor(limits) : retried.ProvisionedAnew(limits), Due.AtOnce, happening),
            DiskStatus.Provisioning or DiskStatus.Deleting => DiskChange.Of(this, retried, Due.AtOnce, happening),
            DiskStatus.Active or DiskStatus.Stopped when (UnreadableSince ?? accountUnreadableSince) is not null =>
                DiskChange.Of(this, retried, Due.AtOnce, happening),
            _ => new DiskNeedsNoRetry(Id, Status),
        };
    }

    /// <summary>
    /// Whoever holds it shall let go now. Only their ends give it back: this is the fact in the disk's own history.
    /// </summary>
    /// <param name="holders">Pods with an attachment that is not released.</param>
    /// <param name="now">The time of the wish.</param>
    public Result<DiskChange> ForceDetach(IReadOnlyCollection<PodId> holders, DateTimeOffset now) => holders.Count == 0
        ? new DiskNotHeld(Id)
        : DiskChange.Of(
            this,
            this with { UpdatedAt = Later(now) },
            null,
            new Happening(
                Happened.ForceDetachAccepted, $"Held by {string.Join(", ", holders)}; all of them are ended."));

    /// <summary>
    /// From now on every delete is refused, or none for that reason. It guards what is there: a delete that was
    /// accepted already is not called back. Accepted again where it is so.
    /// </summary>
    /// <param name="forbid">Whether its deletion shall be forbidden.</param>
    /// <param name="now">The time of the wish.</param>
    public Result<DiskChange> ForbidDeletion(bool forbid, DateTimeOffset now)
    {
        if (forbid && Status is (DiskStatus.Deleting or DiskStatus.Terminated))
        {
            return new DiskDeletionAccepted(Id, Status);
        }

        return forbid == IsDeletionForbidden
            ? DiskChange.Nothing(this)
            : DiskChange.Of(
                this,
                this with { IsDeletionForbidden = forbid, UpdatedAt = Later(now) },
                null,
                new Happening(forbid ? Happened.DeletionForbidden : Happened.DeletionAllowed, null));
    }

    // Between two statuses in which nothing is asked of the provider: what is not readable stays to be looked at.
    private DiskChange Settled(
        DiskStatus status, Happened what, DateTimeOffset now, string? words = null) => DiskChange.Of(
        this,
        this with
        {
            Status = status,
            StatusSince = now,
            UpdatedAt = now,
            Reason = UnreadableSince is null ? null : Reason,
        },
        null,
        new Happening(what, words));

    private Disk LookedFor(DiskLimits limits) =>
        this with { Deadline = UpdatedAt + limits.Provisioning, IsOverdueTold = false };

    private Disk ProvisionedAnew(DiskLimits limits) => this with
    {
        Status = DiskStatus.Provisioning,
        StatusSince = UpdatedAt,
        Reason = null,
        Deadline = UpdatedAt + limits.Provisioning,
        IsOverdueTold = false,
    };
}
