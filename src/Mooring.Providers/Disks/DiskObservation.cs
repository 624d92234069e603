namespace Mooring.Providers.Disks;

/// <summary>What to make.</summary>
/// <param name="Name">The remote name (<see cref="RemoteName"/>), stored before the first call.</param>
/// <param name="Size">Exact size.</param>
/// <param name="CloudId">The offer's, or null.</param>
/// <param name="DataCenter">The offer's, or null.</param>
/// <param name="IsMultinode">Whether several instances will hold it.</param>
/// <param name="RemoteId">
/// The provider's id of what an earlier call was told of; null before that. It is still it if it was renamed since.
/// </param>
public sealed record DiskSpec(
    string Name, ByteSize Size, string? CloudId, string? DataCenter, bool IsMultinode, string? RemoteId = null)
{
    /// <summary>Ids of what bears the name and is another disk of ours by the records.</summary>
    public IReadOnlyCollection<string> Except { get; init; } = [];

    /// <summary>What is looked for before it is made.</summary>
    public DiskRef Ref => new(Name, RemoteId) { Except = Except };
}

/// <summary>A disk at the provider, as we address it.</summary>
/// <param name="Name">The remote name it was created under.</param>
/// <param name="RemoteId">The provider's own id, once it is known.</param>
public sealed record DiskRef(string Name, string? RemoteId)
{
    /// <summary>What it was called there when it was registered; null where Mooring made it.</summary>
    public string? ForeignName { get; init; }

    /// <summary>
    /// Ids of what bears the disk's name and is another disk of ours by the records: it is passed over.
    /// </summary>
    public IReadOnlyCollection<string> Except { get; init; } = [];

    /// <summary>
    /// Whether something at the provider that does not bear the disk's name is the disk all the same: it has the disk's
    /// id, and a name that somebody gave it by hand, or that it was registered with. Any other name that Mooring gave
    /// belongs to another disk, whatever the id.
    /// </summary>
    /// <param name="name">The name that it bears there.</param>
    /// <param name="remoteId">The provider's id of it.</param>
    public bool IsRenamed(string name, string? remoteId) =>
        remoteId is { Length: > 0 } && remoteId == RemoteId && name != Name
        && (name == ForeignName || !Providers.RemoteName.IsOfMooring(name));

    /// <summary>Whether this is the disk's id, or its id is not known.</summary>
    public bool MayHave(string remoteId) => RemoteId is null || RemoteId == remoteId;

    /// <summary>
    /// Which of what is there this disk is. First the one that has its id; then, unless somebody renamed that one, all
    /// that bear its name: where names repeat, a create may have made several. What comes back without the known id is
    /// not proven to be the disk, only to bear its name (ADR 0015).
    /// </summary>
    /// <param name="there">What is there, in the order in which several of one name are to be kept.</param>
    /// <param name="nameOf">The name that one bears.</param>
    /// <param name="idOf">The provider's id of one.</param>
    /// <exception cref="RefusedException">
    /// What has the known id bears a name that Mooring gave to another: neither is believed alone.
    /// </exception>
    public IReadOnlyList<T> Among<T>(IEnumerable<T> there, Func<T, string> nameOf, Func<T, string> idOf)
    {
        List<T> bearing = [];
        foreach (var one in there)
        {
            var (name, id) = (nameOf(one), idOf(one));
            if (IsRenamed(name, id))
            {
                return [one];
            }

            if (name == Name && !Except.Contains(id))
            {
                bearing.Insert(id == RemoteId ? 0 : bearing.Count, one);
            }
            else if (id.Length > 0 && id == RemoteId)
            {
                throw new RefusedException(
                    $"What the provider knows by the disk's id {id} bears the name of another, {name}, and is left "
                    + "alone. Names were changed there: give each its own again.");
            }
        }

        return bearing;
    }
}

/// <summary>The state of a disk at the provider.</summary>
public enum RemoteDiskState
{
    /// <summary>A complete, successful look found no such disk.</summary>
    Absent,

    /// <summary>Being made.</summary>
    Creating,

    /// <summary>There, and may be attached.</summary>
    Ready,

    /// <summary>There, and changing: attaching, detaching, growing.</summary>
    Changing,

    /// <summary>Being removed.</summary>
    Deleting,

    /// <summary>There, but the provider says that it failed for good.</summary>
    Failed,
}

/// <summary>What a provider says about one disk, now.</summary>
/// <param name="State">Its state.</param>
/// <param name="RemoteId">The provider's id; null where it has none or the disk is absent.</param>
/// <param name="Words">The provider's own words on the state, where there are any.</param>
public sealed record DiskObservation(RemoteDiskState State, string? RemoteId = null, string? Words = null)
{
    /// <summary>
    /// Whether others bear its name as well: of those that a create has made, all but one are to go.
    /// </summary>
    public bool IsDoubled { get; init; }

    /// <summary>Whether it is there, and was not asked to go.</summary>
    public bool IsLeft => State is not (RemoteDiskState.Absent or RemoteDiskState.Deleting);

    /// <summary>A complete look found nothing.</summary>
    public static readonly DiskObservation Absent = new(RemoteDiskState.Absent);
}

/// <summary>A disk found by listing.</summary>
/// <param name="Name">Its full remote name.</param>
/// <param name="RemoteId">The provider's id, or null.</param>
/// <param name="Size">Its size as the provider reports it.</param>
/// <param name="State">Its state.</param>
/// <param name="CloudId">The provider's name for the kind of storage, as in its offer; null if not known.</param>
/// <param name="DataCenter">The data center that it is in; null if not known.</param>
/// <param name="Holders">
/// The provider's ids of the instances that hold it; null where a list does not tell.
/// </param>
public sealed record RemoteDisk(
    string Name,
    string? RemoteId,
    ByteSize Size,
    RemoteDiskState State,
    string? CloudId = null,
    string? DataCenter = null,
    IReadOnlyList<string>? Holders = null);
