using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>The storm again and again, by other chances each time.</summary>
public sealed class RunPodStormTests
{
    [Fact]
    public async Task Through_many_storms_no_volume_is_lost_or_doubled() => (await Played.FailedStormsAsync(
        seed => new VariedDiskSuite(RunPodSuites.Plain with { Seed = seed }))).ShouldBeEmpty();

    [Fact]
    public async Task Through_many_storms_no_pod_is_lost_or_doubled() => (await Played.FailedStormsAsync(
        seed => new VariedInstanceSuite(RunPodSuites.Plain with { Seed = seed }))).ShouldBeEmpty();
}
