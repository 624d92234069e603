using Mooring.Contract.V1;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>
/// Eight users work at random, and mooringd is killed with SIGKILL at a random instant; again and again on the same
/// data. <c>./test --soak</c> does it two hundred times.
/// </summary>
[Collection(HouseGroup.Name)]
public sealed class RandomCrashTests(House house)
{
    private const int MillisecondsAtMost = 2_500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Local_disks_and_instances_survive_being_killed_at_random_instants()
    {
        var tenant = await house.EnterAsync();
        var installation = house.Installation;
        var template = await tenant.PodRequestAsync();
        var workload = new Workload(
            new WorkPlace(
                name => Tenant.DiskRequest(name: name),
                (name, disk) => template with { Pod = template.Pod! with { Name = name }, Disks = [disk] },
                PodsAtMost: 3),
            Soak.Seed);
        var random = new Random(Soak.Seed);
        for (var kill = 0; kill < Soak.Kills; kill++)
        {
            var working = workload.RunAsync(installation.Client, Ct);
            await Task.Delay(
                TimeSpan.FromMilliseconds(random.Next(MillisecondsAtMost)), TimeProvider.System, Ct);
            await installation.KillAsync();
            await working;
            await installation.StartAsync();

            var reckoning = new Reckoning(installation, workload);
            await reckoning.CompareAsync();
            var (disks, pods) = await reckoning.SettleAsync();
            await Holdings.AssertExactlyAsync(installation, disks, pods);
            await Bill.AssertAgreesAsync(installation.Records);
            await CompareNotesAsync(tenant, workload, pods, kill);
        }

        workload.Answers.ShouldBeGreaterThan(Soak.Kills);
    }

    private static async Task CompareNotesAsync(Tenant tenant, Workload workload, IReadOnlyList<Pod> pods, int kill)
    {
        foreach (var disk in workload.Disks.Where(disk => disk.Holder is not null))
        {
            var pod = pods.Single(pod => pod.Id == disk.Holder!.Id);
            var note = $"{disk.Id} {kill}";
            var before = await tenant.RunAsync(
                pod, $"cat /workspace/note 2>/dev/null || true; echo '{note}' >/workspace/note; sync");
            before.Output.TrimEnd('\n').ShouldBe(disk.Note);
            disk.Note = note;
        }
    }
}
