using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.Simulated;

public sealed class SimulatedDiskConformance : DiskConformance
{
    internal const string ChargesNothing = "its cloud charges nothing";

    public override string Provider => "simulated";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable { get; } =
        new Dictionary<Circumstance, string>
        {
            [Circumstance.AttachableByHost] = "its disks are attached by its cloud, and never to a host of ours",
            [Circumstance.Billing] = ChargesNothing,
        };

    protected override Task<Site> OpenAsync(Circumstance circumstance) =>
        Task.FromResult<Site>(new SimulatedSite(circumstance, "disk"));
}

public sealed class SimulatedInstanceConformance : InstanceConformance
{
    public override string Provider => "simulated";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable { get; } =
        new Dictionary<Circumstance, string>
        {
            [Circumstance.Billing] = SimulatedDiskConformance.ChargesNothing,
        };

    protected override Task<Site> OpenAsync(Circumstance circumstance) =>
        Task.FromResult<Site>(new SimulatedSite(circumstance, "instance"));
}
