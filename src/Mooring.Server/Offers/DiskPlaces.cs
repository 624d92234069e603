using Microsoft.EntityFrameworkCore;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;

namespace Mooring.Server.Offers;

/// <summary>
/// Where a disk is, and so where instances that hold it must be: same account, same data center (contract 15).
/// </summary>
internal sealed record DiskPlace(ProviderAccountId ProviderAccountId, string? DataCenter)
{
    public bool Holds(OfferedInstance offered) =>
        offered.Provider.Id == ProviderAccountId
            && (DataCenter is null || offered.Offer.Place.DataCenter == DataCenter);
}

internal static class DiskPlaces
{
    /// <summary>The places of disks that some accounts have, in one query.</summary>
    public static async Task<Result<IReadOnlyList<DiskPlace>>> FindAsync(
        MooringDb db, IReadOnlyList<AccountId> accounts, IReadOnlyList<string> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
        {
            return Places([]);
        }

        var wanted = ids.Select(text => (Text: text, Id: ResourceIds.ParseDisk(text))).ToList();
        List<DiskId> known = [.. wanted.Where(one => one.Id is not null).Select(one => one.Id!.Value)];
        var found = await db.Disks
            .Where(disk => known.Contains(disk.Id)
                && accounts.Contains(disk.AccountId)
                && disk.Status != DiskStatus.Terminated)
            .Select(disk => new { disk.Id, disk.ProviderAccountId, disk.DataCenter })
            .ToListAsync(ct);
        var missing = wanted.Find(one => found.TrueForAll(disk => disk.Id != one.Id));
        return missing.Text is null
            ? Places([.. found.Select(disk => new DiskPlace(disk.ProviderAccountId, disk.DataCenter)).Distinct()])
            : new DiskNotFound(missing.Text);
    }

    private static Result<IReadOnlyList<DiskPlace>> Places(DiskPlace[] places) =>
        Result<IReadOnlyList<DiskPlace>>.Of(places);
}
