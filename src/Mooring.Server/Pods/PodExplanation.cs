using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.Server.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Pods;

/// <summary>Why an instance is as it is, what Mooring does next, and what can be done about it, in sentences.</summary>
internal sealed class PodExplanation(MooringOptions options, TimeProvider time)
{
    public async Task<Explanation> OfAsync(MooringDb db, Pod found, CancellationToken ct)
    {
        var work = await PodQueries.LoadAsync(db, found.Id, ct);
        var pod = work.Pod!;
        var account = await db.ProviderAccounts.AsNoTracking().SingleAsync(row => row.Id == pod.ProviderAccountId, ct);
        var now = time.Now();
        var ofWallet = pod.Status is PodStatus.Deleting or PodStatus.Terminated
            ? null
            : await WalletWords.OnPodAsync(db, pod.WalletId, now, ct);
        var status = pod.ShownStatus(options.PodLimits, account.UnreadableSince, now);
        var provider = Explanations.Of(account, pod.RemoteName, pod.RemoteId, pod.UnreadableSince, pod.Reason);
        return new Explanation
        {
            Id = pod.Id.Value,
            Kind = ResourceKinds.Pod,
            Name = pod.Name,
            Status = status,
            Since = status == Statuses.Unknown ? provider.UnreadableSince ?? pod.StatusSince : pod.StatusSince,
            Reason = pod.Reason
                ?? work.Attachments.Select(hold => hold.Reason).FirstOrDefault(reason => reason is not null)
                ?? provider.UnreadableReason,
            Provider = provider,
            Attempt = pod.Attempt,
            NextTry = pod.DueAt,
            Deadline = pod.Deadline,
            IsOverdue = pod.IsOverdueTold || pod.Deadline <= now,
            Holders = Explanations.Of(work.Attachments),
            ForbidDeletion = false,
            Next = ofWallet is null ? Next(work, now) : $"{Next(work, now)} {ofWallet.Next}",
            YouCan = [.. ofWallet?.YouCan ?? [], .. YouCan(pod, provider.UnreadableSince is not null)],
        };
    }

    private static string Next(PodAndDisks work, DateTimeOffset now)
    {
        var pod = work.Pod!;
        if (Explanations.IsInHand(pod, now))
        {
            return "Mooring is at work on it this moment.";
        }

        var when = Explanations.When(pod, now);
        return PodLifecycle.Next(work, now) switch
        {
            PodStep.Ask { Call: PodCall.EnsureCreated } => $"Mooring brings it one step nearer to running, {when}.",
            PodStep.Ask { Call: PodCall.EnsureDeleted } when pod.IsRestarting =>
                $"Mooring removes what has ended, {when}, to start it again.",
            PodStep.Ask { Call: PodCall.EnsureDeleted } =>
                $"Mooring ends and removes it, {when}, and again until it is certainly gone; then its disks.",
            PodStep.Ask => $"Mooring asks its host how it is, {when}.",
            PodStep.AskAbout { Call: PodCall.Attach } ask =>
                $"Mooring has its host mount disk {DiskOf(work, ask.Ordinal)}, {when}.",
            PodStep.AskAbout ask =>
                $"Mooring has its host let go of disk {DiskOf(work, ask.Ordinal)}, {when}, and again until it has.",
            PodStep.TimePasses when PodLifecycle.IsGoingUp(pod) => $"Its time is over: it becomes ERROR, {when}.",
            PodStep.TimePasses => $"That it is overdue is noted, {when}, and it is tried on.",
            _ => "Nothing, until you wish something.",
        };
    }

    private static DiskId DiskOf(PodAndDisks work, int ordinal) =>
        work.Attachments.First(attachment => attachment.Ordinal == ordinal).DiskId;

    private static IEnumerable<string> YouCan(Pod pod, bool isUnreadable)
    {
        if (pod.Status == PodStatus.Terminated)
        {
            yield return "Create a new one with the same disks: mooring pods create.";
            yield break;
        }

        if (pod.Status is PodStatus.Provisioning or PodStatus.Deleting
            || pod is { Status: PodStatus.Error, HoldsReservation: true }
            || pod.IsRestarting
            || isUnreadable)
        {
            yield return $"Have the next step tried at once: mooring pods retry {pod.Id}.";
        }

        yield return $"Read what it wrote: mooring pods logs {pod.Id}.";
        if (pod is { Status: PodStatus.Active, IsRestarting: false })
        {
            yield return $"Log in: mooring pods ssh {pod.Id}.";
        }

        if (pod.Status != PodStatus.Deleting)
        {
            yield return $"Delete it, its disks live on: mooring pods delete {pod.Id}.";
        }
    }
}
