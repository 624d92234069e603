using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// Eight users work at random, and mooringd is killed with SIGKILL at a random instant; again and again on the same
/// data: 20 times, and 200 times in <c>./test --soak</c>.
/// </summary>
internal static class RandomCrashes
{
    private const int MillisecondsAtMost = 2_500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task SurviveAsync(Installation installation, IPlace place)
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
        // As an operator would: the file, the references, each history and the whole ledger.
        (await installation.StopAsync()).ShouldBe(0);
        (await Tool.RunAsync(Programs.Daemon, ["db", "check", "--data", installation.Data]))
            .OrFail($"the records after {Soak.Kills} kills of seed {Soak.Seed}");
        await installation.StartAsync();
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
