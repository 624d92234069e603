using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Mooring.Contract.V1;

/// <summary>Values of a disk's and a pod's <c>status</c> (contract, section 12).</summary>
public static class Statuses
{
    /// <summary>Being created.</summary>
    public const string Provisioning = "PROVISIONING";

    /// <summary>The status is changing: attaching or detaching.</summary>
    public const string Pending = "PENDING";

    /// <summary>Ready.</summary>
    public const string Active = "ACTIVE";

    /// <summary>Suspended.</summary>
    public const string Stopped = "STOPPED";

    /// <summary>An operation failed for good.</summary>
    public const string Error = "ERROR";

    /// <summary>Being deleted.</summary>
    public const string Deleting = "DELETING";

    /// <summary>Deleted.</summary>
    public const string Terminated = "TERMINATED";

    /// <summary>The current status can't be read.</summary>
    public const string Unknown = "UNKNOWN";
}

/// <summary>A network-attached disk (contract 4.1; vendor's page "Managing Disks", "Response").</summary>
public sealed record Disk
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The user's name for it, 1 to 255 characters.</summary>
    public required string Name { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When its absence was confirmed, UTC; null before.</summary>
    public required DateTimeOffset? TerminatedAt { get; init; }

    /// <summary>PROVISIONING, PENDING, ACTIVE, STOPPED, ERROR, DELETING, TERMINATED or UNKNOWN.</summary>
    public required string Status { get; init; }

    /// <summary>The provider that holds it.</summary>
    public required string ProviderType { get; init; }

    /// <summary>GB (2^30 bytes wherever Mooring makes the disk).</summary>
    public required int Size { get; init; }

    /// <summary>Where it is.</summary>
    public required DiskInfo? Info { get; init; }

    /// <summary>USD per hour while it exists.</summary>
    public required decimal? PriceHr { get; init; }

    /// <summary>USD per hour while it is STOPPED.</summary>
    public required decimal? StoppedPriceHr { get; init; }

    /// <summary>USD per hour while it is PROVISIONING.</summary>
    public required decimal? ProvisioningPriceHr { get; init; }

    /// <summary>Its creator.</summary>
    public required string? UserId { get; init; }

    /// <summary>The team it belongs to; null for a personal disk.</summary>
    public required string? TeamId { get; init; }

    /// <summary>The wallet that pays.</summary>
    public required string? WalletId { get; init; }

    /// <summary>Ids of the pods that hold it; a pod stays here until detaching has ended. Never null.</summary>
    public required IReadOnlyList<string> Pods { get; init; }

    /// <summary>Ids of the clusters that hold it. Never null.</summary>
    public required IReadOnlyList<string> Clusters { get; init; }
}

/// <summary>Where a disk is. All four members are always written (contract 13, D17).</summary>
/// <param name="CloudId">The offer's, or null.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code, or null.</param>
/// <param name="IsMultinode">Whether several instances may hold it at once.</param>
/// <param name="DataCenterId">The offer's data center, or null.</param>
public sealed record DiskInfo(string? CloudId, string? Country, bool? IsMultinode, string? DataCenterId);

/// <summary>A page of disks. The total stands under both names, for both kinds of client (contract 13, D1).</summary>
public sealed record DiskList
{
    /// <summary>Disks in all pages.</summary>
    public required int TotalCount { get; init; }

    /// <summary>The same number under the name that the vendor's CLI reads.</summary>
    [JsonPropertyName("total_count")]
    public int TotalCountForCli => TotalCount;

    /// <summary>This page, newest first.</summary>
    public required IReadOnlyList<Disk> Data { get; init; }

    /// <summary>The limit applied.</summary>
    public required int Limit { get; init; }

    /// <summary>The offset applied.</summary>
    public required int Offset { get; init; }
}

/// <summary>Body of POST <c>/disks/</c> (contract 4.2).</summary>
public sealed record CreateDiskRequest
{
    /// <summary>What to make. Required.</summary>
    [Required]
    public CreateDisk? Disk { get; init; }

    /// <summary>Where. Required.</summary>
    [Required]
    public ProviderChoice? Provider { get; init; }

    /// <summary>The team it shall belong to; null for a personal disk.</summary>
    public TeamChoice? Team { get; init; }
}

/// <summary>The <c>disk</c> of a creating request. Unknown members are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateDisk
{
    /// <summary>GB; within the offer's bounds. Required.</summary>
    [Required]
    public int? Size { get; init; }

    /// <summary>1 to 255 characters; generated when null or absent.</summary>
    public string? Name { get; init; }

    /// <summary>The offer's; may be left out where that leaves one offer.</summary>
    public string? CloudId { get; init; }

    /// <summary>The offer's data center; may be left out where that leaves one offer.</summary>
    public string? DataCenterId { get; init; }

    /// <summary>The offer's country; checked only if given.</summary>
    public string? Country { get; init; }
}

/// <summary>The <c>provider</c> of a creating request.</summary>
public sealed record ProviderChoice
{
    /// <summary>The offer's provider.</summary>
    public string? Type { get; init; }
}

/// <summary>The <c>team</c> of a creating request.</summary>
public sealed record TeamChoice
{
    /// <summary>The team's id.</summary>
    public string? TeamId { get; init; }
}

/// <summary>Body of PATCH <c>/disks/{id}</c>: only the name can change.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RenameDiskRequest
{
    /// <summary>1 to 255 characters. Required.</summary>
    [Required]
    public string? Name { get; init; }
}

/// <summary>Answer of PATCH <c>/disks/{id}</c> (vendor's page, "Updating a Disk").</summary>
/// <param name="Id">The disk's id.</param>
/// <param name="Name">Its new name.</param>
public sealed record RenamedDisk(string Id, string Name);

/// <summary>Answer of DELETE: the status stored when the server answered, TERMINATED or DELETING.</summary>
/// <param name="Status">As a disk's or an instance's: TERMINATED, or DELETING where it is not over yet.</param>
public sealed record StatusOnly(string Status);
