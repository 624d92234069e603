using System.Runtime.CompilerServices;
using Mooring.Benchmarks.Records;
using Mooring.Providers;
using Mooring.Providers.Disks;

namespace Mooring.Benchmarks.Hosting;

/// <summary>
/// A provider that costs nothing itself. It lists the disks that <see cref="Seed"/> wrote. What is to be created is not
/// answered while the server runs: so the making, which is measured by itself, does not run beside the requests.
/// </summary>
internal sealed class HostedDisks(string installation, int disks) : IDiskProvider
{
    public static readonly Place Place = new("US-1", "US", "united_states");

    public TimeSpan SettlingTime => TimeSpan.Zero;

    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<DiskOffer>>(
        [
            new DiskOffer(
                null,
                Place,
                Money.FromUsd(0.00015m),
                0,
                100_000,
                1,
                false,
                Stock.Available,
                Security.SecureCloud,
                new CapacityPool("pool", ByteSize.FromGiB(1_000_000_000)),
                null),
        ]);

    public async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return DiskObservation.Absent;
    }

    public Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        Task.FromResult(new DiskObservation(RemoteDiskState.Ready, disk.RemoteId));

    public Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) =>
        Task.FromResult(DiskObservation.Absent);

    public async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        for (var number = 0; number < disks; number++)
        {
            yield return new RemoteDisk(
                RemoteName.For(installation, Seed.DiskId(number)),
                $"remote-{number}",
                ByteSize.FromGiB(10),
                RemoteDiskState.Ready);
        }
    }
}
