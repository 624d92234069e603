namespace Mooring.Contract.Native;

/// <summary>Values of <see cref="Explanation.Kind"/> and <see cref="StuckResource.Kind"/>.</summary>
public static class ResourceKinds
{
    /// <summary>A network-attached disk.</summary>
    public const string Disk = "disk";

    /// <summary>An instance.</summary>
    public const string Pod = "pod";

    /// <summary>What pays: a wallet has a history too, and is no resource that could be stuck.</summary>
    public const string Wallet = "wallet";
}

/// <summary>
/// Why a resource is as it is, and what comes next: GET <c>/api/mooring/v1/disks/{id}/explain</c> and
/// <c>/pods/{id}/explain</c>.
/// </summary>
public sealed record Explanation
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>disk or pod.</summary>
    public required string Kind { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// As the resource itself shows it, for example ACTIVE; UNKNOWN where the provider can't be read for too long.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Since when it has this status, UTC; for UNKNOWN, since when it can't be read.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why, in the provider's own words where there are any; null where there is nothing to say.</summary>
    public required string? Reason { get; init; }

    /// <summary>The place that has it.</summary>
    public required ExplainedProvider Provider { get; init; }

    /// <summary>Times in a row that the next step had to be put off.</summary>
    public required int Attempt { get; init; }

    /// <summary>When Mooring tries again, UTC; null while there is nothing to do.</summary>
    public required DateTimeOffset? NextTry { get; init; }

    /// <summary>By when this status should have ended, UTC; null where it may last.</summary>
    public required DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether that time has passed.</summary>
    public required bool IsOverdue { get; init; }

    /// <summary>
    /// Attachments that are not released: of a disk to its pods, or of a pod to its disks. Never null.
    /// </summary>
    public required IReadOnlyList<ExplainedHolder> Holders { get; init; }

    /// <summary>Whether its deletion is forbidden until somebody lifts that; false of an instance.</summary>
    public required bool ForbidDeletion { get; init; }

    /// <summary>What Mooring does next, a sentence.</summary>
    public required string Next { get; init; }

    /// <summary>What the user or the operator can do, each a sentence with the command. Never null.</summary>
    public required IReadOnlyList<string> YouCan { get; init; }
}

/// <summary>The provider account that has a resource, and under what name.</summary>
public sealed record ExplainedProvider
{
    /// <summary>The provider, for example <c>local</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Our account there.</summary>
    public required string Account { get; init; }

    /// <summary>The resource's name there, stored before the first call.</summary>
    public required string RemoteName { get; init; }

    /// <summary>The provider's id for it; null where it has none, or none is known yet.</summary>
    public required string? RemoteId { get; init; }

    /// <summary>Since when the resource or the account can't be read, UTC; null while it can.</summary>
    public required DateTimeOffset? UnreadableSince { get; init; }

    /// <summary>Why it can't be read, in the provider's words; null while it can.</summary>
    public required string? UnreadableReason { get; init; }
}

/// <summary>One disk held by one pod.</summary>
public sealed record ExplainedHolder
{
    /// <summary>The pod.</summary>
    public required string PodId { get; init; }

    /// <summary>The disk.</summary>
    public required string DiskId { get; init; }

    /// <summary><c>CLAIMED</c>, <c>ATTACHED</c> or <c>RELEASING</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Where the pod sees the disk, an absolute path.</summary>
    public required string MountPath { get; init; }

    /// <summary>When the pod took hold of it, UTC.</summary>
    public required DateTimeOffset Since { get; init; }
}
