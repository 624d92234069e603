using System.Runtime.CompilerServices;
using Mooring.Providers.Disks;

namespace Mooring.Providers.Simulated;

/// <summary>
/// Disks at a simulated place. The care that the place lacks is here: a look before each change, exact names, and of
/// several disks under one name all but the oldest are removed, one a call, before it counts as made.
/// </summary>
internal sealed class SimulatedDisks(DiskCalls place, Simulation simulation, string installation)
    : IDiskProvider, IForeignDisks
{
    private readonly Lanes _lanes = new();
    private readonly InstallationNames _names = new(installation);

    public TimeSpan SettlingTime => simulation.SettlingTime;

    // Every simulated account counts from 1.
    public Uri? IdScope => null;

    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => place.ListOffersAsync(ct);

    public Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _names.Require(spec.Name);
        return _lanes.EnterAsync(spec.Name, () => CreateAsync(spec, ct), ct);
    }

    public async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        _names.Require(disk.Name);
        var seen = await place.FindAsync(disk, ct);
        if (seen is not [var first, ..] || first.Id != disk.RemoteId)
        {
            return Of(seen);
        }

        var own = Of([first]) with { IsDoubled = seen.Count > 1 };
        return first.Name == disk.Name
            ? own
            : own with { Words = $"It bears another name at the simulated provider, '{first.Name}'." };
    }

    public Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        _names.Require(disk.Name);
        return _lanes.EnterAsync(disk.Name, () => DeleteAsync(disk, ct), ct);
    }

    public IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) =>
        ListAsync(RemoteName.Prefix(installation), ct);

    public IAsyncEnumerable<RemoteDisk> ListAllAsync(CancellationToken ct) => ListAsync("", ct);

    private async IAsyncEnumerable<RemoteDisk> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        // To its end first: whoever sees the first disk may rely on there being no failure after it.
        List<SeenDisk> all = [];
        for (long? after = 0; after is { } number;)
        {
            var page = await place.ListAsync(prefix, number, ct);
            all.AddRange(page.Items);
            after = page.Next;
        }

        foreach (var disk in all)
        {
            yield return new RemoteDisk(disk.Name, disk.Id, disk.Size, disk.State, Holders: disk.Holders);
        }
    }

    private async Task<DiskObservation> CreateAsync(DiskSpec spec, CancellationToken ct)
    {
        var seen = await place.FindAsync(spec.Ref, ct);
        if (seen.Count == 0)
        {
            var made = await place.CreateAsync(spec, ct);
            // What was told may not be all that was made.
            return await AfterChange.ReadAsync(() => place.FindAsync(spec.Ref, ct)) is { Count: > 0 } now
                ? Of(now)
                : new DiskObservation(RemoteDiskState.Creating, made.Id, "It was made, and is looked at again.");
        }

        if (Surplus(seen) is { } extra)
        {
            await place.DeleteAsync(extra.Id, extra.Name, ct);
        }

        return Of(seen);
    }

    private async Task<DiskObservation> DeleteAsync(DiskRef disk, CancellationToken ct)
    {
        var seen = await place.FindAsync(disk, ct);
        if (seen.FirstOrDefault(one => disk.MayHave(one.Id) && one.State != RemoteDiskState.Deleting) is not { } next)
        {
            return Left(seen, disk);
        }

        await place.DeleteAsync(next.Id, next.Name, ct);
        return Left(await AfterChange.ReadAsync(() => place.FindAsync(disk, ct)) ?? seen, disk);
    }

    // Not one that is going already; and of those that stay, the oldest is the one that was asked for first.
    private static SeenDisk? Surplus(IReadOnlyList<SeenDisk> seen)
    {
        // Not by the id that the caller knows: two that know different ones would delete both.
        var staying = seen.Where(disk => disk.State != RemoteDiskState.Deleting)
            .OrderBy(disk => Entries.NumberIn(disk.Id)).ToList();
        return staying.Count > 1 ? staying[^1] : null;
    }

    private static DiskObservation Of(IReadOnlyList<SeenDisk> seen) => seen switch
    {
        [] => DiskObservation.Absent,
        [var one] => new DiskObservation(one.State, one.Id, one.Words),
        [var first, ..] => new DiskObservation(
            RemoteDiskState.Creating,
            first.Id,
            $"The simulated provider has {seen.Count} disks of this name; all but one are being removed."),
    };

    // What bears the name under another id is as it is, and not on its way.
    private static DiskObservation Left(IReadOnlyList<SeenDisk> seen, DiskRef disk) =>
        seen is [var first, ..] && disk.MayHave(first.Id)
            ? new DiskObservation(RemoteDiskState.Deleting, first.Id, "The simulated provider is deleting it.")
            : Of(seen);
}
