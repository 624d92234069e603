using Mooring.Server.Ledger;

namespace Mooring.Server.Disks;

// What the inventory sees of a disk. It is told and remembered, and nothing else: whether the disk may be used is for
// the lifecycle to say, once it has looked closely.
internal sealed partial record Disk
{
    private static readonly DiskDrift[] Kinds =
        [DiskDrift.Size, DiskDrift.Name, DiskDrift.Status, DiskDrift.Attachment];

    /// <summary>Whether a list that shows it can differ from what it should be; not while it comes or goes.</summary>
    public bool CanDrift => IsAtProvider
        && Status is DiskStatus.Active or DiskStatus.Stopped or DiskStatus.Pending or DiskStatus.Error;

    /// <summary>
    /// A complete list has shown it so: an event for each way of being otherwise that is new, and for each that is
    /// over. What could not be compared stays as it was.
    /// </summary>
    /// <param name="seen">What the list says.</param>
    /// <param name="now">When.</param>
    public DiskChange Compare(Comparison seen, DateTimeOffset now)
    {
        var found = seen.Found.Aggregate(DiskDrift.None, (all, difference) => all | difference.What);
        var drift = (Drift & ~seen.Compared) | found;
        if (drift == Drift || !CanDrift)
        {
            return DiskChange.Nothing(this);
        }

        return DiskChange.Of(
            this,
            this with { Drift = drift, UpdatedAt = Later(now) },
            null,
            [
                .. seen.Found
                    .Where(difference => !Drift.HasFlag(difference.What))
                    .Select(difference => new Happening(Happened.DriftBegun, difference.Words)),
                .. Kinds
                    .Where(kind => Drift.HasFlag(kind) && !drift.HasFlag(kind))
                    .Select(kind => new Happening(Happened.DriftEnded, WordsOfEnd(kind))),
            ]);
    }

    private static string WordsOfEnd(DiskDrift kind) =>
        $"{(kind == DiskDrift.Attachment ? "What holds it" : $"Its {kind.ToString().ToLowerInvariant()}")}"
        + " at the provider is again as it should be.";
}
