using Microsoft.Extensions.Time.Testing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Providers.Simulated.Tests;

/// <summary>
/// The guide's sample scripts, each lived through by a client that is careful as Mooring is: after an unknown outcome
/// it only looks until the settling time is over. Whatever goes wrong, what it makes is there once, and in the end not.
/// </summary>
public class SampleTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Samples => [.. Guide.Samples];

    [Fact]
    public void There_are_samples_and_the_page_names_each()
    {
        Guide.Samples.Count().ShouldBeGreaterThan(5);
        var page = Guide.Page;
        Guide.Samples.Where(name => !page.Contains($"(rehearse-failure/{name})", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Samples_are_of_different_accounts_and_can_be_served_together() =>
        Guide.Samples.Select(name => Simulation.Load(Guide.PathOf(name)).BooksFile).ShouldBeUnique();

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Disks_and_an_instance_live_through_a_sample(string sample)
    {
        var directory = Directory.CreateTempSubdirectory("mooring-sample-").FullName;
        try
        {
            var time = new FakeTimeProvider(Cloud.Noon);
            var simulation = Simulation.Load(Guide.PathOf(sample));
            using var provider = SimulatedProvider.Open(simulation, directory, Cloud.Installation, time);
            await new CarefulClient(simulation, provider, time).LiveAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private sealed class CarefulClient(Simulation simulation, SimulatedProvider provider, FakeTimeProvider time)
    {
        // Far beyond the longest of the samples.
        private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
        private readonly DateTimeOffset _end = time.GetUtcNow() + Patience;

        public async Task LiveAsync()
        {
            var offer = simulation.Disks[0].Offer;
            for (var number = 1; number <= 4; number++)
            {
                var spec = new DiskSpec(
                    Cloud.Name(number),
                    ByteSize.FromGiB(100),
                    offer.CloudId,
                    offer.Place.DataCenter,
                    offer.IsMultinode);
                var disk = new DiskRef(spec.Name, null);
                await MakeAsync(
                    () => provider.Disks.EnsureCreatedAsync(spec, Ct),
                    () => provider.Disks.ObserveAsync(disk, Ct),
                    seen => seen.State is RemoteDiskState.Ready or RemoteDiskState.Failed);
                Living().Count(one => one == spec.Name).ShouldBe(1);
            }

            await RunAsync(100, 1, 2);
            for (var number = 1; number <= 4; number++)
            {
                var disk = new DiskRef(Cloud.Name(number), null);
                await UntilAsync(async () =>
                    (await provider.Disks.EnsureDeletedAsync(disk, Ct)).State == RemoteDiskState.Absent);
            }

            Living().ShouldBeEmpty();
            var books = Books.Read(provider.BooksPath);
            books.Disks.ShouldAllBe(disk => !disk.IsToComeAt(time.GetUtcNow()));
            books.Faults.Any().ShouldBe(simulation.Faults.Any(fault => fault.From is null));
        }

        private async Task RunAsync(int number, params int[] disks)
        {
            var offer = simulation.Instances[0].Offer;
            var spec = Cloud.Instance(number, disks) with
            {
                CloudId = offer.CloudId,
                DataCenter = offer.Place.DataCenter,
                Image = offer.Images[0],
            };
            var instance = new InstanceRef(spec.Name, null);
            await MakeAsync(
                () => provider.Instances.EnsureCreatedAsync(spec, Ct),
                () => provider.Instances.ObserveAsync(instance, Ct),
                seen => seen.State is RemoteInstanceState.Ready or RemoteInstanceState.Ended);
            var books = Books.Read(provider.BooksPath);
            books.InstancesAt(time.GetUtcNow()).Count(one => one.Name == spec.Name).ShouldBe(1);
            books.HoldsAt(time.GetUtcNow()).Select(hold => hold.DiskName).ShouldBe(disks.Select(Cloud.Name));
            await UntilAsync(async () =>
                (await provider.Instances.EnsureDeletedAsync(instance, Ct)).State == RemoteInstanceState.Absent);
        }

        private async Task MakeAsync<T>(Func<Task<T>> make, Func<Task<T>> look, Func<T, bool> isMade)
        {
            var settlesAt = DateTimeOffset.MinValue;
            await UntilAsync(async () =>
            {
                try
                {
                    // In doubt it is only looked for, as long as it may still come.
                    return isMade(await (settlesAt > time.GetUtcNow() ? look() : make()));
                }
                catch (UnknownOutcomeException)
                {
                    settlesAt = time.GetUtcNow() + simulation.SettlingTime;
                    return false;
                }
            });
        }

        private async Task UntilAsync(Func<Task<bool>> isDone)
        {
            while (!await TryAsync(isDone))
            {
                time.GetUtcNow().ShouldBeLessThan(_end);
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        private static async Task<bool> TryAsync(Func<Task<bool>> isDone)
        {
            try
            {
                return await isDone();
            }
            catch (ProviderException)
            {
                return false;
            }
        }

        private IEnumerable<string> Living() =>
            Books.Read(provider.BooksPath).DisksAt(time.GetUtcNow()).Select(disk => disk.Name);
    }
}
