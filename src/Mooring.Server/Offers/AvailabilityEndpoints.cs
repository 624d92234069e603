using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using DiskOffer = Mooring.Contract.V1.DiskOffer;

namespace Mooring.Server.Offers;

/// <summary>GET <c>/api/v1/availability/…</c> (contract, section 5).</summary>
internal static class AvailabilityEndpoints
{
    public static IEndpointRouteBuilder MapAvailability(this IEndpointRouteBuilder routes)
    {
        var availability = routes.MapGroup("/api/v1/availability").RequirePermission(Section.Availability);
        availability.MapGet("/disks", ListDisksAsync);
        availability.MapGet("/gpus", ListGpusAsync);
        availability.MapGet("/multi-node", ListMultiNode);
        availability.MapGet("/gpu-summary", SummarizeGpusAsync);
        return routes;
    }

    // One path, two shapes (contract 13, D2): the vendor's page shows an array, its CLI reads only an object.
    private static async Task<IResult> ListDisksAsync(
        HttpContext context, OfferCatalog catalog, Database database, MooringOptions options, CancellationToken ct)
    {
        var page = Page.From(context);
        var query = new Query(context);
        var regions = query.ManyOf("regions", KnownValues.Regions);
        var dataCenter = query.Text("data_center_id");
        var cloudId = query.Text("cloud_id");
        var envelope = query.OneOf("envelope", ["true", "false"]);
        query.Throw();

        List<CapacityPool> pools;
        await using (var db = await database.ReadAsync(ct))
        {
            pools = await db.CapacityPools.AsNoTracking().ToListAsync(ct);
        }

        var offers = catalog.Disks
            .Where(offered => regions.Count == 0 || regions.Contains(offered.Offer.Place.Region))
            .Where(offered => dataCenter is null || offered.Offer.Place.DataCenter == dataCenter)
            .Where(offered => cloudId is null || offered.Offer.CloudId == cloudId)
            .ToList();
        IReadOnlyList<DiskOffer> items =
            [.. page.Of(offers).Select(offered => OfferWire.Of(offered, LeftGiB(offered, pools)))];
        context.Response.Headers.Vary = "User-Agent";
        if (WantsEnvelope(context.Request, envelope, options))
        {
            return (Answer<OfferPage<DiskOffer>>)new OfferPage<DiskOffer>(items, offers.Count);
        }

        context.Response.Headers["X-Total-Count"] = offers.Count.ToString(CultureInfo.InvariantCulture);
        return Answer<IReadOnlyList<DiskOffer>>.Ok(items);
    }

    private static async Task<Answer<OfferPage<GpuOffer>>> ListGpusAsync(
        HttpContext context, Caller caller, OfferCatalog catalog, Database database, CancellationToken ct)
    {
        var page = Page.From(context);
        var filter = GpuFilter.From(context);
        await using var db = await database.ReadAsync(ct);
        var near = await DiskPlaces.FindAsync(db, caller.AccountId, filter.Disks, ct);
        if (near.Failed)
        {
            return near.Error;
        }

        var stock = await HostStock.ReadAsync(db, ct);
        var offers = catalog.Instances
            .Where(filter.Admits)
            .Where(offered => near.Value.All(place => place.Holds(offered)))
            .ToList();
        return new OfferPage<GpuOffer>(
            [.. page.Of(offers).Select(offered => OfferWire.Of(offered, stock.Of(offered)))], offers.Count);
    }

    // Providers that rent clusters come later; none of today's has any, which is an empty list and no error.
    private static Answer<OfferPage<GpuOffer>> ListMultiNode(HttpContext context)
    {
        _ = Page.From(context);
        _ = GpuFilter.From(context);
        return new OfferPage<GpuOffer>([], 0);
    }

    private static async Task<IResult> SummarizeGpusAsync(OfferCatalog catalog, Database database, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        var stock = await HostStock.ReadAsync(db, ct);
        return Answer<
            IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, SummaryPrice>>>>
            .Ok(OfferWire.Summarize(catalog.Instances.Where(offered => stock.Of(offered) != Stock.Unavailable)));
    }

    private static long? LeftGiB(OfferedDisk offered, List<CapacityPool> pools) =>
        pools.Find(pool =>
            pool.ProviderAccountId == offered.Provider.Id && pool.Name == offered.Offer.Pool?.Name) is { } pool
            ? Math.Max(0, pool.CapacityGiB - pool.PromisedGiB)
            : null;

    private static bool WantsEnvelope(HttpRequest request, string? asked, MooringOptions options) =>
        asked is not null ? asked == "true"
        : request.Headers.UserAgent.ToString().StartsWith("prime-cli/", StringComparison.Ordinal)
            || options.DiskAvailabilityEnvelope;
}

/// <summary>A page of availability: <c>page</c> from 1, <c>page_size</c> 1 to 100 (contract, section 1).</summary>
internal readonly record struct Page(int Number, int Size)
{
    public static Page From(HttpContext context)
    {
        var query = new Query(context);
        var page = new Page(query.Number("page", 1, 1, 1_000_000), query.Number("page_size", 100, 1, 100));
        query.Throw();
        return page;
    }

    public IEnumerable<T> Of<T>(IReadOnlyList<T> all) => all.Skip((Number - 1) * Size).Take(Size);
}
