namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>What <see cref="RandomCrashes"/> does, to a simulated cloud's disks and instances.</summary>
public sealed class SimulatedRandomCrashTests
{
    // What a cloud does on a bad day; a call that takes effect late does so within the settling time.
    private const string Faults = """
        [
          { "fault": "lostReply", "on": ["*"], "probability": 0.05 },
          { "fault": "late", "on": ["*"], "probability": 0.05, "seconds": { "least": 0, "most": 1 } },
          { "fault": "lostRequest", "on": ["*"], "probability": 0.05 },
          { "fault": "unreachable", "on": ["*"], "probability": 0.05 },
          { "fault": "throttled", "on": ["*"], "probability": 0.05, "retryAfterSeconds": 1 },
          { "fault": "stuckDetach", "on": ["*"], "probability": 0.1, "seconds": { "least": 0, "most": 2 } }
        ]
        """;

    private const string Delays = """
        {
          "diskCreateSeconds": { "least": 0, "most": 0.5 },
          "diskDeleteSeconds": { "least": 0, "most": 0.5 },
          "instanceCreateSeconds": { "least": 0, "most": 0.5 },
          "detachSeconds": { "least": 0, "most": 0.5 }
        }
        """;

    [Fact]
    public async Task Disks_and_instances_of_a_cloud_on_a_bad_day_survive_it()
    {
        await using var installation = SimulatedPlace.Prepare("random", Delays, Faults);
        await installation.StartAsync();
        await installation.WaitForInstancesAsync();
        await RandomCrashes.SurviveAsync(installation, new SimulatedPlace(installation, "random"));
    }
}
