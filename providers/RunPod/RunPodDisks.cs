using System.Runtime.CompilerServices;
using Mooring.Providers.Disks;

namespace Mooring.Providers.RunPod;

/// <summary>
/// Network volumes as disks. A volume has no state: it is there or it is not. Names repeat freely at RunPod and a
/// repeated POST makes a second volume, so each change follows a look, and of several under one name one is kept: the
/// one that a pod mounts, else the one of the smallest id, as a volume has no time of creation to go by.
/// </summary>
internal sealed class RunPodDisks(
    RunPodApi api, DiskOffers offers, RunPodOptions options, InstallationNames names, Recent recent)
    : IDiskProvider, IForeignDisks
{
    private readonly Lanes _lanes = new();

    public TimeSpan SettlingTime => options.SettlingTime;

    // Volumes are asked for, mounted and billed by their id alone, whoever's they are.
    public Uri? IdScope => options.BaseAddress;

    public async Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) =>
        offers.Of(await api.ListDataCentersAsync(ct));

    public Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        names.Require(spec.Name);
        return _lanes.EnterAsync(spec.Name, () => CreateAsync(spec, ct), ct);
    }

    public async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        names.Require(disk.Name);
        var seen = await FindAsync(disk, ct);
        if (seen.All is not [var first, ..] || first.Id != disk.RemoteId)
        {
            return Of(seen);
        }

        var own = Of(seen with { All = [first] }) with { IsDoubled = seen.Count > 1 };
        return first.Name == disk.Name ? own : own with { Words = $"It bears another name at RunPod, '{first.Name}'." };
    }

    public Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        names.Require(disk.Name);
        return _lanes.EnterAsync(disk.Name, () => DeleteAsync(disk, ct), ct);
    }

    public IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) =>
        ListAllAsync(ct).Where(disk => names.Has(disk.Name));

    public async IAsyncEnumerable<RemoteDisk> ListAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // All of it first: whoever sees the first disk may rely on there being no failure after it.
        var listed = await api.ListVolumesAsync(ct);
        List<NetworkVolume> unlisted = [];
        foreach (var id in recent.Missing(listed.Select(volume => volume.Id)))
        {
            unlisted.AddRange(await api.FindVolumeAsync(id, ct) is { } volume ? [volume] : []);
        }

        foreach (var volume in listed.Concat(unlisted))
        {
            yield return new RemoteDisk(
                volume.Name,
                volume.Id,
                ByteSize.FromGiB(volume.Size),
                unlisted.Contains(volume) ? RemoteDiskState.Creating : RemoteDiskState.Ready,
                volume.Type,
                volume.DataCenter);
        }
    }

    /// <summary>The volumes that the disk may be (<see cref="DiskRef.Among"/>), by id.</summary>
    /// <param name="disk">The disk; its id, if it has one, is asked for as well if the list has not got it.</param>
    /// <param name="ct">Ends the call.</param>
    internal async Task<Found<NetworkVolume>> FindAsync(DiskRef disk, CancellationToken ct)
    {
        var all = await api.ListVolumesAsync(ct);
        recent.Missing(all.Select(volume => volume.Id));
        var listed = Among(disk, all);
        if (listed is [var first, ..] && disk.MayHave(first.Id))
        {
            return new Found<NetworkVolume>(listed, IsListed: true);
        }

        List<NetworkVolume> unlisted = [];
        foreach (var id in recent.IdsOf(disk.Name, disk.RemoteId).Except(all.Select(volume => volume.Id)))
        {
            unlisted.AddRange(await api.FindVolumeAsync(id, ct) is { } volume ? [volume] : []);
        }

        var found = Among(disk, all.Concat(unlisted));
        return new Found<NetworkVolume>(
            found,
            IsListed: found.Count > 0 && !found.Any(unlisted.Contains),
            recent.IdOf(disk.Name));
    }

    private static IReadOnlyList<NetworkVolume> Among(DiskRef disk, IEnumerable<NetworkVolume> volumes) => disk.Among(
        volumes.OrderBy(volume => volume.Id, StringComparer.Ordinal), volume => volume.Name, volume => volume.Id);

    private async Task<DiskObservation> CreateAsync(DiskSpec spec, CancellationToken ct)
    {
        var seen = await FindAsync(spec.Ref, ct);
        if (seen is { Count: 0, HiddenId: null })
        {
            var made = await api.CreateVolumeAsync(OrderOf(spec), ct);
            recent.Add(spec.Name, made.Id);
            // What was told may not be all that was made.
            var known = spec.Ref with { RemoteId = made.Id };
            return await AfterChange.ReadAsync(() => FindAsync(known, ct)) is { Count: > 0 } now
                ? Of(now)
                : new DiskObservation(RemoteDiskState.Creating, made.Id, "It was made, and is looked at again.");
        }

        return seen.Count <= 1 ? Of(seen) : await ThinOutAsync(seen.All, ct);
    }

    private async Task<DiskObservation> ThinOutAsync(IReadOnlyList<NetworkVolume> seen, CancellationToken ct)
    {
        var pods = await api.ListPodsAsync(ct);
        // Not by the id that the caller knows: two that know different ones would delete both.
        var byWorth = seen.OrderBy(volume => UsersOf(volume.Id, pods).Count == 0)
            .ThenBy(volume => volume.Id, StringComparer.Ordinal).ToList();
        if (UsersOf(byWorth[^1].Id, pods) is [var user, ..])
        {
            return new DiskObservation(
                RemoteDiskState.Creating,
                byWorth[0].Id,
                $"RunPod has {seen.Count} volumes of this name, and pods mount them all, {user} the last.");
        }

        await api.DeleteVolumeAsync(byWorth[^1].Id, ct);
        return Several(seen.Count, byWorth[0].Id);
    }

    private async Task<DiskObservation> DeleteAsync(DiskRef disk, CancellationToken ct)
    {
        var seen = await FindAsync(disk, ct);
        var own = seen.All.Where(volume => disk.MayHave(volume.Id)).ToList();
        if (own.Count == 0)
        {
            return Left(seen, disk);
        }

        // RunPod is said to refuse as well, but nothing that its present API declares promises that.
        var pods = await api.ListPodsAsync(ct);
        if (own.Find(volume => UsersOf(volume.Id, pods).Count == 0) is not { } free)
        {
            throw new RefusedException(
                $"RunPod's volume {own[0].Id} is in use by {string.Join(", ", UsersOf(own[0].Id, pods))}.");
        }

        await api.DeleteVolumeAsync(free.Id, ct);
        recent.Forget(free.Id);
        return Left(await AfterChange.ReadAsync(() => FindLeftAsync(disk, free.Id, ct)) ?? seen, disk);
    }

    // A list may show neither what is still there of the one that was deleted, nor the one that the disk's id means.
    private async Task<Found<NetworkVolume>> FindLeftAsync(DiskRef disk, string deletedId, CancellationToken ct)
    {
        var left = await FindAsync(disk with { RemoteId = deletedId }, ct);
        return left.Count > 0 || disk.RemoteId is null || disk.RemoteId == deletedId ? left : await FindAsync(disk, ct);
    }

    // Every pod counts that names it, a stopped one too.
    private static IReadOnlyList<string> UsersOf(string volumeId, IReadOnlyList<Pod> pods) =>
    [
        .. from pod in pods
           where pod.Mounts?.Network?.Any(mount => mount?.VolumeId == volumeId) == true
           select pod.Name,
    ];

    private static DiskObservation Of(Found<NetworkVolume> seen) => seen.All switch
    {
        [] => seen.HiddenId is { } hidden
            ? new DiskObservation(RemoteDiskState.Creating, hidden, "RunPod has made it and does not show it yet.")
            : DiskObservation.Absent,
        [var one] => seen.IsListed
            ? new DiskObservation(RemoteDiskState.Ready, one.Id)
            : new DiskObservation(RemoteDiskState.Creating, one.Id, "RunPod has it and does not list it yet."),
        var all => Several(all.Count, all[0].Id),
    };

    // What bears the name under another id is as it is, and not on its way.
    private static DiskObservation Left(Found<NetworkVolume> seen, DiskRef disk) =>
        seen is { Count: > 0 } && !disk.MayHave(seen.All[0].Id) ? Of(seen)
        : (seen.Count > 0 ? seen.All[0].Id : seen.HiddenId) is { } id
            ? new DiskObservation(RemoteDiskState.Deleting, id, "RunPod is deleting it, or will be asked to.")
            : DiskObservation.Absent;

    private static DiskObservation Several(int count, string id) => new(
        RemoteDiskState.Creating, id, $"RunPod has {count} volumes of this name; all but one are being removed.");

    private NewNetworkVolume OrderOf(DiskSpec spec)
    {
        if (!spec.IsMultinode)
        {
            throw new RefusedException(
                "RunPod's volumes are shared: one that only one pod at a time may hold can't be had.");
        }

        if (spec.Size <= ByteSize.Zero || ByteSize.FromGiB(spec.Size.WholeGiB) != spec.Size
            || spec.Size.WholeGiB is < DiskOffers.MinSizeGb or > DiskOffers.MaxSizeGb)
        {
            throw new RefusedException(
                $"RunPod makes no volume of {spec.Size}: from {DiskOffers.MinSizeGb} to {DiskOffers.MaxSizeGb} GB, "
                + "whole ones.");
        }

        if (spec.CloudId is not { } tier || !offers.IsOffered(tier))
        {
            throw new RefusedException("RunPod's volumes are of the tier STANDARD or HIGH_PERFORMANCE.");
        }

        if (spec.DataCenter is not { } dataCenter || !DataCenters.IsId(dataCenter))
        {
            throw new RefusedException("RunPod's data centers are named in capitals, as in US-KS-2; this is none.");
        }

        return new NewNetworkVolume(spec.Name, (int)spec.Size.WholeGiB, dataCenter, tier);
    }
}
