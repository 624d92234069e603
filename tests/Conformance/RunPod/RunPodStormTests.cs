using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>The storm again and again, by other chances each time.</summary>
public sealed class RunPodStormTests
{
    private static int Seeds => Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") == "1" ? 200 : 20;

    [Fact]
    public Task Through_many_storms_no_volume_is_lost_or_doubled() =>
        WeatherAsync(varied => new VariedDiskSuite(varied));

    [Fact]
    public Task Through_many_storms_no_pod_is_lost_or_doubled() =>
        WeatherAsync(varied => new VariedInstanceSuite(varied));

    private static async Task WeatherAsync(Func<RunPodCase, VerbConformance> suiteOf)
    {
        List<string> failures = [];
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var suite = suiteOf(RunPodSuites.Plain with { Seed = seed });
            if (await Record.ExceptionAsync(
                suite.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays) is { } failure)
            {
                failures.Add($"seed {seed}: {failure}");
            }
        }

        failures.ShouldBeEmpty();
    }
}
