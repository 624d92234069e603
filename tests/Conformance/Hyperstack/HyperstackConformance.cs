using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.Hyperstack;

public sealed class HyperstackDiskConformance : DiskConformance
{
    public override string Provider => "hyperstack";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable { get; } =
        new Dictionary<Circumstance, string>
        {
            [Circumstance.AttachableByHost] = "its disks are attached by its cloud, and never to a host of ours",
        };

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await HyperstackSite.OpenAsync(circumstance, HyperstackFaults.Volumes, Ct);
}

public sealed class HyperstackInstanceConformance : InstanceConformance
{
    public override string Provider => "hyperstack";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable { get; } =
        new Dictionary<Circumstance, string>
        {
            [Circumstance.Log] = "what a virtual machine writes can't be read through the cloud",
            [Circumstance.SharedDisks] = "one virtual machine at a time holds a volume",
            [Circumstance.EndsByItself] = "a virtual machine that was shut down has no exit code",
        };

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await HyperstackSite.OpenAsync(circumstance, HyperstackFaults.Machines, Ct);
}
