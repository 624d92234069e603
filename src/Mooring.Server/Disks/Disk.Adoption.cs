using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Disks;

/// <summary>How a disk that is at the provider already becomes ours, by an operator's word.</summary>
internal sealed partial record Disk
{
    /// <summary>It is looked at at once, and billed from now on.</summary>
    public static DiskChange Adopt(Disk draft) => DiskChange.Of(
        null,
        draft with { Status = DiskStatus.Active },
        Due.AtOnce,
        new Happening(
            Happened.Adopted, draft.ForeignName is { } name ? $"It is called '{name}' at the provider." : null));

    /// <summary>It becomes ours to be deleted: nobody is billed for it here.</summary>
    public static DiskChange AdoptToDelete(Disk draft, DiskLimits limits) => DiskChange.Of(
        null,
        draft with { Status = DiskStatus.Deleting, Deadline = draft.CreatedAt + limits.Deleting },
        Due.AtOnce,
        new Happening(Happened.Adopted, null),
        new Happening(Happened.DeleteAccepted, null));
}
