namespace Mooring.Providers.Hyperstack;

/// <summary>
/// The ladder from a virtual machine with a disk to nothing: unprotect, stop, detach, delete, one step a call, each
/// known from the state that the one before leaves.
///
/// <para>It is stopped before its disk is taken: the cloud detaches without asking the guest, whose file system may
/// hold what was not written yet. And the disk is detached before the machine is deleted: what becomes of an attached
/// one is not documented.</para>
/// </summary>
internal sealed class MachineEnd(Machines machines)
{
    /// <summary>Takes the next step.</summary>
    /// <returns>What it waits for; null once the machine itself was deleted.</returns>
    public async Task<string?> StepAsync(WireMachine machine, CancellationToken ct)
    {
        var holds = Machines.HoldsOf(machine);
        if (holds.Find(hold => hold.Protected == true) is { } guarded)
        {
            await machines.UnprotectAsync(guarded.Id, ct);
            return "Its disk is not protected any more; the shutdown is next.";
        }

        switch (Machines.PhaseOf(machine))
        {
            case MachinePhase.Running when holds.Count > 0:
                await machines.StopAsync(machine.Id, ct);
                return "It is being shut down, so that its disk has all that was written.";
            case MachinePhase.Between when holds.Count > 0:
                return $"Hyperstack says {machine.Status}; its disk is detached when it is shut down.";
            case MachinePhase.Off when holds.Exists(hold => Attachments.IsAttached(hold.Status)):
                await machines.DetachAsync(machine.Id, VolumesOf(holds), ct);
                return "Its disk is being detached.";
            case MachinePhase.Off when holds.Count > 0:
                return "Hyperstack is still detaching its disk.";
            default:
                // Without disks, or in a state (ERROR, HIBERNATED) in which none can be detached.
                await machines.DeleteAsync(machine.Id, ct);
                return null;
        }
    }

    private static List<long> VolumesOf(List<WireMachineAttachment> holds) =>
    [
        .. from hold in holds
           where Attachments.IsAttached(hold.Status) && hold.Volume is not null
           select hold.Volume!.Id,
    ];
}
