using Mooring.Providers.Instances;

namespace Mooring.Providers.Hyperstack;

/// <summary>What is asked of the cloud for an instance.</summary>
internal static class NewMachines
{
    /// <summary>
    /// How many disks a machine takes: which of two is which can't be told inside before each has a file system, as the
    /// name of the device is known only once it is attached, and the machine is told of its disks before that.
    /// </summary>
    private const int DisksMax = 1;

    /// <summary>Refuses what can't be asked for, in words.</summary>
    public static void Check(InstanceSpec spec, HyperstackOptions options)
    {
        if (!Told.IsPlain(spec.CloudId))
        {
            throw new RefusedException("Hyperstack has no such flavor.");
        }

        if (!Regions.IsName(spec.DataCenter))
        {
            throw new RefusedException("Hyperstack has no such region.");
        }

        if (!options.Images.ContainsKey(spec.Image))
        {
            throw new RefusedException("That image is none that is offered at Hyperstack.");
        }

        if (spec.Attachments.Count > DisksMax)
        {
            throw new RefusedException("An instance at Hyperstack takes one disk at the most.");
        }

        UserData.Check(spec);
    }

    /// <summary>The machine as the cloud is asked for it.</summary>
    public static NewMachine For(InstanceSpec spec, string keyPair, HyperstackOptions options) => new(
        spec.Name,
        Regions.EnvironmentOf(spec.DataCenter!),
        spec.CloudId,
        keyPair,
        Count: 1,
        options.Images[spec.Image],
        AssignFloatingIp: true,
        // True by default, and SSH may then be at any port (assumed).
        EnablePortRandomization: false,
        UserData.For(spec),
        MachineStates.LabelsFor(spec.Attachments.Count),
        [new SecurityRule("ingress", "IPv4", "tcp", "0.0.0.0/0", PortRangeMin: 22, PortRangeMax: 22)]);
}
