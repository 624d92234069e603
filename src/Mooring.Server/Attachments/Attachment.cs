namespace Mooring.Server.Attachments;

/// <summary>How far one disk's attachment to one pod is.</summary>
internal enum AttachmentStatus
{
    /// <summary>The pod has the right to the disk; its host does not have it yet.</summary>
    Claimed,

    /// <summary>The host has it where the pod sees it.</summary>
    Attached,

    /// <summary>The pod is going; the host may still have it.</summary>
    Releasing,

    /// <summary>Nothing of the pod can write to it any more.</summary>
    Released,
}

/// <summary>
/// One disk held by one pod. As long as it is not released, it counts as a holder of the disk; of a single-holder disk
/// the database admits one such row (a partial unique index), whatever the code thinks.
/// </summary>
internal sealed record Attachment
{
    public required AttachmentId Id { get; init; }
    public required DiskId DiskId { get; init; }
    public required PodId PodId { get; init; }
    public required HostId? HostId { get; init; }
    public required AccountId AccountId { get; init; }

    /// <summary>0 for the pod's first disk.</summary>
    public required int Ordinal { get; init; }
    public required string MountPath { get; init; }

    /// <summary>The disk's generation when this hold began.</summary>
    public required long Generation { get; init; }
    public required bool IsExclusive { get; init; }
    public required AttachmentStatus Status { get; init; }

    /// <summary>What its host is waiting for, where it waits.</summary>
    public string? Reason { get; init; }
    public required DateTimeOffset ClaimedAt { get; init; }
    public DateTimeOffset? AttachedAt { get; init; }
    public DateTimeOffset? ReleasedAt { get; init; }
    public long Version { get; init; }

    public bool IsUnreleased => Status != AttachmentStatus.Released;

    /// <summary>
    /// The mount path of a pod's disk number <paramref name="ordinal"/>: /workspace, /workspace-2, /workspace-3, …
    /// </summary>
    public static string PathFor(int ordinal) => ordinal == 0 ? "/workspace" : $"/workspace-{ordinal + 1}";
}
