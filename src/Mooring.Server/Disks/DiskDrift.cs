namespace Mooring.Server.Disks;

/// <summary>
/// In what a disk at its provider is not as the records have it. Stored as a number: values are never reused.
/// </summary>
[Flags]
internal enum DiskDrift
{
    /// <summary>It is as the records say.</summary>
    None = 0,

    /// <summary>It has another size there.</summary>
    Size = 1,

    /// <summary>It bears another name there: somebody renamed it.</summary>
    Name = 2,

    /// <summary>It is shown as failed or as being deleted, and is in use here.</summary>
    Status = 4,

    /// <summary>Other instances hold it there than here.</summary>
    Attachment = 8,
}

/// <summary>One way in which a disk at its provider is not as the records have it.</summary>
/// <param name="What">In what; one flag.</param>
/// <param name="Words">How, in a sentence.</param>
internal sealed record Difference(DiskDrift What, string Words);

/// <summary>What a complete list says of a disk.</summary>
/// <param name="Compared">In what it could be held against the record.</param>
/// <param name="Found">Where it differs.</param>
internal sealed record Comparison(DiskDrift Compared, IReadOnlyList<Difference> Found);
