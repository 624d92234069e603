using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.RunPod;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>An adapter to RunPod with one fault: the real one, save for a verb or two.</summary>
internal abstract class RunPodMutant(IDiskProvider real, RunPodApi api) : IDiskProvider
{
    public TimeSpan SettlingTime => Real.SettlingTime;

    protected IDiskProvider Real { get; } = real;

    protected RunPodApi Api { get; } = api;

    public Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct) => Real.ListOffersAsync(ct);

    public virtual Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        Real.EnsureCreatedAsync(spec, ct);

    public virtual Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        Real.ObserveAsync(disk, ct);

    public virtual Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) =>
        Real.EnsureDeletedAsync(disk, ct);

    public virtual IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) => Real.ListAsync(ct);

    protected Task<NetworkVolume> PostAsync(DiskSpec spec, CancellationToken ct) => Api.CreateVolumeAsync(
        new NewNetworkVolume(spec.Name, (int)spec.Size.WholeGiB, spec.DataCenter ?? "", spec.CloudId ?? ""), ct);

    protected static DiskObservation Ready(NetworkVolume volume) => new(RemoteDiskState.Ready, volume.Id);
}

/// <summary>Creates without a look whether it is there.</summary>
internal sealed class PostsWithoutALook(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        // A foreign name is still refused, and a disk of several hidden: the look alone is dropped.
        await Real.ObserveAsync(new DiskRef(spec.Name, null), ct);
        return Ready(await PostAsync(spec, ct));
    }
}

/// <summary>Sends a POST again when its answer is lost, as a pipeline with retries does.</summary>
internal sealed class PostsAgain(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        try
        {
            return await base.EnsureCreatedAsync(spec, ct);
        }
        catch (UnknownOutcomeException)
        {
            return Ready(await PostAsync(spec, ct));
        }
    }
}

/// <summary>Takes a volume for the one that is asked for if its name has it in it.</summary>
internal sealed class MatchesPartsOfNames(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        await base.ObserveAsync(disk, ct);
        var all = await Api.ListVolumesAsync(ct);
        return all.FirstOrDefault(volume => volume.Name.Contains(disk.Name)) is { } found
            ? Ready(found)
            : DiskObservation.Absent;
    }
}

/// <summary>Knows a volume by its name only.</summary>
internal sealed class TakesARenamedDiskForGone(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        base.ObserveAsync(disk with { RemoteId = null }, ct);
}

/// <summary>Never wonders whether there are two.</summary>
internal sealed class KeepsBoth(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        var seen = (await Api.ListVolumesAsync(ct)).FirstOrDefault(volume => volume.Name == spec.Name);
        return seen is null ? await base.EnsureCreatedAsync(spec, ct) : Ready(seen);
    }
}

/// <summary>Leaves it to RunPod to refuse the delete of a volume in use.</summary>
internal sealed class DeletesWhatIsMounted(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        if ((await Api.ListVolumesAsync(ct)).FirstOrDefault(volume => volume.Name == disk.Name) is { } found)
        {
            await Api.DeleteVolumeAsync(found.Id, ct);
        }

        return await base.EnsureDeletedAsync(disk, ct);
    }
}

/// <summary>Takes a 404 on the way for an empty list.</summary>
internal sealed class TakesAFailureForAnEmptyList(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        try
        {
            return await base.ObserveAsync(disk, ct);
        }
        catch (UnreachableException)
        {
            return DiskObservation.Absent;
        }
    }
}

/// <summary>Hands a data center on as it was written.</summary>
internal sealed class TakesLowerCase(IDiskProvider real, RunPodApi api) : RunPodMutant(real, api)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        var seen = await Real.ObserveAsync(new DiskRef(spec.Name, null), ct);
        return seen.State == RemoteDiskState.Absent ? Ready(await PostAsync(spec, ct)) : seen;
    }
}
