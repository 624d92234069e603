using System.Globalization;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack;

/// <summary>What a virtual machine's status means in Mooring's words.</summary>
internal static class MachineStates
{
    private const string DisksLabel = "mooring-disks-";
    private const int SshPort = 22;

    /// <summary>
    /// The labels of a machine with so many disks. A look knows the machine alone, and by its label that it is not
    /// ready while its disks are still to come.
    /// </summary>
    public static IReadOnlyList<string> LabelsFor(int disks) =>
        ["mooring", DisksLabel + disks.ToString(CultureInfo.InvariantCulture)];

    /// <summary>What there is to say of one machine.</summary>
    /// <exception cref="UnreachableException">Its status is none that is known.</exception>
    public static InstanceObservation Of(WireMachine machine) => Machines.PhaseOf(machine) switch
    {
        MachinePhase.Running => OfRunning(machine),
        MachinePhase.Making => Is(machine, RemoteInstanceState.Starting, "Hyperstack is making it."),
        MachinePhase.Between => Is(machine, RemoteInstanceState.Starting, $"Hyperstack says {machine.Status}."),
        MachinePhase.Off => Is(
            machine, RemoteInstanceState.Ended, "It was shut down (SHUTOFF); Hyperstack bills it until it is deleted."),
        MachinePhase.Hibernated => Is(
            machine, RemoteInstanceState.Ended, "It was hibernated; what was on its ephemeral disk is lost."),
        MachinePhase.Failed => Is(
            machine, RemoteInstanceState.Ended, "Hyperstack says ERROR; it may have no room for it now."),
        MachinePhase.Deleting => Is(
            machine, RemoteInstanceState.Deleting, "Hyperstack is deleting the virtual machine."),
        _ => throw new UnreachableException($"Hyperstack's status '{machine.Status}' of it is not known."),
    };

    private static InstanceObservation OfRunning(WireMachine machine)
    {
        if (Machines.HoldsOf(machine).Count(hold => Attachments.IsAttached(hold.Status)) < DisksOf(machine))
        {
            return Is(machine, RemoteInstanceState.Starting, "It runs, and its disk is not attached yet.");
        }

        return string.IsNullOrWhiteSpace(machine.FloatingIp)
            ? Is(machine, RemoteInstanceState.Starting, "It runs, and has no public address yet.")
            : new InstanceObservation(
                RemoteInstanceState.Ready,
                Told.IdOf(machine.Id),
                new SshEndpoint("root", machine.FloatingIp.Trim(), SshPort));
    }

    private static int DisksOf(WireMachine machine)
    {
        var label = (machine.Labels ?? []).FirstOrDefault(
            one => one.StartsWith(DisksLabel, StringComparison.Ordinal));
        return int.TryParse(label?[DisksLabel.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : 0;
    }

    private static InstanceObservation Is(WireMachine machine, RemoteInstanceState state, string words) =>
        new(state, Told.IdOf(machine.Id), Words: words);
}
