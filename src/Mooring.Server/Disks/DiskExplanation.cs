using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Contract.V1;
using Mooring.Server.Attachments;
using Mooring.Server.Persistence;
using Mooring.Server.Wallets;

namespace Mooring.Server.Disks;

/// <summary>Why a disk is as it is, what Mooring does next, and what can be done about it, in sentences.</summary>
internal sealed class DiskExplanation(MooringOptions options, TimeProvider time)
{
    public async Task<Explanation> OfAsync(MooringDb db, Disk disk, CancellationToken ct)
    {
        var account = await db.ProviderAccounts.AsNoTracking().SingleAsync(row => row.Id == disk.ProviderAccountId, ct);
        var holds = await db.Attachments.AsNoTracking()
            .Where(attachment => attachment.DiskId == disk.Id && attachment.ReleasedAt == null)
            .OrderBy(attachment => attachment.ClaimedAt)
            .ToListAsync(ct);
        var now = time.Now();
        var ofWallet = disk.Status is DiskStatus.Deleting or DiskStatus.Terminated
            ? null
            : await WalletWords.OnDiskAsync(db, disk, options.WalletLimits, now, ct);
        var status = disk.ShownStatus(options.DiskLimits, account.UnreadableSince, now);
        var provider =
            Explanations.Of(
                account, disk.ForeignName ?? disk.RemoteName, disk.RemoteId, disk.UnreadableSince, disk.Reason);
        return new Explanation
        {
            Id = disk.Id.Value,
            Kind = ResourceKinds.Disk,
            Name = disk.Name,
            Status = status,
            Since = status == Statuses.Unknown ? provider.UnreadableSince ?? disk.StatusSince : disk.StatusSince,
            Reason = disk.Reason
                ?? holds.Select(hold => hold.Reason).FirstOrDefault(reason => reason is not null)
                ?? provider.UnreadableReason,
            Provider = provider,
            Attempt = disk.Attempt,
            NextTry = disk.DueAt,
            Deadline = disk.Deadline,
            IsOverdue = disk.IsOverdueTold || disk.Deadline <= now,
            Holders = Explanations.Of(holds),
            ForbidDeletion = disk.IsDeletionForbidden,
            Next = ofWallet is null ? Next(disk, holds, now)
                : disk.IsUnpaid ? ofWallet.Next
                : $"{Next(disk, holds, now)} {ofWallet.Next}",
            YouCan = [.. ofWallet?.YouCan ?? [], .. YouCan(disk, holds, provider.UnreadableSince is not null)],
        };
    }

    private static string Next(Disk disk, List<Attachment> holds, DateTimeOffset now)
    {
        if (disk.Status == DiskStatus.Pending)
        {
            return holds is [var hold, ..]
                ? $"Instance {hold.PodId} "
                    + (hold.Status == AttachmentStatus.Releasing ? "gives it back" : "takes it")
                    + ": that instance's steps drive it."
                : "It is about to settle.";
        }

        if (Explanations.IsInHand(disk, now))
        {
            return "Mooring is at work on it this moment.";
        }

        var when = Explanations.When(disk, now);
        return DiskLifecycle.Next(disk, now) switch
        {
            DiskStep.Ask { Call: DiskCall.EnsureCreated } => $"Mooring asks the provider to make it, {when}.",
            DiskStep.Ask { Call: DiskCall.EnsureDeleted } =>
                $"Mooring has the provider remove it, {when}, and again until it is certainly gone.",
            DiskStep.Ask => $"Mooring asks the provider whether it is there, {when}.",
            DiskStep.TimePasses when disk.Status is DiskStatus.Provisioning or DiskStatus.Error =>
                $"Its time is over: it is given up, {when}.",
            DiskStep.TimePasses => $"That it is overdue is noted, {when}, and it is tried on.",
            _ => "Nothing, until you wish something.",
        };
    }

    private static IEnumerable<string> YouCan(Disk disk, List<Attachment> holds, bool isUnreadable)
    {
        var id = disk.Id;
        if (disk.Status == DiskStatus.Terminated)
        {
            yield return "Create a new one: mooring disks create.";
            yield break;
        }

        if (disk.Status == DiskStatus.Error)
        {
            yield return $"Mend what the reason says, then have it tried again: mooring disks retry {id}.";
        }
        else if (disk.Status is DiskStatus.Provisioning or DiskStatus.Pending or DiskStatus.Deleting || isUnreadable)
        {
            yield return $"Have the next step tried at once: mooring disks retry {id}.";
        }

        foreach (var hold in holds)
        {
            yield return $"See what its instance waits for: mooring pods explain {hold.PodId}.";
            yield return $"End that instance, and the disk is given back: mooring pods delete {hold.PodId}.";
        }

        if (holds.Count > 0)
        {
            yield return $"End whatever holds it: mooring disks force-detach {id}.";
            yield break;
        }

        switch (disk.Status)
        {
            case DiskStatus.Active:
                yield return $"Attach it to a new instance: mooring pods create --disk {id}.";
                yield return $"Let it rest at its stopped price: mooring disks suspend {id}.";
                break;
            case DiskStatus.Stopped when !disk.IsUnpaid:
                yield return $"End its suspension: mooring disks resume {id}.";
                break;
        }

        if (disk.IsDeletionForbidden)
        {
            yield return $"Have its deletion allowed again: mooring disks unprotect {id}.";
        }
        else if (disk.Status != DiskStatus.Deleting)
        {
            yield return $"Delete it with all its data, for good: mooring disks delete {id}.";
        }
    }
}
