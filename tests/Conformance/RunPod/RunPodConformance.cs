using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.RunPod;

public sealed class RunPodDiskConformance : DiskConformance
{
    public override string Provider => "runpod";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable { get; } =
        new Dictionary<Circumstance, string>
        {
            [Circumstance.AttachableByHost] = "its volumes are mounted by RunPod, and never on a host of ours",
            [Circumstance.SlowCreate] = "a volume has no state: it is ready as soon as it is there",
            [Circumstance.SlowDelete] = "a volume has no state: when its delete is answered it is gone",
            [Circumstance.EmptyPage] = "its lists have no pages",
        };

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await RunPodSite.OpenAsync(new RunPodCase(circumstance, "volumes"));
}

public sealed class RunPodInstanceConformance : InstanceConformance
{
    public override string Provider => "runpod";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable { get; } =
        new Dictionary<Circumstance, string>
        {
            [Circumstance.EmptyPage] = "its lists have no pages",
            [Circumstance.Log] = "its API has no call that reads a pod's log",
            [Circumstance.OneHolder] = "every volume of RunPod's may be mounted by several pods at once",
            [Circumstance.StuckDetach] =
                "a volume may be mounted by several pods at once, so that none has to wait for another to let go",
        };

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await RunPodSite.OpenAsync(new RunPodCase(circumstance, "pods"));
}
