using Microsoft.AspNetCore.Builder;
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
    public static IEndpointRouteBuilder MapAccountOffers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/offers", ListAsync)
            .RequirePermission(Section.Availability)
            .Describe("listAccountOffers", "What each provider account offers, and how old its last answer is.");
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
}
