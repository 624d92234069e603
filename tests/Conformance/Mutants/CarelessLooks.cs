using System.Runtime.CompilerServices;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.Simulated;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>Takes a page without a disk for the end of the list.</summary>
internal sealed class BelievesOneEmptyPage(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (long? after = 0; after is { } number;)
        {
            var page = await Cloud.ListAsync(OwnPrefix, number, ct);
            foreach (var disk in page.Items)
            {
                yield return Remote(disk);
            }

            after = page.Items.Count == 0 ? null : page.Next;
        }
    }
}

/// <summary>Knows no second page.</summary>
internal sealed class ReadsTheFirstPageOnly(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var disk in (await Cloud.ListAsync(OwnPrefix, 0, ct)).Items)
        {
            yield return Remote(disk);
        }
    }
}

/// <summary>Looks for a disk in a list, and knows no second page of that.</summary>
internal sealed class LooksOnTheFirstPageOnly(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        var page = await Cloud.ListAsync(OwnPrefix, 0, ct);
        return RemoteName.IdIn(Site.Installation, disk.Name) is null
            ? await base.ObserveAsync(disk, ct)
            : OfFirst([.. page.Items.Where(one => one.Name == disk.Name)]);
    }
}

/// <summary>Ends a list that breaks off, as if it were complete.</summary>
internal sealed class EndsAListThatBreaksOff(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (long? after = 0; after is { } number;)
        {
            IReadOnlyList<SeenDisk> items;
            try
            {
                (items, after) = await Cloud.ListAsync(OwnPrefix, number, ct);
            }
            catch (UnreachableException) when (number > 0)
            {
                yield break;
            }

            foreach (var disk in items)
            {
                yield return Remote(disk);
            }
        }
    }
}

/// <summary>Lists what any installation has.</summary>
internal sealed class ListsOtherInstallations(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async IAsyncEnumerable<RemoteDisk> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (long? after = 0; after is { } number;)
        {
            var page = await Cloud.ListAsync("mrg-", number, ct);
            foreach (var disk in page.Items)
            {
                yield return Remote(disk);
            }

            after = page.Next;
        }
    }
}

/// <summary>Takes a name that begins so for the name.</summary>
internal sealed class MatchesNamesByPrefix(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        await FindAsync(spec.Name, ct) is { Count: > 0 } found
            ? OfFirst(found)
            : await base.EnsureCreatedAsync(spec, ct);

    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        var exact = await base.ObserveAsync(disk, ct);
        return exact.State == RemoteDiskState.Absent ? OfFirst(await FindAsync(disk.Name, ct)) : exact;
    }

    private async Task<IReadOnlyList<SeenDisk>> FindAsync(string name, CancellationToken ct) =>
        RemoteName.IdIn(Site.Installation, name) is null ? [] : (await Cloud.ListAsync(name, 0, ct)).Items;
}

/// <summary>Takes a look that failed for one that found nothing.</summary>
internal sealed class ReportsAFailedLookAsAbsent(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        try
        {
            return await base.ObserveAsync(disk, ct);
        }
        catch (ProviderException failure) when (failure is UnreachableException or UnauthorizedException)
        {
            return DiskObservation.Absent;
        }
    }
}

/// <summary>Says nothing of the place's id.</summary>
internal sealed class ForgetsTheRemoteId(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        await base.ObserveAsync(disk, ct) with { RemoteId = null };
}

/// <summary>Knows a disk by its name only.</summary>
internal sealed class TakesARenamedDiskForGone(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        base.ObserveAsync(disk with { RemoteId = null }, ct);
}

/// <summary>Of several that bear the name, takes the first for the disk.</summary>
internal sealed class TakesTheFirstOfSeveral(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct) =>
        await base.ObserveAsync(disk, ct) is { State: not RemoteDiskState.Absent } seen
        && await Cloud.FindAsync(disk.Name, ct) is [var first, _, ..]
            ? seen with { RemoteId = first.Id }
            : await base.ObserveAsync(disk, ct);
}

/// <summary>Says that a disk is not there where its id bears the name of another.</summary>
internal sealed class TakesAContradictionForAbsence(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        try
        {
            return await base.ObserveAsync(disk, ct);
        }
        catch (RefusedException) when (disk.RemoteId is not null)
        {
            return DiskObservation.Absent;
        }
    }
}

/// <summary>Does not pass over what is another disk of ours by the records.</summary>
internal sealed class PassesNothingOver(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct) =>
        base.EnsureCreatedAsync(spec with { Except = [] }, ct);
}

/// <summary>Takes what the account has under this installation's names for all of it.</summary>
internal sealed class ListsNothingForeign(IDiskProvider real, DiskCalls cloud) : Mutant(real, cloud)
{
    public override IAsyncEnumerable<RemoteDisk> ListAllAsync(CancellationToken ct) => ListAsync(ct);
}
