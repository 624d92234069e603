using System.Collections.Concurrent;
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

/// <summary>One account's part of what is offered.</summary>
/// <param name="Provider">The account.</param>
/// <param name="AnsweredAt">When it last answered; null where it has not since the start.</param>
/// <param name="Reason">Why its last answer did not come, in its own words; null where it did.</param>
/// <param name="Disks">Its disks.</param>
/// <param name="Instances">Its instances.</param>
internal sealed record AccountPart(
    Provider Provider,
    DateTimeOffset? AnsweredAt,
    string? Reason,
    IReadOnlyList<OfferedDisk> Disks,
    IReadOnlyList<OfferedInstance> Instances);

/// <summary>What is offered at one moment. A request looks at one of these from its beginning to its end.</summary>
/// <param name="Disks">Disk offers in a stable order, each tuple of contract 14.6 once.</param>
/// <param name="Instances">Instance offers in a stable order, each that a request could name once.</param>
/// <param name="Unlisted">
/// By provider type: why an account of it has not listed its offers since the start, in its own words. What it offers
/// is not known then, so that no request for it can be called wrong.
/// </param>
internal sealed record Listing(
    IReadOnlyList<OfferedDisk> Disks,
    IReadOnlyList<OfferedInstance> Instances,
    IReadOnlyDictionary<string, string> Unlisted)
{
    /// <exception cref="ProviderUnlistedException">What this provider offers is not known.</exception>
    public void RequireListed(string type)
    {
        if (Unlisted.TryGetValue(type, out var words))
        {
            throw new ProviderUnlistedException(type, words);
        }
    }
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
    private static readonly TimeSpan PeriodWhileUnlisted = TimeSpan.FromSeconds(5);

    // A provider that hangs keeps nobody from what the others have.
    private static readonly TimeSpan PatienceForFirstAnswers = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource _firstAnswers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Lock _publishing = new();
    private readonly OfferPrices _prices = new(database, time);

    // Accounts are asked side by side: what one of them writes, another may be looking at.
    private readonly ConcurrentDictionary<ProviderAccountId, IReadOnlyList<OfferedDisk>> _diskAnswers = [];
    private readonly ConcurrentDictionary<ProviderAccountId, IReadOnlyList<OfferedInstance>> _instanceAnswers = [];
    private readonly ConcurrentDictionary<ProviderAccountId, Answered> _answered = [];
    private volatile Listing _current = new([], [], new Dictionary<string, string>());

    /// <summary>What is offered now.</summary>
    public Listing Current => _current;

    /// <summary>Asks every provider account anew, all at once; each answer counts as soon as it is there.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        await _refreshing.WaitAsync(ct);
        try
        {
            await Task.WhenAll(providers.All.Select(provider => RefreshAsync(provider, ct)));
            _firstAnswers.TrySetResult();
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>
    /// Waits until every provider account has answered once since the start, or had five seconds to: the first requests
    /// after a start are not told that nothing is offered. Every other request finds this done.
    /// </summary>
    public Task FirstAnswersAsync(CancellationToken ct) => _firstAnswers.Task.WaitAsync(ct);

    /// <summary>
    /// What each account offers, as of its last answer, whether or not another account's same offer is shown instead.
    /// </summary>
    public IReadOnlyList<AccountPart> Parts =>
    [
        .. providers.All.Select(provider => new AccountPart(
            provider,
            _answered.GetValueOrDefault(provider.Id)?.At,
            _answered.GetValueOrDefault(provider.Id)?.Failure ?? WhyUnlisted(provider),
            _diskAnswers.GetValueOrDefault(provider.Id) ?? [],
            _instanceAnswers.GetValueOrDefault(provider.Id) ?? [])),
    ];

    /// <summary>Shows what is known of the accounts there are: they may have been added, changed or disabled.</summary>
    public void Republish() => Publish(() => { });

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
        await GreetAsync(stoppingToken);
        while (true)
        {
            var isListed = providers.All.All(provider => WhyUnlisted(provider) is null);
            using var period = new CancellationTokenSource(isListed ? Period : PeriodWhileUnlisted, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, period.Token);
            await _changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            await RefreshAndTellAsync(stoppingToken);
        }
    }

    private async Task GreetAsync(CancellationToken ct)
    {
        // Until they have answered, what they offer is unknown, and not nothing.
        Republish();
        try
        {
            var refresh = RefreshAndTellAsync(ct);
            await Task.WhenAny(refresh, Task.Delay(PatienceForFirstAnswers, time, ct));
            if (refresh.IsCompleted)
            {
                await refresh;
            }
            else
            {
                LogSlow();
            }
        }
        finally
        {
            _firstAnswers.TrySetResult();
        }
    }

    private async Task RefreshAndTellAsync(CancellationToken ct)
    {
        try
        {
            await RefreshAsync(ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            // Full records, say: that ends neither the loop nor, with it, the server.
            LogNotStored(exception);
        }
    }

    private async Task RefreshAsync(Provider provider, CancellationToken ct)
    {
        var disks = AskAsync<DiskOffer>(provider, provider.Disks is { } some ? some.ListOffersAsync : null, ct);
        var instances =
            AskAsync<InstanceOffer>(provider, provider.Instances is { } any ? any.ListOffersAsync : null, ct);
        var (diskOffers, diskFailure) = await disks;
        if (diskOffers is not null)
        {
            await StorePoolsAsync(provider, diskOffers, ct);
            await _prices.NoteAsync(provider, diskOffers, ct);
            Publish(() => _diskAnswers[provider.Id] =
                [.. diskOffers.Select(offer => new OfferedDisk(provider, offer))]);
        }

        var (instanceOffers, instanceFailure) = await instances;
        var failure = diskFailure ?? instanceFailure;
        var before = _answered.GetValueOrDefault(provider.Id);
        Publish(() =>
        {
            if (instanceOffers is not null)
            {
                _instanceAnswers[provider.Id] =
                    [.. instanceOffers.Select(offer => new OfferedInstance(provider, offer))];
            }

            _answered[provider.Id] = new Answered(failure is null ? time.GetUtcNow() : before?.At, failure?.Words);
        });
    }

    // One that listed before is listed, whatever it answers now: it keeps its last offers.
    private string? WhyUnlisted(Provider provider) =>
        _diskAnswers.ContainsKey(provider.Id) && _instanceAnswers.ContainsKey(provider.Id)
            ? null
            : _answered.GetValueOrDefault(provider.Id)?.Failure ?? "It has not answered yet.";

    private void Publish(Action change)
    {
        lock (_publishing)
        {
            change();
            _current = new Listing(
                [
                    .. InOrder(_diskAnswers)
                        .DistinctBy(offered => (offered.Provider.Type, offered.Offer.CloudId, offered.Offer.Place)),
                ],
                [.. InOrder(_instanceAnswers).DistinctBy(OfferedInstance.Identity)],
                providers.All.Where(provider => !provider.IsDisabled)
                    .Select(provider => (provider.Type, Words: WhyUnlisted(provider)))
                    .Where(one => one.Words is not null)
                    .DistinctBy(one => one.Type)
                    .ToDictionary(one => one.Type, one => one.Words!));
        }
    }

    private IEnumerable<T> InOrder<T>(ConcurrentDictionary<ProviderAccountId, IReadOnlyList<T>> answers) =>
        providers.All.Where(provider => !provider.IsDisabled)
            .SelectMany(provider => answers.GetValueOrDefault(provider.Id) ?? []);

    /// <summary>A provider's offers, none where it has no such thing, null where it did not answer.</summary>
    private async Task<(IReadOnlyList<TOffer>? Offers, ProviderFailure? Failure)> AskAsync<TOffer>(
        Provider provider, Func<CancellationToken, Task<IReadOnlyList<TOffer>>>? list, CancellationToken ct)
    {
        if (list is null)
        {
            return ([], null);
        }

        var (offers, failure) = await calls.MakeAsync(
            provider.Type, "ListOffers", $"provider account {provider.Id}", list, ct);
        if (failure is not null)
        {
            LogNotListed(provider.Type, provider.Id, failure.Words);
        }

        return (offers, failure);
    }

    private async Task StorePoolsAsync(Provider provider, IReadOnlyList<DiskOffer> offers, CancellationToken ct)
    {
        var said = offers.Select(offer => offer.Pool)
            .OfType<Providers.Disks.CapacityPool>()
            .DistinctBy(pool => pool.Name)
            .ToList();
        List<CapacityPool> known;
        await using (var db = await database.ReadAsync(ct))
        {
            known = await db.CapacityPools.AsNoTracking()
                .Where(pool => pool.ProviderAccountId == provider.Id)
                .ToListAsync(ct);
        }

        var changed = said.FindAll(pool =>
            !known.Exists(row => row.Name == pool.Name && row.CapacityGiB == pool.Capacity.WholeGiB));
        if (changed.Count == 0)
        {
            return;
        }

        await database.WriteAsync(
            async (db, token) =>
            {
                foreach (var pool in changed)
                {
                    await StorePoolAsync(db, provider.Id, pool.Name, pool.Capacity.WholeGiB, time.Now(), token);
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

    /// <summary>When an account last answered, and why its last answer did not come; each may be null.</summary>
    private sealed record Answered(DateTimeOffset? At, string? Failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Provider {Type} ({Account}) did not list its offers: {Words}; its last ones stay")]
    private partial void LogNotListed(string type, ProviderAccountId account, string words);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Not every provider has listed its offers yet; serving without what is missing")]
    private partial void LogSlow();

    [LoggerMessage(Level = LogLevel.Error, Message = "What the providers offer could not be stored")]
    private partial void LogNotStored(Exception exception);
}
