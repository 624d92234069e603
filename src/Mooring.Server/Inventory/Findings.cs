using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Mooring.Providers;
using Mooring.Server.Disks;

namespace Mooring.Server.Inventory;

/// <summary>What a finding is about.</summary>
internal enum FindingKind
{
    /// <summary>A disk under this installation's names that no row is about: it costs, and nobody uses it.</summary>
    OrphanDisk,

    /// <summary>The same of an instance.</summary>
    OrphanInstance,

    /// <summary>A disk of ours whose size at the provider is not the one that we have.</summary>
    WrongSize,

    /// <summary>A disk of ours that bears another name at the provider.</summary>
    Renamed,

    /// <summary>A disk in use that the provider shows as failed or as being deleted.</summary>
    WrongStatus,

    /// <summary>A disk of ours that other instances hold at the provider than by our records.</summary>
    WrongAttachment,

    /// <summary>A disk that bears the name of one of ours, under another id: it costs, and nobody uses it.</summary>
    DoubleDisk,

    /// <summary>
    /// A disk that somebody else made in the account. Nothing is wrong with it: it is listed for who asks, and counted
    /// nowhere.
    /// </summary>
    ForeignDisk,
}

/// <summary>Something that a list of a provider account has and our records have not, or have otherwise.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Provider">The account.</param>
/// <param name="Name">Its remote name by our records, or the one that it has there where no record is about it.</param>
/// <param name="RemoteId">The provider's id, or null.</param>
/// <param name="Size">Its size there; zero for an instance.</param>
/// <param name="CloudId">The kind of storage there, where the list says it.</param>
/// <param name="DataCenter">Where, where the list says it.</param>
/// <param name="Words">What is wrong, in a sentence.</param>
internal sealed record Finding(
    FindingKind Kind,
    ProviderAccountId Provider,
    string Name,
    string? RemoteId,
    ByteSize Size,
    string? CloudId,
    string? DataCenter,
    string Words);

/// <summary>
/// What the last complete list of each provider account has shown, kept by the process that took it. Nothing here acts:
/// an operator decides.
/// </summary>
internal sealed class Findings
{
    private readonly ConcurrentDictionary<(ProviderAccountId Account, bool OfDisks), Listed> _listed = [];
    private readonly ConcurrentDictionary<Key, DateTimeOffset> _firstSeen = [];

    public Findings(IMeterFactory meters) => meters.Create(Instruments.MeterName).CreateObservableGauge(
        "mooring.inventory.findings",
        () => Enum.GetValues<FindingKind>()
            .Where(kind => kind != FindingKind.ForeignDisk)
            .Select(kind => new Measurement<int>(
                _listed.Values.Sum(listed => listed.Found.Count(finding => finding.Kind == kind)),
                new KeyValuePair<string, object?>("kind", kind.ToWire()))),
        "{finding}",
        "What providers' lists have and our records have not, or have otherwise.");

    /// <summary>Everything found, by the account and name, with when it was first seen by this process.</summary>
    /// <param name="withForeign">Whether what others made is wanted too.</param>
    public IReadOnlyList<(Finding Finding, DateTimeOffset FirstSeenAt, DateTimeOffset ListedAt)> All(
        bool withForeign) =>
    [
        .. from listed in _listed.Values
           from finding in withForeign ? listed.Found.Concat(listed.Foreign) : listed.Found
           orderby finding.Provider.Value, finding.Name, finding.Kind, finding.RemoteId
           select (finding, _firstSeen.GetValueOrDefault(KeyOf(finding), listed.At), listed.At),
    ];

    /// <summary>Puts what a new list has shown in the place of what the one before had.</summary>
    /// <returns>What this process has not seen before.</returns>
    public IReadOnlyList<Finding> Report(
        ProviderAccountId account,
        bool ofDisks,
        IReadOnlyList<Finding> found,
        DateTimeOffset at,
        IReadOnlyList<Finding>? foreign = null)
    {
        var before = _listed.GetValueOrDefault((account, ofDisks));
        var now = _listed[(account, ofDisks)] = new Listed(found, foreign ?? [], at);
        foreach (var gone in (before?.All ?? []).Select(KeyOf).Except(now.All.Select(KeyOf)))
        {
            _firstSeen.TryRemove(gone, out _);
        }

        foreach (var other in now.Foreign)
        {
            _firstSeen.TryAdd(KeyOf(other), at);
        }

        return [.. found.Where(finding => _firstSeen.TryAdd(KeyOf(finding), at))];
    }

    public Finding? Find(ProviderAccountId account, string name) => _listed.Values
        .SelectMany(listed => listed.Found)
        .FirstOrDefault(finding => finding.Provider == account && finding.Name == name);

    /// <summary>What can be registered by the provider's id: what somebody else made, or a double.</summary>
    public Finding? FindByRemoteId(ProviderAccountId account, string remoteId) => _listed.Values
        .SelectMany(listed => listed.All)
        .FirstOrDefault(finding => finding.Kind is FindingKind.ForeignDisk or FindingKind.DoubleDisk
            && finding.Provider == account && finding.RemoteId == remoteId);

    private static Key KeyOf(Finding finding) => new(
        finding.Provider,
        finding.Kind,
        // One that is renamed while nobody knows it is the same still.
        finding.Kind == FindingKind.ForeignDisk ? null : finding.Name,
        finding.RemoteId);

    private sealed record Key(ProviderAccountId Provider, FindingKind Kind, string? Name, string? RemoteId);

    private sealed record Listed(IReadOnlyList<Finding> Found, IReadOnlyList<Finding> Foreign, DateTimeOffset At)
    {
        public IEnumerable<Finding> All => Found.Concat(Foreign);
    }
}

internal static class FindingKinds
{
    public static string ToWire(this FindingKind kind) => kind switch
    {
        FindingKind.OrphanDisk => "orphan_disk",
        FindingKind.OrphanInstance => "orphan_instance",
        FindingKind.WrongSize => "wrong_size",
        FindingKind.Renamed => "renamed",
        FindingKind.WrongStatus => "wrong_status",
        FindingKind.WrongAttachment => "wrong_attachment",
        FindingKind.DoubleDisk => "double_disk",
        _ => "foreign_disk",
    };

    /// <summary>What a difference of a disk is told as.</summary>
    public static FindingKind Of(DiskDrift what) => what switch
    {
        DiskDrift.Size => FindingKind.WrongSize,
        DiskDrift.Name => FindingKind.Renamed,
        DiskDrift.Status => FindingKind.WrongStatus,
        DiskDrift.Attachment => FindingKind.WrongAttachment,
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "It is not one difference."),
    };
}
