using Mooring.Contract.V1;

namespace Mooring.Server.Disks;

/// <summary>Disks as the contract writes them (section 4.1).</summary>
internal static class DiskWire
{
    /// <summary>
    /// A disk that was accepted this moment: nothing holds it, and it is PROVISIONING (contract 16.16).
    /// </summary>
    public static Contract.V1.Disk OfNew(Disk disk) => new()
    {
        Id = disk.Id.Value,
        Name = disk.Name,
        CreatedAt = disk.CreatedAt,
        UpdatedAt = disk.UpdatedAt,
        TerminatedAt = disk.TerminatedAt,
        Status = disk.Status.ToWire(),
        ProviderType = disk.ProviderType,
        Size = disk.SizeGiB,
        Info = new DiskInfo(disk.CloudId, disk.Country, disk.IsMultinode, disk.DataCenter),
        PriceHr = disk.PriceHr.Usd,
        StoppedPriceHr = disk.StoppedPriceHr.Usd,
        ProvisioningPriceHr = disk.ProvisioningPriceHr.Usd,
        UserId = disk.CreatorId.Value,
        TeamId = disk.TeamId?.Value,
        WalletId = disk.WalletId.Value,
        Pods = [],
        Clusters = [],
    };
}
