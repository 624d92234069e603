using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Providers;
using Mooring.Server.Offers;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Offers;

/// <summary>A price change at the provider is for new disks only, and is recorded and shown.</summary>
public abstract class OfferPriceTests(Backend backend)
{
    private const string Route = "/api/mooring/v1/offers/prices";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_for_new_disks_and_is_written_down_once()
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);
        var old = await mooring.CreateDiskAsync(size: 100);
        var first = TestMooring.Start;
        mooring.Time.Advance(TimeSpan.FromHours(1));

        await OfferAsync(mooring, 0.0003m);
        await OfferAsync(mooring, 0.0003m);
        var made = await mooring.CreateDiskAsync(size: 100);

        (await PriceOfAsync(mooring, old)).ShouldBe(0.015m);
        (await PriceOfAsync(mooring, made)).ShouldBe(0.03m);
        (await ShownAsync(mooring)).ShouldBe([(0.0003m, 0.00015m), (0.00015m, null)]);
        (await mooring.ReadAsync(db => db.OfferPrices.Select(price => price.SeenAt).OrderBy(at => at).FirstAsync(Ct)))
            .ShouldBe(first);
    }

    [Fact]
    public async Task A_start_writes_down_what_is_new_since_the_last_one_alone()
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);

        await mooring.RestartAsync();
        (await ShownAsync(mooring)).ShouldBe([(0.00015m, null)]);
        mooring.Time.Advance(TimeSpan.FromDays(1));
        mooring.Disks.Offers = [ScriptedDisks.PageOffer with { PricePerGiBHour = Money.FromUsd(0.000000000001m) }];
        await mooring.RestartAsync();

        (await ShownAsync(mooring)).ShouldBe([(0.000000000001m, 0.00015m), (0.00015m, null)]);
    }

    [Fact]
    public async Task Each_place_and_kind_has_prices_of_its_own_and_an_offer_that_comes_back_is_no_change()
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);
        var other = ScriptedDisks.PageOffer with { CloudId = "fast/ssd", PricePerGiBHour = Money.FromUsd(0.001m) };
        mooring.Time.Advance(TimeSpan.FromHours(1));
        await OfferAsync(mooring, 0.00015m, other);
        await OfferAsync(mooring, 0.00015m);
        await OfferAsync(mooring, 0.00015m, other);

        (await ShownAsync(mooring)).ShouldBe([(0.001m, null), (0.00015m, null)]);
    }

    [Fact]
    public async Task Two_servers_that_see_one_change_write_one_row()
    {
        await using var store = await Store.OpenAsync(backend);
        var provider = new Provider(Sample.ProviderAccount, ScriptedDisks.Type, new ScriptedDisks(), null);
        OfferPrices[] servers =
        [
            new OfferPrices(store.Database, store.Time), new OfferPrices(store.OfAnotherProcess(), store.Time),
        ];

        foreach (var price in new[] { 1m, 2m, 1m })
        {
            await Task.WhenAll(servers.Select(server => server.NoteAsync(
                provider, [ScriptedDisks.PageOffer with { PricePerGiBHour = Money.FromUsd(price) }], Ct)));
        }

        (await store.ReadAsync(db => db.OfferPrices.AsNoTracking().OrderBy(one => one.Ordinal).ToListAsync(Ct)))
            .Select(one => (one.Ordinal, one.PricePerGiBHour.Usd, one.PriceBefore?.Usd))
            .ShouldBe([(1, 1m, null), (2, 2m, 1m), (3, 1m, 2m)]);
    }

    private static Task OfferAsync(TestMooring mooring, decimal price, params Providers.Disks.DiskOffer[] others)
    {
        mooring.Disks.Offers =
            [ScriptedDisks.PageOffer with { PricePerGiBHour = Money.FromUsd(price) }, .. others];
        return mooring.Services.GetRequiredService<OfferCatalog>().RefreshAsync(Ct);
    }

    private static async Task<decimal> PriceOfAsync(TestMooring mooring, string disk) =>
        (await mooring.GetAsync("/disks/" + disk)).Object["priceHr"]!.GetValue<decimal>();

    private static async Task<List<(decimal, decimal?)>> ShownAsync(TestMooring mooring)
    {
        var shown = (await mooring.SendAsync("GET", Route)).ShouldBe(200);
        shown.Object["totalCount"]!.GetValue<int>().ShouldBe(shown.Data.Count);
        return
        [
            .. shown.Data.Select(one => (
                one["pricePerGbHour"]!.GetValue<decimal>(), one["priceBefore"]?.GetValue<decimal>())),
        ];
    }
}

public sealed class SqliteOfferPriceTests() : OfferPriceTests(Backend.Sqlite);

public sealed class PostgresOfferPriceTests() : OfferPriceTests(Backend.PostgreSql);
