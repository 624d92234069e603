using Mooring.Server.Ledger;

namespace Mooring.Server.Disks;

// What an empty wallet means for a disk that it pays for.
internal sealed partial record Disk
{
    /// <summary>
    /// Its wallet is empty: it rests, STOPPED, with its data kept, until that is topped up. To be asked of a disk that
    /// nobody holds; not while it is being made.
    /// </summary>
    /// <param name="words">Why, for its reason and its history.</param>
    /// <param name="now">The time.</param>
    public DiskChange StopUnpaid(string words, DateTimeOffset now) =>
        Status != DiskStatus.Active
            ? DiskChange.Nothing(this)
            : Unpaid(Settled(DiskStatus.Stopped, Happened.Suspended, Later(now), words), true, words);

    /// <summary>Its wallet pays again: what rested for that alone goes on.</summary>
    /// <param name="words">Why, for its history.</param>
    /// <param name="now">The time.</param>
    public DiskChange ResumePaid(string words, DateTimeOffset now) => !IsUnpaid ? DiskChange.Nothing(this)
        : Status == DiskStatus.Stopped
            ? Unpaid(Settled(DiskStatus.Active, Happened.Resumed, Later(now), words), false, null)
        // What it is by now has a reason of its own.
        : DiskChange.Of(this, this with { IsUnpaid = false, UpdatedAt = Later(now) }, null);

    /// <summary>
    /// Its wallet's grace time is over, of which three warnings have told: it is deleted, also where that is forbidden
    /// to everybody else. To be asked of a disk that nobody holds.
    /// </summary>
    /// <param name="limits">How long statuses may last.</param>
    /// <param name="words">Why, for its history.</param>
    /// <param name="now">The time.</param>
    public DiskChange Reclaim(DiskLimits limits, string words, DateTimeOffset now) =>
        Status is DiskStatus.Deleting or DiskStatus.Terminated
            ? DiskChange.Nothing(this)
            : Deleted(limits, now, words);

    // What cannot be read keeps the reason for that.
    private static DiskChange Unpaid(DiskChange change, bool isUnpaid, string? words) => change with
    {
        After = change.After with
        {
            IsUnpaid = isUnpaid,
            Reason = change.After.UnreadableSince is null ? words : change.After.Reason,
        },
    };
}
