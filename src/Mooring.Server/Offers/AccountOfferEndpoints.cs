using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Offers;

/// <summary><c>/api/mooring/v1/offers</c>: what each provider account offers, with its age.</summary>
internal static class AccountOfferEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 500;

    public static IEndpointRouteBuilder MapAccountOffers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/offers", ListAsync)
            .RequirePermission(Section.Availability)
            .Describe("listAccountOffers", "What each provider account offers, and how old its last answer is.");
        routes.MapGet("/api/mooring/v1/offers/prices", ListPricesAsync)
            .RequirePermission(Section.Availability)
            .Describe("listOfferPrices", "What disk offers have cost and cost now, what was seen last first.")
            .WithQuery(QueryParameter.Slice(LimitByDefault, LimitAtMost));
        return routes;
    }

    private static async Task<Answer<AccountOffersList>> ListAsync(
        OfferCatalog catalog, Database database, TimeProvider time, CancellationToken ct)
    {
        await catalog.FirstAnswersAsync(ct);
        await using var db = await database.ReadAsync(ct);
        var pools = await db.CapacityPools.AsNoTracking().ToListAsync(ct);
        var stock = await HostStock.ReadAsync(db, ct);
        var now = time.GetUtcNow();
        return new AccountOffersList(
        [
            .. catalog.Parts.Select(part => new AccountOffers
            {
                ProviderAccountId = part.Provider.Id.Value,
                Type = part.Provider.Type,
                AnsweredAt = part.AnsweredAt,
                AgeSeconds = part.AnsweredAt is { } at ? (long)Math.Max(0, (now - at).TotalSeconds) : null,
                Reason = part.Reason,
                Disks = [.. part.Disks.Select(one => OfferWire.Of(one, CapacityPool.LeftGiB(one, pools)))],
                Gpus = [.. part.Instances.Select(one => OfferWire.Of(one, stock.Of(one)))],
            }),
        ]);
    }

    private static async Task<Answer<PriceHistory>> ListPricesAsync(
        HttpContext context, Database database, CancellationToken ct)
    {
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        await using var db = await database.ReadAsync(ct);
        var prices = await db.OfferPrices.AsNoTracking()
            .OrderByDescending(price => price.SeenAt)
            .ThenByDescending(price => price.ProviderAccountId)
            .ThenByDescending(price => price.Offer)
            .ThenByDescending(price => price.Ordinal)
            .Skip(slice.Offset)
            .Take(slice.Limit)
            .ToListAsync(ct);
        return new PriceHistory(
            [
                .. prices.Select(price => new PriceSeen
                {
                    ProviderAccountId = price.ProviderAccountId.Value,
                    ProviderType = price.ProviderType,
                    CloudId = price.CloudId,
                    DataCenter = price.DataCenter,
                    PricePerGbHour = price.PricePerGiBHour.Usd,
                    PriceBefore = price.PriceBefore?.Usd,
                    SeenAt = price.SeenAt,
                }),
            ],
            await db.OfferPrices.CountAsync(ct));
    }
}
