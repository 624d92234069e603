using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Server.Disks;

namespace Mooring.Server.Inventory;

/// <summary>What the records have of a disk that is at its provider, as far as a list can be held against it.</summary>
/// <param name="Id">The disk.</param>
/// <param name="RemoteName">Its name there.</param>
/// <param name="RemoteId">The provider's id, or null.</param>
/// <param name="ForeignName">What it is called there, where somebody else made it; null for its remote name.</param>
/// <param name="SizeGiB">Its size, GB.</param>
/// <param name="Status">Its status.</param>
/// <param name="Drift">What was told already.</param>
/// <param name="IsAtRest">Whether nothing is to be done for it.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record Recorded(
    DiskId Id,
    string RemoteName,
    string? RemoteId,
    string? ForeignName,
    int SizeGiB,
    DiskStatus Status,
    DiskDrift Drift,
    bool IsAtRest,
    DateTimeOffset UpdatedAt)
{
    /// <summary>What a list says of it.</summary>
    /// <param name="there">The disk there.</param>
    /// <param name="holders">The pods that hold it by the records; null where that is not known well enough.</param>
    public Comparison Against(RemoteDisk there, Holders? holders)
    {
        var compared = DiskDrift.Size | DiskDrift.Name;
        List<Difference> found = [];
        if (there.Size != ByteSize.FromGiB(SizeGiB))
        {
            found.Add(new Difference(DiskDrift.Size, $"It has {there.Size} there, and {SizeGiB} GB here."));
        }

        if (there.Name != RemoteName && Printable.Name(there.Name) is var name && name != ForeignName)
        {
            found.Add(new Difference(
                DiskDrift.Name,
                $"It bears the name '{name}' there, and was {ForeignName ?? RemoteName}. Its data is there; rename it "
                + "back, so that nobody takes it for something else."));
        }

        if (IsAtRest)
        {
            compared |= DiskDrift.Status;
            found.AddRange(StatusOf(there));
        }

        if (IsAtRest && there.Holders is { } held && holders is not null)
        {
            compared |= DiskDrift.Attachment;
            found.AddRange(holders.Against(held));
        }

        return new Comparison(compared, found);
    }

    // What has failed is no worse for being shown so.
    private IEnumerable<Difference> StatusOf(RemoteDisk there) => (there.State, Status) switch
    {
        (RemoteDiskState.Deleting, _) => [new(DiskDrift.Status, "Somebody is deleting it there.")],
        (RemoteDiskState.Failed, not DiskStatus.Error) => [new(DiskDrift.Status, "It is shown as failed there.")],
        _ => [],
    };
}

/// <summary>The instances that hold a disk by the records.</summary>
/// <param name="May">The provider's ids of all that are not known to have let go of it.</param>
/// <param name="Must">Of those, the ones that are known to have it.</param>
internal sealed record Holders(IReadOnlySet<string> May, IReadOnlySet<string> Must)
{
    private const int NamedMost = 3;

    public static readonly Holders None = new(new HashSet<string>(), new HashSet<string>());

    public IEnumerable<Difference> Against(IReadOnlyList<string> held)
    {
        var strangers = held.Where(one => !May.Contains(one)).ToList();
        var missing = Must.Where(one => !held.Contains(one)).ToList();
        if (strangers.Count > 0)
        {
            yield return new Difference(
                DiskDrift.Attachment,
                $"{NamesOf(strangers)} there holds it, and by the records nothing of ours is that.");
        }
        else if (missing.Count > 0)
        {
            yield return new Difference(
                DiskDrift.Attachment, $"{NamesOf(missing)} there should hold it by the records, and does not.");
        }
    }

    private static string NamesOf(List<string> ids) =>
        $"Instance {string.Join(", ", ids.Take(NamedMost))}"
        + (ids.Count > NamedMost ? $" and {ids.Count - NamedMost} more" : "");
}
