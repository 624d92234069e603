using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mooring.Providers;
using Mooring.Providers.Disks;

namespace Mooring.Server.Tests.Offers;

/// <summary>
/// A disk provider in memory that keeps the rules of <see cref="IDiskProvider"/>, except where a test's script says
/// otherwise. It offers what the vendor's page shows, unless told to offer something else.
/// </summary>
internal sealed class ScriptedDisks : IDiskProvider, IHostAttachable, IForeignDisks, IDiskUsage
{
    public const string Type = "hyperstack";
    public static readonly Place Us1 = new("US-1", "US", "united_states");

    /// <summary>The vendor's page, "Understanding the Response".</summary>
    public static readonly DiskOffer PageOffer = new(
        null, Us1, Money.FromUsd(0.00015m), 0, 100_000, 1, false, Stock.Available, Security.SecureCloud, null, null);

    public ScriptedCalls Calls { get; } = new();

    public ConcurrentDictionary<string, RemoteDisk> Disks { get; } = new();

    public TimeSpan SettlingTime { get; set; }

    public Uri? IdScope { get; set; }

    public IReadOnlyList<DiskOffer> Offers { get; set; } = [PageOffer];

    /// <summary>An offer like the page's, of a stock that is finite.</summary>
    public static DiskOffer PooledOffer(long capacityGiB, string? cloudId = null, bool isMultinode = false) =>
        PageOffer with
        {
            CloudId = cloudId,
            IsMultinode = isMultinode,
            Pool = new CapacityPool("pool", ByteSize.FromGiB(capacityGiB)),
        };

    public async Task<IReadOnlyList<DiskOffer>> ListOffersAsync(CancellationToken ct)
    {
        await Calls.BeginAsync("ListOffers", "", ct);
        return Offers;
    }

    public async Task<DiskObservation> EnsureCreatedAsync(DiskSpec spec, CancellationToken ct)
    {
        await Calls.BeginAsync("EnsureCreated", spec.Name, ct);
        var disk = Find(spec.Ref)?.Value ?? Disks.GetOrAdd(
            spec.Name, name => new RemoteDisk(name, $"remote-{name[^8..]}", spec.Size, RemoteDiskState.Ready));
        return Seen(disk);
    }

    public async Task<DiskObservation> ObserveAsync(DiskRef disk, CancellationToken ct)
    {
        await Calls.BeginAsync("Observe", disk.Name, ct);
        return Find(disk) is { } found ? Seen(found.Value) : DiskObservation.Absent;
    }

    public async Task<DiskObservation> EnsureDeletedAsync(DiskRef disk, CancellationToken ct)
    {
        await Calls.BeginAsync("EnsureDeleted", disk.Name, ct);
        if (Find(disk) is { } own && disk.MayHave(own.Value.RemoteId ?? ""))
        {
            Disks.TryRemove(own);
        }

        return Find(disk) is { } left ? Seen(left.Value) : DiskObservation.Absent;
    }

    public IAsyncEnumerable<RemoteDisk> ListAsync(CancellationToken ct) =>
        ListAllAsync(ct).Where(disk => RemoteName.IsOfMooring(disk.Name));

    public async IAsyncEnumerable<RemoteDisk> ListAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await Calls.BeginAsync("List", "", ct);
        foreach (var disk in Disks.Values)
        {
            yield return disk;
        }
    }

    /// <summary>Bytes that every disk takes up.</summary>
    public ByteSize Used { get; set; } = new(5 << 20);

    public async Task<ByteSize> ReadUsedAsync(DiskRef disk, CancellationToken ct)
    {
        await Calls.BeginAsync("ReadUsed", disk.Name, ct);
        return Find(disk) is not null ? Used : throw new RefusedException("The disk's data is missing.");
    }

    public HostAttachSource Identify(DiskRef disk) => new ImageFileSource($"/disks/{disk.Name}", "ext4");

    public async Task<HostAttachSource> DescribeAttachAsync(DiskRef disk, CancellationToken ct)
    {
        await Calls.BeginAsync("DescribeAttach", disk.Name, ct);
        return Find(disk) is not null
            ? Identify(disk)
            : throw new RefusedException("The disk's data is missing.");
    }

    /// <summary>Changes a disk that is there, without a call.</summary>
    public void Change(string name, Func<RemoteDisk, RemoteDisk> change) => Disks[name] = change(Disks[name]);

    private KeyValuePair<string, RemoteDisk>? Find(DiskRef disk) =>
        disk.Among(Disks, one => one.Value.Name, one => one.Value.RemoteId ?? "") is [var found, ..] ? found : null;

    private static DiskObservation Seen(RemoteDisk disk) => new(disk.State, disk.RemoteId);
}
