using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary>Disks as the contract writes them (section 4.1).</summary>
internal sealed class DiskWire(MooringOptions options, TimeProvider time)
{
    /// <summary>
    /// Many disks with the pods that hold them and their providers' readability: two queries, however many there are.
    /// </summary>
    public async Task<IReadOnlyList<Contract.V1.Disk>> OfAsync(
        MooringDb db, IReadOnlyList<Disk> disks, CancellationToken ct)
    {
        if (disks.Count == 0)
        {
            return [];
        }

        List<DiskId> ids = [.. disks.Select(disk => disk.Id)];
        var holders = (await db.Attachments
            .Where(attachment => ids.Contains(attachment.DiskId) && attachment.ReleasedAt == null)
            .OrderBy(attachment => attachment.ClaimedAt)
            .Select(attachment => new { attachment.DiskId, attachment.PodId })
            .ToListAsync(ct)).ToLookup(row => row.DiskId, row => row.PodId.Value);
        var unreadable = await db.ProviderAccounts
            .Where(account => account.UnreadableSince != null)
            .ToDictionaryAsync(account => account.Id, account => account.UnreadableSince, ct);
        return [.. disks.Select(disk => Of(
            disk, [.. holders[disk.Id]], unreadable.GetValueOrDefault(disk.ProviderAccountId)))];
    }

    /// <summary>
    /// A disk that was accepted this moment: nothing holds it, and it is PROVISIONING (contract 16.16).
    /// </summary>
    public Contract.V1.Disk OfNew(Disk disk) => Of(disk, [], null);

    private Contract.V1.Disk Of(Disk disk, IReadOnlyList<string> pods, DateTimeOffset? accountUnreadableSince) => new()
    {
        Id = disk.Id.Value,
        Name = disk.Name,
        CreatedAt = disk.CreatedAt,
        UpdatedAt = disk.UpdatedAt,
        TerminatedAt = disk.TerminatedAt,
        Status = disk.ShownStatus(options.DiskLimits, accountUnreadableSince, time.GetUtcNow()),
        ProviderType = disk.ProviderType,
        Size = disk.SizeGiB,
        Info = new DiskInfo(disk.CloudId, disk.Country, disk.IsMultinode, disk.DataCenter),
        PriceHr = disk.PriceHr.Usd,
        StoppedPriceHr = disk.StoppedPriceHr.Usd,
        ProvisioningPriceHr = disk.ProvisioningPriceHr.Usd,
        UserId = disk.CreatorId.Value,
        TeamId = disk.TeamId?.Value,
        WalletId = disk.WalletId.Value,
        Pods = pods,
        Clusters = [],
    };
}
