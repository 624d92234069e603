namespace Mooring.Providers.Disks;

/// <summary>A place and price where a disk can be had now.</summary>
/// <param name="CloudId">The provider's name for this kind of storage; null where it has only one.</param>
/// <param name="Place">Where.</param>
/// <param name="PricePerGiBHour">USD per GB (2^30 bytes) and hour.</param>
/// <param name="MinSizeGiB">Smallest size in GB, 0 or more.</param>
/// <param name="MaxSizeGiB">Largest size in GB that the provider allows for one disk.</param>
/// <param name="StepGiB">Sizes are multiples of it, in GB; 1 or more.</param>
/// <param name="IsMultinode">Whether several instances may hold one disk at once.</param>
/// <param name="Stock">How much there is.</param>
/// <param name="Security">Who runs the place.</param>
/// <param name="Pool">
/// The pool from which disks of this offer are cut; null where the provider does not say how much there is. Several
/// offers may share one pool.
/// </param>
/// <param name="AdditionalInfo">Anything a user should know, in a sentence; or null.</param>
public sealed record DiskOffer(
    string? CloudId,
    Place Place,
    Money PricePerGiBHour,
    int MinSizeGiB,
    int MaxSizeGiB,
    int StepGiB,
    bool IsMultinode,
    Stock Stock,
    Security Security,
    CapacityPool? Pool,
    string? AdditionalInfo);

/// <summary>A finite stock of bytes. Mooring promises no more than its capacity to disks that exist.</summary>
/// <param name="Name">Stable name of the pool within the provider account.</param>
/// <param name="Capacity">What all of its disks together may take, as the provider sees it now.</param>
public sealed record CapacityPool(string Name, ByteSize Capacity);
