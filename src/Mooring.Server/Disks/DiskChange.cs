using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Disks;

/// <summary>
/// A disk before and after something, what that was, and when to look again. Written in one transaction.
/// </summary>
/// <param name="Before">The disk as it was read; null for a new one.</param>
/// <param name="After">The disk as it shall be.</param>
/// <param name="Due">When to look again; null leaves that as it is.</param>
/// <param name="Happenings">What goes into its history.</param>
internal sealed record DiskChange(Disk? Before, Disk After, Due? Due, IReadOnlyList<Happening> Happenings)
{
    public bool IsNothing => ReferenceEquals(Before, After) && Due is null && Happenings.Count == 0;

    /// <summary>
    /// Whether what the provider promised for it is free again: only once it is confirmed to be gone.
    /// </summary>
    public bool GivesBackCapacity =>
        After.Status == DiskStatus.Terminated && Before is not null && Before.Status != DiskStatus.Terminated;

    public static DiskChange Of(Disk? before, Disk after, Due? due, params IReadOnlyList<Happening> happenings)
    {
        Invariant.Holds(
            before?.Rate == after.Rate || happenings.Count > 0, "a price changes only with an event that says so");
        return new(before, after, due, happenings);
    }

    public static DiskChange Nothing(Disk disk) => new(disk, disk, null, []);
}
