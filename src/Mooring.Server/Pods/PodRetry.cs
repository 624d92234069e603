using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Pods;

/// <summary>An operator's wish that what waits after a failure is tried now.</summary>
internal static class PodRetry
{
    /// <summary>
    /// Makes a pod that is on its way, that still has disks to give back or that can't be read due at once. What is
    /// done with is not begun anew: that would be another pod.
    /// </summary>
    /// <param name="work">The pod with its attachments.</param>
    /// <param name="accountUnreadableSince">Since when its provider account can't be read; null if it can.</param>
    /// <param name="now">The time of the wish.</param>
    public static Result<PodChange> Retry(PodAndDisks work, DateTimeOffset? accountUnreadableSince, DateTimeOffset now)
    {
        var pod = work.Pod!;
        return IsWaiting(pod, accountUnreadableSince)
            ? PodChange.Of(
                work,
                work with { Pod = pod with { Attempt = 0, UpdatedAt = pod.Later(now) } },
                Due.AtOnce,
                new Happening(Happened.Retried, null))
            : new PodNeedsNoRetry(pod.Id, pod.Status);
    }

    private static bool IsWaiting(Pod pod, DateTimeOffset? accountUnreadableSince) => pod.Status switch
    {
        PodStatus.Provisioning or PodStatus.Deleting => true,
        PodStatus.Active => pod.IsRestarting || (pod.UnreadableSince ?? accountUnreadableSince) is not null,
        PodStatus.Error => pod.HoldsReservation,
        _ => false,
    };
}
