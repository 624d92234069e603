using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Simulated;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>Deletes whatever has a name that begins so.</summary>
internal sealed class DeletesByPrefix(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        if (RemoteName.IdIn(Site.Installation, disk.Name) is not null)
        {
            foreach (var one in (await Cloud.ListAsync(disk.Name, 0, ct)).Items)
            {
                await Cloud.DeleteAsync(one.Id, one.Name, ct);
            }
        }

        return await base.EnsureDeletedAsync(disk, ct);
    }
}

/// <summary>Deletes what has the remote id, whatever its name is.</summary>
internal sealed class DeletesByRemoteIdAlone(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        if (disk.RemoteId is { } id && RemoteName.IdIn(Site.Installation, disk.Name) is not null)
        {
            await Cloud.DeleteAsync(id, disk.Name, ct);
        }

        return await base.EnsureDeletedAsync(disk, ct);
    }
}

/// <summary>Deletes what bears the name, and takes what was renamed for gone.</summary>
internal sealed class LeavesARenamedDisk(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) =>
        base.EnsureDeletedAsync(disk with { RemoteId = null }, ct);
}

/// <summary>Deletes what bears the name, whatever its id is.</summary>
internal sealed class DeletesWhateverBearsTheName(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        var seen = await base.EnsureDeletedAsync(disk, ct);
        return seen.IsLeft ? await base.EnsureDeletedAsync(disk with { RemoteId = seen.RemoteId }, ct) : seen;
    }
}

/// <summary>Deletes one of several that bear the name, and calls it done.</summary>
internal sealed class DeletesOneOfSeveral(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        var before = await base.ObserveAsync(disk, ct);
        var after = await base.EnsureDeletedAsync(disk, ct);
        return before.State != RemoteDiskState.Absent && after.State == RemoteDiskState.Deleting
            && (await Cloud.FindAsync(disk.Name, ct)).Any(one => one.State != RemoteDiskState.Deleting)
                ? DiskObservation.Absent
                : after;
    }
}

/// <summary>Takes an accepted delete for a done one.</summary>
internal sealed class AnswersAbsentBeforeItIs(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        await base.EnsureDeletedAsync(disk, ct);
        return DiskObservation.Absent;
    }
}

/// <summary>Ends a cancelled call as if it had been answered.</summary>
internal sealed class SwallowsCancellation(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        SwallowAsync(base.EnsureCreatedAsync(spec, ct));

    public override Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        SwallowAsync(base.ObserveAsync(disk, ct));

    public override Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct) =>
        SwallowAsync(base.EnsureDeletedAsync(disk, ct));

    private static async Task<DiskObservation> SwallowAsync(Task<DiskObservation> call)
    {
        try
        {
            return await call;
        }
        catch (OperationCanceledException)
        {
            return DiskObservation.Absent;
        }
    }
}

/// <summary>Does not say when the place wants to be asked again.</summary>
internal sealed class DropsRetryAfter(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        try
        {
            return await base.EnsureCreatedAsync(spec, ct);
        }
        catch (ThrottledException throttled)
        {
            throw new ThrottledException(throttled.Message, retryAfter: null, throttled);
        }
    }
}

/// <summary>Asks again at once where the place wants to be left alone.</summary>
internal sealed class RepeatsAThrottledCallAtOnce(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        try
        {
            return await base.ObserveAsync(disk, ct);
        }
        catch (ThrottledException)
        {
            return await base.ObserveAsync(disk, ct);
        }
    }
}

/// <summary>Lets through what is no typed error.</summary>
internal sealed class ThrowsUntypedErrors(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        try
        {
            return await base.EnsureDeletedAsync(disk, ct);
        }
        catch (RefusedException refused)
        {
            throw new InvalidOperationException(refused.Message, refused);
        }
    }
}
