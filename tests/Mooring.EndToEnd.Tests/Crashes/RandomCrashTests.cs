using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// Eight users work at random, and mooringd is killed with SIGKILL at a random instant; again and again on the same
/// data: 20 times, and 200 times in <c>./test --soak</c>.
/// </summary>
[Collection(HouseGroup.Name)]
public sealed class RandomCrashTests(House house)
{
    private const int MillisecondsAtMost = 2_500;

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

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disks_and_instances_of_this_machine_survive_it() =>
        await SurviveAsync(house.Installation, await LocalPlace.InAsync(house));

    [Fact]
    public async Task Disks_and_instances_of_a_cloud_on_a_bad_day_survive_it()
    {
        await using var installation = SimulatedPlace.Prepare("random", Delays, Faults);
        await installation.StartAsync();
        await installation.WaitForInstancesAsync();
        await SurviveAsync(installation, new SimulatedPlace(installation, "random"));
    }

    private static async Task SurviveAsync(Installation installation, IPlace place)
    {
        var workload = new Workload(place, Soak.Seed);
        var reckoning = new Reckoning(installation, workload);
        var random = new Random(Soak.Seed);
        for (var kill = 0; kill < Soak.Kills; kill++)
        {
            var working = workload.RunAsync(installation.Client, Ct);
            var instant = TimeSpan.FromMilliseconds(random.Next(MillisecondsAtMost));
            await Task.Delay(instant, TimeProvider.System, Ct);
            await installation.KillAsync();
            await working;
            await installation.StartAsync();

            await reckoning.CompareAsync();
            var (disks, pods) = await reckoning.SettleAsync();
            await place.AssertHoldsExactlyAsync(disks, pods);
            await Bill.AssertAgreesAsync(installation.Records);
            await CompareNotesAsync(place, workload, pods, kill);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {Soak.Seed}: {Soak.Kills} kills, {workload.Answers} wishes answered");
        workload.Answers.ShouldBeGreaterThan(Soak.Kills);
    }

    private static async Task CompareNotesAsync(IPlace place, Workload workload, IReadOnlyList<Pod> pods, int kill)
    {
        foreach (var disk in workload.Disks.Where(disk => disk.Holder is not null))
        {
            var note = $"{disk.Id} {kill}";
            await place.UseAsync(pods.Single(pod => pod.Id == disk.Holder!.Id), disk.Note, note);
            disk.Note = note;
        }
    }
}
