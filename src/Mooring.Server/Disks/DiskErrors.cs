using Mooring.Contract.V1;

namespace Mooring.Server.Disks;

internal sealed record DiskNotFound(string Id)
    : MooringError("disk_not_found", $"There is no disk '{Id}' that this key can see. GET /api/v1/disks/ lists them.");

internal sealed record DiskInUse(DiskId Id, IReadOnlyList<PodId> Holders)
    : MooringError(
        "disk_in_use",
        $"Disk {Id} is held by {(Holders.Count == 1 ? "instance" : "instances")} {string.Join(", ", Holders)}. "
        + "Terminate what holds it, wait until the disk's 'pods' is empty, then delete it.");

internal sealed record DiskDeletionForbidden(DiskId Id)
    : MooringError(
        "disk_deletion_forbidden",
        $"Deletion of disk {Id} is forbidden. Lift that first, with 'mooring disks unprotect {Id}' or "
        + $"PATCH /api/mooring/v1/disks/{Id} and {{\"forbidDeletion\":false}}; then delete it.");

internal sealed record DiskDeletionAccepted(DiskId Id, DiskStatus Status)
    : MooringError(
        "disk_deletion_accepted",
        $"Disk {Id} is {Status.ToWire()}: its deletion was accepted already and can't be called back.");

internal sealed record DiskHeld(DiskId Id, PodId Holder)
    : MooringError(
        "disk_held",
        $"Disk {Id} is held by instance {Holder}, and takes one instance at a time. "
        + "Terminate that instance and wait until the disk's 'pods' is empty, "
        + "or use a disk whose offer has isMultinode true.");

internal sealed record DiskNotActive(DiskId Id, string Status, string? Reason, bool IsUnpaid = false)
    : MooringError(
        "disk_not_active",
        $"Disk {Id} is {Status}{(Reason is null ? "" : $" ({Reason.TrimEnd('.')})")}; only an ACTIVE disk can be "
        + "attached. "
        + Status switch
        {
            Statuses.Provisioning or Statuses.Pending => "Wait until it is ACTIVE.",
            Statuses.Unknown => "Its provider can't be read now: try again when it is back.",
            Statuses.Deleting => "It is going away: use another one.",
            Statuses.Stopped when IsUnpaid => "Have its wallet topped up, and it goes on by itself; or delete it.",
            _ => DiskAdvice.For(DiskStatusNames.FromWire(Status)),
        });

internal sealed record DiskElsewhere(DiskId Id, string DiskPlace, string InstancePlace)
    : MooringError(
        "disk_elsewhere",
        $"Disk {Id} is at {DiskPlace}, the instance would be at {InstancePlace}. "
        + $"Choose an offer from GET /api/v1/availability/gpus?disks={Id}.");

internal sealed record DiskOfAnotherAccount(DiskId Id, string? Team, string? InstanceTeam)
    : MooringError(
        "disk_of_another_account",
        $"Disk {Id} is {(Team is null ? "your own" : $"team {Team}'s")}, and the instance would be "
        + $"{(InstanceTeam is null ? "your own" : $"team {InstanceTeam}'s")}: both are to be of one account. "
        + (Team is null ? "Leave 'team' out." : $"Create the instance with 'team': {{\"teamId\":\"{Team}\"}}."));

internal sealed record DiskNotSuspendable(DiskId Id, DiskStatus Status, IReadOnlyList<PodId> Holders)
    : MooringError(
        "disk_not_suspendable",
        Holders.Count > 0
            ? $"Disk {Id} is held by {string.Join(", ", Holders)} and can't be suspended. Terminate what holds it and "
                + "wait until the disk's 'pods' is empty."
            : $"Disk {Id} is {Status.ToWire()}: only an ACTIVE disk can be suspended.");

internal sealed record DiskNotSuspended(DiskId Id, DiskStatus Status)
    : MooringError(
        "disk_not_suspended",
        $"Disk {Id} is {Status.ToWire()}, not STOPPED: there is no suspension to end.");

internal sealed record DiskUnpaid(DiskId Id, WalletId WalletId)
    : MooringError(
        "disk_unpaid",
        $"Disk {Id} rests because wallet {WalletId} is empty. Have that topped up, and the disk goes on by itself.");

internal sealed record DiskNeedsNoRetry(DiskId Id, DiskStatus Status)
    : MooringError(
        "disk_needs_no_retry",
        Status == DiskStatus.Terminated
            ? $"Disk {Id} is gone for good, and a retry can't bring it back. Create a new one."
            : $"Disk {Id} is {Status.ToWire()} and waits for nothing: there is nothing to retry.");

internal sealed record DiskNotHeld(DiskId Id)
    : MooringError("disk_not_held", $"Disk {Id} is held by no instance: there is nothing to detach.");

internal sealed record NoCapacity(string What, string Left)
    : MooringError("no_capacity", $"There is no room for {What} now: {Left}. Take less, or free some first.");
