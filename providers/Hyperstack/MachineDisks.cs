using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// The disk of a virtual machine: that it can be had, before the machine is made, and its attaching, once it runs. One
/// machine holds a volume at a time.
/// </summary>
internal sealed class MachineDisks(Volumes volumes, Machines machines)
{
    /// <summary>Refuses a machine whose disk it could not have.</summary>
    /// <exception cref="RefusedException">The disk is not there, elsewhere, or another machine has it.</exception>
    /// <exception cref="UnreachableException">The disk will be free by itself: asking again is right.</exception>
    public async Task RequireFreeAsync(InstanceSpec spec, CancellationToken ct)
    {
        foreach (var attachment in spec.Attachments)
        {
            RequireFree(await FindAsync(attachment.Disk, ct), spec);
        }
    }

    /// <summary>
    /// Takes the next step towards a machine with its disks: an attachment, or a wait. Null where the machine has them,
    /// or is in no state to get them.
    /// </summary>
    public async Task<InstanceObservation?> AttachNextAsync(
        WireMachine machine, InstanceSpec spec, CancellationToken ct)
    {
        if (Machines.PhaseOf(machine) != MachinePhase.Running)
        {
            return null;
        }

        foreach (var attachment in spec.Attachments)
        {
            var volume = await FindAsync(attachment.Disk, ct);
            var held = Machines.HoldsOf(machine).Find(hold => hold.Volume?.Id == volume.Id);
            var holds = Volumes.Holds(volume).FirstOrDefault(hold => hold.InstanceId == machine.Id);
            if (held is null && holds is null)
            {
                RequireFree(volume, spec);
                return await AttachAsync(machine, volume, attachment.Disk, ct);
            }

            // Both sides must say so (vendor's driver).
            if (!Attachments.IsAttached(held?.Status) || !IsInUse(volume))
            {
                return Waiting(machine, $"Its disk's attachment is {held?.Status ?? holds!.Status} at Hyperstack.");
            }
        }

        return null;
    }

    private async Task<InstanceObservation> AttachAsync(
        WireMachine machine, WireVolume volume, DiskRef disk, CancellationToken ct)
    {
        try
        {
            var asked = await machines.AttachAsync(machine.Id, volume.Id, ct);
            return asked.Verdict == Verdict.Done
                ? Waiting(machine, "Its disk is being attached.")
                : throw new UnreachableException($"The disk could not be attached yet. {asked.Words}");
        }
        catch (RefusedException refused)
        {
            // An earlier request of ours may have been at work already, and not been shown yet.
            var now = await AfterChange.ReadAsync(() => FindAsync(disk, ct));
            return now is not null && Volumes.Holds(now).Any(hold => hold.InstanceId == machine.Id)
                ? Waiting(machine, "Its disk is being attached.")
                : throw new RefusedException(refused.Message, refused);
        }
    }

    private static bool IsInUse(WireVolume volume) =>
        string.Equals(volume.Status, "in-use", StringComparison.OrdinalIgnoreCase);

    private async Task<WireVolume> FindAsync(DiskRef disk, CancellationToken ct)
    {
        var found = await volumes.FindCertainlyAsync(disk, ct);
        return found is [var first, ..] && disk.MayHave(Told.IdOf(first.Id))
            ? first
            : throw new RefusedException("Hyperstack has no volume of the disk's name, or it is another than it was.");
    }

    private static void RequireFree(WireVolume volume, InstanceSpec spec)
    {
        // Volume and machine must be in one region, and perhaps in one environment, which here is the same.
        if (volume.Environment?.Name is { } there && there != Regions.EnvironmentOf(spec.DataCenter!))
        {
            throw new RefusedException($"The disk is in Hyperstack's environment {there}, and the instance elsewhere.");
        }

        ProviderException? failure = Volumes.PhaseOf(volume) switch
        {
            VolumePhase.Free => null,
            VolumePhase.Making => new UnreachableException("The disk is still being made at Hyperstack."),
            VolumePhase.Detaching => new UnreachableException("The disk is still being detached at Hyperstack."),
            VolumePhase.Held => new RefusedException("Another virtual machine has the disk."),
            _ => new RefusedException($"The disk is {volume.Status} at Hyperstack."),
        };
        if (failure is not null)
        {
            throw failure;
        }
    }

    private static InstanceObservation Waiting(WireMachine machine, string words) =>
        new(RemoteInstanceState.Starting, Told.IdOf(machine.Id), Words: words);
}
