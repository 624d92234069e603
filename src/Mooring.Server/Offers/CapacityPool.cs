namespace Mooring.Server.Offers;

/// <summary>
/// A provider's finite stock of GB, and how much of it is promised to disks that exist. A promise is made in the
/// transaction that creates the disk and given back in the one that confirms that the disk is gone.
/// </summary>
internal sealed record CapacityPool
{
    public required ProviderAccountId ProviderAccountId { get; init; }
    public required string Name { get; init; }

    /// <summary>What the provider last said that there is, GB.</summary>
    public required long CapacityGiB { get; init; }

    /// <summary>What is promised, GB. May exceed the capacity where the provider lost some.</summary>
    public required long PromisedGiB { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What is left for disks of an offer, GB; null where its provider does not say that.</summary>
    public static long? LeftGiB(OfferedDisk offered, List<CapacityPool> pools) =>
        pools.Find(pool =>
            pool.ProviderAccountId == offered.Provider.Id && pool.Name == offered.Offer.Pool?.Name) is { } pool
            ? Math.Max(0, pool.CapacityGiB - pool.PromisedGiB)
            : null;
}
