using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>The disk suite over another RunPod or another adapter. Not public: tests of ours play it.</summary>
internal sealed class VariedDiskSuite(RunPodCase varied) : DiskConformance
{
    public override string Provider => "runpod";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable =>
        new RunPodDiskConformance().NotApplicable;

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await RunPodSite.OpenAsync(varied with { Circumstance = circumstance, Kind = "volumes" });
}

/// <summary>The instance suite, likewise.</summary>
internal sealed class VariedInstanceSuite(RunPodCase varied) : InstanceConformance
{
    public override string Provider => "runpod";

    public override IReadOnlyDictionary<Circumstance, string> NotApplicable =>
        new RunPodInstanceConformance().NotApplicable;

    protected override async Task<Site> OpenAsync(Circumstance circumstance) =>
        await RunPodSite.OpenAsync(varied with { Circumstance = circumstance, Kind = "pods" });
}

internal static class RunPodSuites
{
    /// <summary>What is varied, before a suite says what it plays.</summary>
    public static readonly RunPodCase Plain = new(Circumstance.None, "volumes");
}
