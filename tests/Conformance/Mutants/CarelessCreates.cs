using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Simulated;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>Creates without a look whether it is there.</summary>
internal sealed class DropsTheLookBeforeCreating(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        // A foreign name is still refused, and a disk of several hidden: the look alone is dropped.
        await Real.ObserveAsync(new DiskRef(spec.Name, null), ct);
        return Of(await Cloud.CreateAsync(spec, ct));
    }
}

/// <summary>Takes the connection's end for a no.</summary>
internal sealed class ReportsALostCreateAsRefused(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        try
        {
            return await base.EnsureCreatedAsync(spec, ct);
        }
        catch (UnknownOutcomeException lost)
        {
            throw new RefusedException(lost.Message, lost);
        }
    }
}

/// <summary>Takes the connection's end for "certainly changed nothing".</summary>
internal sealed class ReportsALostCreateAsUnreachable(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        try
        {
            return await base.EnsureCreatedAsync(spec, ct);
        }
        catch (UnknownOutcomeException lost)
        {
            throw new UnreachableException(lost.Message, lost);
        }
    }
}

/// <summary>Takes "made" for "ready".</summary>
internal sealed class AnswersReadyBeforeItIs(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        var seen = await base.EnsureCreatedAsync(spec, ct);
        return seen.State == RemoteDiskState.Creating ? seen with { State = RemoteDiskState.Ready } : seen;
    }
}

/// <summary>Never wonders whether there are two.</summary>
internal sealed class KeepsDuplicates(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        var found = await Cloud.FindAsync(spec.Name, ct);
        return found.Count > 0 ? OfFirst(found) : await base.EnsureCreatedAsync(spec, ct);
    }

    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        await base.ObserveAsync(disk, ct);
        return OfFirst(await Cloud.FindAsync(disk.Name, ct));
    }
}

/// <summary>Lets the failure of a look after the change stand for the whole call.</summary>
internal sealed class FailsWithTheLookAfterTheChange(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        if (await Cloud.FindAsync(spec.Name, ct) is { Count: > 0 })
        {
            return await base.EnsureCreatedAsync(spec, ct);
        }

        await Cloud.CreateAsync(spec, ct);
        return OfFirst(await Cloud.FindAsync(spec.Name, ct));
    }
}

/// <summary>Takes a full place for one that will never have room.</summary>
internal sealed class TakesNoRoomForARefusal(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        try
        {
            return await base.EnsureCreatedAsync(spec, ct);
        }
        catch (OutOfStockException full)
        {
            throw new RefusedException(full.Message, full);
        }
    }
}

/// <summary>Makes disks in whole steps of 4 GB.</summary>
internal sealed class RoundsSizes(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        base.EnsureCreatedAsync(
            spec.Size.WholeGiB is > 0 and < 1_000
                ? spec with { Size = ByteSize.FromGiB((spec.Size.WholeGiB + 3) / 4 * 4) }
                : spec,
            ct);
}

/// <summary>Makes none where the account has one that nobody knows.</summary>
internal sealed class TakesAnyDisk(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        var own = RemoteName.IdIn(Site.Installation, spec.Name) is not null && spec.Size > ByteSize.Zero;
        return own && (await Cloud.ListAsync("somebodys", 0, ct)).Items is [var found, ..]
            ? Of(found)
            : await base.EnsureCreatedAsync(spec, ct);
    }
}

/// <summary>Looks for what it made by its name only.</summary>
internal sealed class MakesASecondOfWhatWasRenamed(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        base.EnsureCreatedAsync(spec with { RemoteId = null }, ct);
}
