using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Simulators.RunPod;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>
/// Volumes and the pods that mount them through long histories in which any call may go wrong, at a RunPod that deletes
/// even a volume that a pod mounts: none is ever taken from a pod.
/// </summary>
public sealed class RunPodHoldingTests
{
    private const int Steps = 150;

    private static int Seeds => Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") == "1" ? 400 : 50;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_volume_is_taken_from_a_pod()
    {
        var mounted = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            await using var site = await RunPodSite.OpenAsync(new RunPodCase(Circumstance.Storm, "volumes")
            {
                Seed = seed,
                More = RunPodFaults.For(Circumstance.Storm, "pods"),
                Assumptions = new Assumptions { DeleteInUseIsRefused = false },
            });
            await site.BeginAsync();
            await LiveAsync(site, new Random(seed));
            TakenFromPods(site.Books).ShouldBeEmpty($"seed {seed}");
            mounted += site.Books.Pods.Count(pod => pod.VolumeId is not null);
        }

        mounted.ShouldBeGreaterThan(Seeds, "histories in which nothing is mounted prove nothing");
    }

    private static async Task LiveAsync(RunPodSite site, Random random)
    {
        for (var step = 0; step < Steps; step++)
        {
            var disk = site.Disk(Name(random.Next(1, 3)));
            var pod = site.Instance(Name(random.Next(11, 14)), disk);
            var process = random.Next(4) == 0 ? site.OpenAnother() : site.Providers;
            try
            {
                await (random.Next(6) switch
                {
                    0 or 1 => (Task)process.Disks.EnsureCreatedAsync(disk, Ct),
                    2 => process.Disks.EnsureDeletedAsync(new DiskRef(disk.Name, null), Ct),
                    3 or 4 => process.Instances!.EnsureCreatedAsync(pod, Ct),
                    _ => process.Instances!.EnsureDeletedAsync(new InstanceRef(pod.Name, null), Ct),
                });
            }
            catch (ProviderException)
            {
                // Whatever it was: the next step goes on from what is there.
            }

            await site.PassAsync(TimeSpan.FromSeconds(random.Next(0, 6)));
        }
    }

    private static IEnumerable<string> TakenFromPods(Books books) =>
        from volume in books.Volumes
        where volume.GoneAt is not null
        from pod in books.Pods
        where pod.VolumeId == volume.Id && pod.CreatedAt <= volume.GoneAt
            && (pod.GoneAt is null || pod.GoneAt > volume.GoneAt)
        select $"volume {volume.Id} from pod {pod.Id}";

    private static string Name(int number) => RemoteName.For(Site.Installation, number.ToString("x32"));
}
