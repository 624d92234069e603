using System.ComponentModel.DataAnnotations;

namespace Mooring.Contract.Native;

/// <summary>
/// What a delete of a disk would lose, and whether it would be accepted now: GET
/// <c>/api/mooring/v1/disks/{id}/deletion</c>. Reading it changes nothing.
/// </summary>
public sealed record DiskDeletion
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>The status stored, for example ACTIVE.</summary>
    public required string Status { get; init; }

    /// <summary>GB bought.</summary>
    public required int Size { get; init; }

    /// <summary>Whether a DELETE would be accepted now. It is again where it was accepted already.</summary>
    public required bool WouldBeAccepted { get; init; }

    /// <summary>Why it would not, with the command that changes that; null where it would.</summary>
    public required string? Refusal { get; init; }

    /// <summary>Whether deletion is forbidden until somebody lifts that.</summary>
    public required bool ForbidDeletion { get; init; }

    /// <summary>
    /// Bytes that the disk's content takes up where it lies, the file system's own included; null where that is not
    /// known, as at clouds, which bill the whole size and tell no more.
    /// </summary>
    public required long? UsedBytes { get; init; }

    /// <summary>Where that number comes from, or why there is none, a sentence.</summary>
    public required string UsedWords { get; init; }

    /// <summary>When an instance last got it, UTC; null if none ever did.</summary>
    public required DateTimeOffset? LastAttachedAt { get; init; }

    /// <summary>When an instance last gave it back, UTC; null if none ever did.</summary>
    public required DateTimeOffset? LastReleasedAt { get; init; }

    /// <summary>Attachments that are not released. Never null.</summary>
    public required IReadOnlyList<ExplainedHolder> Holders { get; init; }

    /// <summary>USD that it has cost so far, to 1e-12 USD.</summary>
    public required decimal CostUsd { get; init; }

    /// <summary>USD per hour now, which a delete would end; null where nothing is billed.</summary>
    public required decimal? PriceHr { get; init; }
}

/// <summary>Body of PATCH <c>/api/mooring/v1/disks/{id}</c>.</summary>
public sealed record ChangeDiskRequest
{
    /// <summary>
    /// True: every DELETE is refused until somebody sends false here. Whoever may delete the disk may do both: it
    /// keeps from mistakes, not from people. Required.
    /// </summary>
    [Required]
    public bool? ForbidDeletion { get; init; }
}

/// <summary>Answer of PATCH <c>/api/mooring/v1/disks/{id}</c>: what a disk has that the compatible API has no room for.
/// </summary>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
/// <param name="ForbidDeletion">Whether its deletion is forbidden.</param>
public sealed record DiskSettings(string Id, bool ForbidDeletion);
