using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Mooring.Providers.Disks;

namespace Mooring.Providers.Hyperstack;

/// <summary>
/// Disks are volumes. Names collide at the cloud, but how far is not documented (one organisation, or one environment);
/// so several of one name are borne with: the first made is kept, the others go, one a call.
/// </summary>
internal sealed class HyperstackDisks(
    Volumes volumes,
    Environments environments,
    HyperstackOffers offers,
    HyperstackOptions options,
    InstallationNames names,
    ILogger log)
    : IDiskProvider, IForeignDisks
{
    /// <summary>The newer of two documented limits (vendor docs, "Create volume").</summary>
    public const int SizeGiBMax = 102_400;

    private readonly Lanes _lanes = new();

    public TimeSpan SettlingTime => options.SettlingTime;

    // Numbers without an organisation in any path: one row of numbers for all (assumed).
    public Uri? IdScope => options.BaseAddress;

    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => offers.ListDisksAsync(ct);

    public Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(spec);
        names.Require(spec.Name);
        Check(spec);
        return _lanes.EnterAsync(spec.Name, () => CreateAsync(spec, ct), ct);
    }

    public async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(disk);
        names.Require(disk.Name);
        var seen = await volumes.FindCertainlyAsync(disk, ct);
        if (seen is not [var first, ..] || Told.IdOf(first.Id) != disk.RemoteId)
        {
            return Of(seen);
        }

        var own = Of([first]) with { IsDoubled = seen.Count > 1 };
        return first.Name == disk.Name
            ? own
            : own with { Words = $"{own.Words} It bears another name at Hyperstack, '{first.Name}'.".TrimStart() };
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
        foreach (var volume in await volumes.ListAsync(ct))
        {
            yield return new RemoteDisk(
                volume.Name ?? "",
                Told.IdOf(volume.Id),
                ByteSize.FromGiB(Math.Clamp(volume.Size, 0, int.MaxValue)),
                StateInList(volume),
                volume.VolumeType,
                volume.Environment?.Region,
                [.. Volumes.Holds(volume).Select(hold => hold.InstanceId).OfType<long>().Select(Told.IdOf)]);
        }
    }

    // One of an unknown status must not hide the others: it is there, and something is going on with it.
    private RemoteDiskState StateInList(WireVolume volume)
    {
        if (Volumes.PhaseOf(volume) != VolumePhase.Unknown)
        {
            return StateOf(volume);
        }

        HyperstackLog.UnknownStatus(log, "volume", volume.Name ?? Told.IdOf(volume.Id), volume.Status);
        return RemoteDiskState.Changing;
    }

    private async Task<DiskObservation> CreateAsync(DiskSpec spec, CancellationToken ct)
    {
        var seen = spec.RemoteId is null
            ? await volumes.FindAsync(spec.Ref, ct)
            : await volumes.FindCertainlyAsync(spec.Ref, ct);
        if (seen.Count > 1)
        {
            // Not by the id that the caller knows: two that know different ones would delete both.
            seen = [.. seen.OrderBy(volume => volume.Id)];
            await DeleteSurplusAsync(seen, ct);
            return Of(seen);
        }

        return seen.Count == 1 ? Adopt(seen[0], spec) : await MakeAsync(spec, ct);
    }

    private async Task<DiskObservation> MakeAsync(DiskSpec spec, CancellationToken ct)
    {
        var region = spec.DataCenter!;
        if (!await environments.EnsureEnvironmentAsync(region, ct))
        {
            return new DiskObservation(
                RemoteDiskState.Creating, Words: $"Mooring's environment in {region} was made; the volume is next.");
        }

        var volume = new NewVolume(
            spec.Name, Regions.EnvironmentOf(region), spec.Size.WholeGiB, spec.CloudId!, "A disk of Mooring's.");
        var made = await volumes.CreateAsync(volume, ct);
        if (made.Verdict == Verdict.Missing)
        {
            throw await environments.MissingAsync(region, made.Words, ct);
        }

        if (made.Verdict == Verdict.Taken)
        {
            return await volumes.FindCertainlyAsync(spec.Ref, ct) switch
            {
                [] => throw new UnreachableException($"The name is taken, by what is not shown yet. {made.Words}"),
                [var one] => Adopt(one, spec),
                var several => Of(several),
            };
        }

        return await AfterChange.ReadAsync(() => volumes.FindAsync(spec.Ref, ct)) switch
        {
            [var one] => Adopt(one, spec),
            { Count: > 1 } several => Of(several),
            _ => new DiskObservation(
                RemoteDiskState.Creating,
                made.Body?.Volume is { } told ? Told.IdOf(told.Id) : null,
                "It was made, and is looked at again."),
        };
    }

    private async Task<DiskObservation> DeleteAsync(DiskRef disk, CancellationToken ct)
    {
        var seen = await volumes.FindCertainlyAsync(disk, ct);
        // Of several, the one that was asked for first goes last.
        if (seen.LastOrDefault(one =>
            disk.MayHave(Told.IdOf(one.Id)) && Volumes.PhaseOf(one) != VolumePhase.Deleting) is not { } next)
        {
            return Left(seen, disk);
        }

        if (Volumes.PhaseOf(next) is VolumePhase.Held or VolumePhase.Detaching)
        {
            throw new RefusedException($"{WordsOf(next)} A volume that is in use is not deleted.");
        }

        await volumes.DeleteAsync(next.Id, ct);
        return Left(await AfterChange.ReadAsync(() => volumes.FindCertainlyAsync(disk, ct)) ?? seen, disk);
    }

    private async Task DeleteSurplusAsync(IReadOnlyList<WireVolume> seen, CancellationToken ct)
    {
        var surplus = seen.Skip(1).LastOrDefault(
            volume => Volumes.PhaseOf(volume) is VolumePhase.Free or VolumePhase.Making or VolumePhase.Failed);
        if (surplus is not null)
        {
            await volumes.DeleteAsync(surplus.Id, ct);
        }
    }

    // A volume of our name that is something else was not made for this disk. It is left as it is, and told.
    private static DiskObservation Adopt(WireVolume volume, DiskSpec spec)
    {
        var environment = Regions.EnvironmentOf(spec.DataCenter!);
        return volume.Size == spec.Size.WholeGiB
            && string.Equals(volume.VolumeType, spec.CloudId, StringComparison.OrdinalIgnoreCase)
            && (volume.Environment?.Name is null || volume.Environment.Name == environment)
            ? Of([volume])
            : new DiskObservation(
                RemoteDiskState.Failed,
                Told.IdOf(volume.Id),
                $"Hyperstack has a volume of this name of {volume.Size} GB, {volume.VolumeType}, in "
                + $"{volume.Environment?.Name}; asked for were {spec.Size.WholeGiB} GB, {spec.CloudId}, "
                + $"in {environment}.");
    }

    private static DiskObservation Of(IReadOnlyList<WireVolume> seen) => seen switch
    {
        [] => DiskObservation.Absent,
        [var one] => new DiskObservation(StateOf(one), Told.IdOf(one.Id), WordsOf(one)),
        [var first, ..] => new DiskObservation(
            RemoteDiskState.Creating,
            Told.IdOf(first.Id),
            $"Hyperstack has {seen.Count} volumes of this name; all but the first are being removed."),
    };

    // What bears the name under another id is as it is, and not on its way.
    private static DiskObservation Left(IReadOnlyList<WireVolume> seen, DiskRef disk) =>
        seen is [var first, ..] && disk.MayHave(Told.IdOf(first.Id))
            ? new DiskObservation(
                RemoteDiskState.Deleting, Told.IdOf(first.Id), "Hyperstack is deleting the volume.")
            : Of(seen);

    // Held is Changing, and not Ready: whoever asks is about to give the disk to somebody else, and it is not free
    // until the cloud says so.
    private static RemoteDiskState StateOf(WireVolume volume) => Volumes.PhaseOf(volume) switch
    {
        VolumePhase.Making => RemoteDiskState.Creating,
        VolumePhase.Free => RemoteDiskState.Ready,
        VolumePhase.Held or VolumePhase.Detaching => RemoteDiskState.Changing,
        VolumePhase.Deleting => RemoteDiskState.Deleting,
        VolumePhase.Failed => RemoteDiskState.Failed,
        _ => throw new UnreachableException($"Hyperstack's status '{volume.Status}' of the volume is not known."),
    };

    private static string? WordsOf(WireVolume volume) => Volumes.PhaseOf(volume) switch
    {
        VolumePhase.Free => null,
        VolumePhase.Held => $"Hyperstack's volume is {volume.Status}, held by virtual machine {HolderOf(volume)}.",
        VolumePhase.Detaching =>
            $"Hyperstack's volume is {volume.Status}, and on its way from virtual machine {HolderOf(volume)}.",
        _ => $"Hyperstack's volume is {volume.Status}.",
    };

    private static string HolderOf(WireVolume volume) =>
        Volumes.Holds(volume).FirstOrDefault()?.InstanceId is { } id ? Told.IdOf(id) : "of an unknown id";

    private static void Check(DiskSpec spec)
    {
        if (!Told.IsPlain(spec.CloudId))
        {
            throw new RefusedException("Hyperstack has no such volume type.");
        }

        if (!Regions.IsName(spec.DataCenter))
        {
            throw new RefusedException("Hyperstack has no such region.");
        }

        if (spec.IsMultinode)
        {
            throw new RefusedException("A Hyperstack volume is held by one virtual machine at a time.");
        }

        if (spec.Size < ByteSize.FromGiB(1) || spec.Size > ByteSize.FromGiB(SizeGiBMax)
            || ByteSize.FromGiB(spec.Size.WholeGiB) != spec.Size)
        {
            throw new RefusedException($"A Hyperstack volume has 1 to {SizeGiBMax} whole GB.");
        }
    }
}
