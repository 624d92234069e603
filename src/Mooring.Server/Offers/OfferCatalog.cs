using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Offers;

/// <summary>A disk offer, and who makes it.</summary>
internal sealed record OfferedDisk(Provider Provider, DiskOffer Offer);

/// <summary>An instance offer, and who makes it.</summary>
internal sealed record OfferedInstance(Provider Provider, InstanceOffer Offer)
{
    /// <summary>All that a request can tell offers apart by (contract 6.1).</summary>
    public static object Identity(OfferedInstance offered) => (
        offered.Provider.Type,
        offered.Offer.CloudId,
        offered.Offer.GpuType,
        offered.Offer.GpuCount,
        offered.Offer.Socket,
        offered.Offer.Place.DataCenter,
        offered.Offer.Place.Country,
        offered.Offer.Security);
}

/// <summary>
/// What every provider account offers, as of its last answer. Refreshed in the background, so that no request waits for
/// a provider, and one that is slow or dead neither empties nor slows the rest: its last offers stay.
/// </summary>
internal sealed partial class OfferCatalog(
    ProviderRegistry providers,
    Database database,
    ProviderCall calls,
    TimeProvider time,
    ILogger<OfferCatalog> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly SemaphoreSlim _changed = new(0);
    private volatile IReadOnlyList<OfferedDisk> _disks = [];
    private volatile IReadOnlyList<OfferedInstance> _instances = [];

    /// <summary>Disk offers in a stable order, each tuple of contract 14.6 once.</summary>
    public IReadOnlyList<OfferedDisk> Disks => _disks;

    /// <summary>Instance offers in a stable order, each that a request could name once.</summary>
    public IReadOnlyList<OfferedInstance> Instances => _instances;

    /// <summary>Asks every provider account anew, all at once.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        await _refreshing.WaitAsync(ct);
        try
        {
            var disks = await Task.WhenAll(providers.All.Select(provider => AskAsync<DiskOffer>(
                provider, provider.Disks is { } disks ? disks.ListOffersAsync : null, ct)));
            await StorePoolsAsync(providers.All.Zip(disks), ct);
            var merged = Merge(
                providers.All.Zip(disks),
                _disks,
                (provider, offer) => new OfferedDisk(provider, offer),
                offered => offered.Provider);
            _disks =
                [.. merged.DistinctBy(offered => (offered.Provider.Type, offered.Offer.CloudId, offered.Offer.Place))];
            var instances = await Task.WhenAll(providers.All.Select(provider => AskAsync<InstanceOffer>(
                provider, provider.Instances is { } instances ? instances.ListOffersAsync : null, ct)));
            var instancesMerged = Merge(
                providers.All.Zip(instances),
                _instances,
                (provider, offer) => new OfferedInstance(provider, offer),
                offered => offered.Provider);
            _instances = [.. instancesMerged.DistinctBy(OfferedInstance.Identity)];
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Says that a provider offers something else than before; it is asked anew at once.</summary>
    public void TellChanged() => _changed.Release();

    public override void Dispose()
    {
        _changed.Dispose();
        _refreshing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            using var period = new CancellationTokenSource(Period, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, period.Token);
            await _changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is DbUpdateException or System.Data.Common.DbException)
            {
                LogNotStored(exception);
            }
        }
    }

    private static List<TOffered> Merge<TOffer, TOffered>(
        IEnumerable<(Provider Provider, IReadOnlyList<TOffer>? Offers)> answers,
        IReadOnlyList<TOffered> before,
        Func<Provider, TOffer, TOffered> make,
        Func<TOffered, Provider> providerOf) =>
        [.. answers.SelectMany(answer => answer.Offers is null
            ? before.Where(offered => providerOf(offered).Id == answer.Provider.Id)
            : answer.Offers.Select(offer => make(answer.Provider, offer)))];

    /// <summary>A provider's offers, none where it has no such thing, null where it did not answer.</summary>
    private async Task<IReadOnlyList<TOffer>?> AskAsync<TOffer>(
        Provider provider, Func<CancellationToken, Task<IReadOnlyList<TOffer>>>? list, CancellationToken ct)
    {
        if (list is null)
        {
            return [];
        }

        var (offers, failure) = await calls.MakeAsync("List offers", $"provider account {provider.Id}", list, ct);
        if (failure is not null)
        {
            LogNotListed(provider.Type, provider.Id, failure.Words);
        }

        return offers;
    }

    private async Task StorePoolsAsync(
        IEnumerable<(Provider Provider, IReadOnlyList<DiskOffer>? Offers)> answers, CancellationToken ct)
    {
        var said = answers
            .SelectMany(answer => (answer.Offers ?? []).Select(offer => (answer.Provider.Id, offer.Pool)))
            .Where(pair => pair.Pool is not null)
            .Select(pair => (pair.Id, Pool: pair.Pool!))
            .DistinctBy(pair => (pair.Id, pair.Pool.Name))
            .ToList();
        List<CapacityPool> known;
        await using (var db = await database.ReadAsync(ct))
        {
            known = await db.CapacityPools.AsNoTracking().ToListAsync(ct);
        }

        var changed = said.Where(pair => !known.Any(pool => pool.ProviderAccountId == pair.Id
            && pool.Name == pair.Pool.Name
            && pool.CapacityGiB == pair.Pool.Capacity.WholeGiB)).ToList();
        if (changed.Count == 0)
        {
            return;
        }

        await database.WriteAsync(
            async (db, token) =>
            {
                foreach (var (id, pool) in changed)
                {
                    await StorePoolAsync(db, id, pool.Name, pool.Capacity.WholeGiB, time.Now(), token);
                }
            },
            ct);
    }

    private static async Task StorePoolAsync(
        MooringDb db, ProviderAccountId id, string name, long capacity, DateTimeOffset now, CancellationToken ct)
    {
        var updated = await db.CapacityPools
            .Where(row => row.ProviderAccountId == id && row.Name == name)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.CapacityGiB, capacity).SetProperty(row => row.UpdatedAt, now), ct);
        if (updated == 0)
        {
            db.CapacityPools.Add(new CapacityPool
            {
                ProviderAccountId = id,
                Name = name,
                CapacityGiB = capacity,
                PromisedGiB = 0,
                UpdatedAt = now,
            });
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Provider {Type} ({Account}) did not list its offers: {Words}; its last ones stay")]
    private partial void LogNotListed(string type, ProviderAccountId account, string words);

    [LoggerMessage(Level = LogLevel.Error, Message = "What the providers offer could not be stored")]
    private partial void LogNotStored(Exception exception);
}
