using Mooring.Server.Attachments;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Pods;

/// <summary>What a step of a pod means for one of its disks.</summary>
internal enum DiskEffect
{
    Attached,
    ReleaseBegun,
    Released,
}

/// <summary>
/// A pod with its attachments before and after something. One transaction writes pod, attachments and disks; what it
/// means for the disks follows from the attachments alone.
/// </summary>
internal sealed record PodChange(PodAndDisks Before, PodAndDisks After, Due? Due, IReadOnlyList<Happening> Happenings)
{
    public Pod Pod => After.Pod!;

    public bool IsNothing => ReferenceEquals(Before, After) && Due is null;

    public bool GivesBackReservation => Before.Pod is { HoldsReservation: true } && !Pod.HoldsReservation;

    /// <summary>The attachments that changed, each as it was and as it shall be.</summary>
    public IEnumerable<(Attachment Before, Attachment After)> ChangedAttachments =>
        Before.Attachments.Zip(After.Attachments).Where(pair => pair.First != pair.Second);

    /// <summary>What the change means for disks.</summary>
    public IEnumerable<(DiskId Disk, DiskEffect Effect)> DiskEffects =>
        from pair in ChangedAttachments
        where pair.Before.Status != pair.After.Status
        let effect = EffectOf(pair.After.Status)
        where effect is not null
        select (pair.After.DiskId, effect.Value);

    public static PodChange Of(
        PodAndDisks before, PodAndDisks after, Due? due, params IReadOnlyList<Happening> happenings)
    {
        Invariant.Holds(
            before.Pod?.Rate == after.Pod!.Rate || happenings.Count > 0,
            "a price changes only with an event that says so");
        return new(before, after, due, happenings);
    }

    private static DiskEffect? EffectOf(AttachmentStatus status) => status switch
    {
        AttachmentStatus.Attached => DiskEffect.Attached,
        AttachmentStatus.Releasing => DiskEffect.ReleaseBegun,
        AttachmentStatus.Released => DiskEffect.Released,
        _ => null,
    };
}
