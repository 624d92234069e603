using System.ComponentModel.DataAnnotations;

namespace Mooring.Contract.Native;

/// <summary>Answer of GET <c>/api/mooring/v1/inventory</c>.</summary>
/// <param name="Data">
/// What is at a provider account and not so in the records, by account and name, from the offset on.
/// </param>
/// <param name="TotalCount">How much there is in all.</param>
public sealed record InventoryList(IReadOnlyList<InventoryFinding> Data, int TotalCount);

/// <summary>Something that is at a provider account, and not or not so in the records.</summary>
public sealed record InventoryFinding
{
    /// <summary>
    /// orphan_disk, orphan_instance, wrong_size, renamed, wrong_status, wrong_attachment or double_disk, what bears the
    /// name of a disk of ours under another id; and foreign_disk, what somebody else made in the account, if that is
    /// asked for.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The provider account that it is at.</summary>
    public required string ProviderAccountId { get; init; }

    /// <summary>The provider's type.</summary>
    public required string ProviderType { get; init; }

    /// <summary>Its name there; of a disk of ours, the one under which the records have it.</summary>
    public required string Name { get; init; }

    /// <summary>The provider's id for it; null where it has none.</summary>
    public required string? RemoteId { get; init; }

    /// <summary>Its size there, GB (2^30 bytes), rounded down; null for an instance.</summary>
    public required int? SizeGb { get; init; }

    /// <summary>What it costs there, USD per hour, as far as an offer says; null where none does.</summary>
    public required decimal? CostHr { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public required string Words { get; init; }

    /// <summary>When this server first saw it, UTC.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When the list was taken that shows it, UTC.</summary>
    public required DateTimeOffset ListedAt { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/inventory/adopt</c>.</summary>
public sealed record AdoptRequest
{
    /// <summary>The provider account that it is at. Required.</summary>
    [Required]
    public string? ProviderAccountId { get; init; }

    /// <summary>An orphan's name there. Required where <see cref="RemoteId"/> is not given.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The provider's id of what somebody else made. Required where <see cref="Name"/> is not given.
    /// </summary>
    public string? RemoteId { get; init; }

    /// <summary>
    /// What the disk shall be called, 1 to 255 characters; when null or absent, what it is called there, or for an
    /// orphan a name made of its id.
    /// </summary>
    public string? DiskName { get; init; }

    /// <summary>
    /// What its owner pays, USD per hour, 0 to 1,000,000; what such a disk costs there now when null or absent.
    /// </summary>
    public decimal? PriceHr { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/inventory/delete</c>.</summary>
public sealed record DeleteOrphanRequest
{
    /// <summary>The provider account that it is at. Required.</summary>
    [Required]
    public string? ProviderAccountId { get; init; }

    /// <summary>Its name there. Required.</summary>
    [Required]
    public string? Name { get; init; }
}
