using Microsoft.EntityFrameworkCore;
using Mooring.Providers.Billing;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;

namespace Mooring.Server.Charges;

/// <summary>
/// Which disks and pods of ours charges are for: by the provider's id, as not every bill says names; else by the name,
/// which a second one that was made by mistake, and removed, bears too.
/// </summary>
internal sealed class Ours
{
    private const int KeysPerQuery = 500;

    private readonly Dictionary<(ResourceKind Kind, string RemoteId), string> _byId = [];
    private readonly Dictionary<(ResourceKind Kind, string Name), string> _byName = [];

    private Ours()
    {
    }

    public static ResourceKind KindOf(Charge charge) =>
        charge.Kind == ChargedKind.Disk ? ResourceKind.Disk : ResourceKind.Pod;

    public string? IdOf(Charge charge) =>
        _byId.TryGetValue((KindOf(charge), charge.RemoteId), out var id) ? id
        : charge.Name is { } name && _byName.TryGetValue((KindOf(charge), name), out id) ? id
        : null;

    public static async Task<Ours> FindAsync(
        MooringDb db, ProviderAccountId account, IReadOnlyList<Charge> charges, CancellationToken ct)
    {
        var disks = db.Disks.Where(disk => disk.ProviderAccountId == account);
        var pods = db.Pods.Where(pod => pod.ProviderAccountId == account);
        var ours = new Ours();
        foreach (var kind in new[] { ResourceKind.Disk, ResourceKind.Pod })
        {
            var ofKind = charges.Where(charge => KindOf(charge) == kind).ToList();
            await AddAsync(
                ours._byId,
                kind,
                ofKind.Select(charge => charge.RemoteId),
                ids => kind == ResourceKind.Disk
                    ? disks.Where(disk => disk.RemoteId != null && ids.Contains(disk.RemoteId))
                        .Select(disk => new Row(disk.RemoteId!, disk.Id.Value))
                    : pods.Where(pod => pod.RemoteId != null && ids.Contains(pod.RemoteId))
                        .Select(pod => new Row(pod.RemoteId!, pod.Id.Value)),
                ct);
            await AddAsync(
                ours._byName,
                kind,
                ofKind.Where(charge => ours.IdOf(charge) is null).Select(charge => charge.Name).OfType<string>(),
                names => kind == ResourceKind.Disk
                    ? disks.Where(disk => names.Contains(disk.RemoteName))
                        .Select(disk => new Row(disk.RemoteName, disk.Id.Value))
                    : pods.Where(pod => names.Contains(pod.RemoteName))
                        .Select(pod => new Row(pod.RemoteName, pod.Id.Value)),
                ct);
        }

        return ours;
    }

    private static async Task AddAsync(
        Dictionary<(ResourceKind, string), string> known,
        ResourceKind kind,
        IEnumerable<string> keys,
        Func<List<string>, IQueryable<Row>> find,
        CancellationToken ct)
    {
        foreach (var chunk in keys.Distinct().Chunk(KeysPerQuery))
        {
            foreach (var row in await find([.. chunk]).ToListAsync(ct))
            {
                known[(kind, row.Key)] = row.Id;
            }
        }
    }

    private sealed record Row(string Key, string Id);
}
