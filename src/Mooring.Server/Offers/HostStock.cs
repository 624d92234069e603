using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Hosts;
using Mooring.Server.Persistence;

namespace Mooring.Server.Offers;

/// <summary>What hosts of ours have left this moment; other providers tell their own stock.</summary>
internal sealed class HostStock
{
    private readonly ILookup<ProviderAccountId, Host> _hosts;
    private readonly IReadOnlyDictionary<(HostId Host, string GpuType), int> _freeGpus;

    private HostStock(IReadOnlyList<Host> hosts, IReadOnlyDictionary<(HostId Host, string GpuType), int> freeGpus)
    {
        _hosts = hosts.ToLookup(host => host.ProviderAccountId);
        _freeGpus = freeGpus;
    }

    public static async Task<HostStock> ReadAsync(MooringDb db, CancellationToken ct)
    {
        var hosts = await db.Hosts.AsNoTracking().ToListAsync(ct);
        var free = await db.HostGpus
            .Where(gpu => gpu.PodId == null)
            .GroupBy(gpu => new { gpu.HostId, gpu.GpuType })
            .Select(group => new { group.Key.HostId, group.Key.GpuType, Count = group.Count() })
            .ToListAsync(ct);
        return new HostStock(hosts, free.ToDictionary(row => (row.HostId, row.GpuType), row => row.Count));
    }

    /// <summary>
    /// How much of an offer there is: on hosts of ours, whether one fits, and whether another one would.
    /// </summary>
    public Stock Of(OfferedInstance offered)
    {
        var hosts = _hosts[offered.Provider.Id].ToList();
        if (hosts.Count == 0)
        {
            return offered.Offer.Stock;
        }

        var fits = hosts.Sum(host => Fits(host, offered));
        return fits switch
        {
            0 => Stock.Unavailable,
            1 => Stock.Low,
            _ => Stock.Available,
        };
    }

    private int Fits(Host host, OfferedInstance offered)
    {
        var offer = offered.Offer;
        if (!host.CanRunPods)
        {
            return 0;
        }

        var fits = Math.Min(
            (host.Vcpus - host.VcpusUsed) / offer.Vcpus, (host.MemoryGiB - host.MemoryGiBUsed) / offer.MemoryGiB);
        // A host that lost CPUs or memory may have promised more than it has.
        fits = Math.Max(0, fits);
        return offer.GpuType == GpuTypes.None
            ? fits
            : Math.Min(fits, _freeGpus.GetValueOrDefault((host.Id, offer.GpuType)) / offer.GpuCount);
    }
}
