using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using DiskOffer = Mooring.Contract.V1.DiskOffer;
using GpuOffersByType = System.Collections.Generic.IReadOnlyDictionary<
    string, System.Collections.Generic.IReadOnlyList<Mooring.Contract.V1.GpuOffer>>;
using PriceSummary = System.Collections.Generic.IReadOnlyDictionary<
    string,
    System.Collections.Generic.IReadOnlyDictionary<
        string,
        System.Collections.Generic.IReadOnlyDictionary<string, Mooring.Contract.V1.SummaryPrice>>>;

namespace Mooring.Server.Offers;

/// <summary>GET <c>/api/v1/availability/…</c> (contract, section 5).</summary>
internal static class AvailabilityEndpoints
{
    internal static readonly QueryParameter[] PlaceParameters =
    [
        QueryParameter.OneOf("regions", KnownValues.Regions, "Only offers in this region; may be given several times.")
            .Repeated(),
        QueryParameter.Text("data_center_id", "Only offers in this data center."),
        QueryParameter.Text("cloud_id", "Only offers with this cloudId."),
    ];

    public static IEndpointRouteBuilder MapAvailability(this IEndpointRouteBuilder routes)
    {
        var availability = routes.MapGroup("/api/v1/availability").RequirePermission(Section.Availability);
        availability.MapGet("/disks", ListDisksAsync)
            .Describe("listDiskOffers", "Where disks can be had now, and at what price.")
            .Produces<IReadOnlyList<DiskOffer>>()
            .AnswersAlso<OfferPage<DiskOffer>>()
            .WithQuery(
            [
                .. Page.Parameters(Page.SizeAtMost),
                .. PlaceParameters,
                QueryParameter.Flag(
                    "envelope",
                    "Whether the offers come as 'items' of an object with 'totalCount', or as an array. Without it the "
                    + "client's User-Agent decides, then the operator's setting."),
            ]);
        availability.MapGet("/gpus", ListGpusAsync)
            .Describe("listGpuOffers", "Instances that can be had now, and at what price.")
            .Refuses(typeof(DiskNotFound))
            .WithQuery([.. Page.Parameters(Page.SizeAtMost), .. GpuFilter.Parameters]);
        availability.MapGet("/multi-node", ListMultiNode)
            .Describe("listMultiNodeOffers", "Clusters of several nodes that can be had now.")
            .WithQuery([.. Page.Parameters(Page.SizeAtMost), .. GpuFilter.Parameters]);
        availability.MapGet("/gpu-summary", SummarizeGpusAsync)
            .Describe("summarizeGpus", "The cheapest price of an instance by GPU type, GPU count and region.");
        availability.MapGet("/multi-node-summary", SummarizeMultiNode)
            .Describe("summarizeMultiNode", "The cheapest price of a cluster by GPU type, GPU count and region.");
        availability.MapGet("/", GroupGpusAsync)
            .Describe("listGpuOffersByType", "Instances that can be had now, by GPU type: the older form of /gpus.")
            .Refuses(typeof(DiskNotFound))
            .WithQuery([.. Page.Parameters(Page.LegacySizeAtMost), .. GpuFilter.Parameters]);
        availability.MapGet("/clusters", GroupClusters)
            .Describe("listClusterOffersByType", "Clusters that can be had now: the older form of /multi-node.")
            .WithQuery([.. Page.Parameters(Page.LegacySizeAtMost), .. GpuFilter.Parameters]);
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
        var envelope = query.Flag("envelope");
        query.Throw();

        await catalog.FirstAnswersAsync(ct);
        List<CapacityPool> pools;
        await using (var db = await database.ReadAsync(ct))
        {
            pools = await db.CapacityPools.AsNoTracking().ToListAsync(ct);
        }

        var offers = catalog.Current.Disks
            .Where(offered => regions.Count == 0 || regions.Contains(offered.Offer.Place.Region))
            .Where(offered => dataCenter is null || offered.Offer.Place.DataCenter == dataCenter)
            .Where(offered => cloudId is null || offered.Offer.CloudId == cloudId)
            .ToList();
        IReadOnlyList<DiskOffer> items =
            [.. page.Of(offers).Select(offered => OfferWire.Of(offered, CapacityPool.LeftGiB(offered, pools)))];
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
        var found = await FindGpusAsync(context, page, caller, catalog, database, ct);
        return found.Failed ? found.Error : found.Value;
    }

    private static async Task<Answer<GpuOffersByType>> GroupGpusAsync(
        HttpContext context, Caller caller, OfferCatalog catalog, Database database, CancellationToken ct)
    {
        var page = Page.From(context, Page.LegacySizeAtMost);
        var found = await FindGpusAsync(context, page, caller, catalog, database, ct);
        return found.Failed
            ? found.Error
            : Answer<GpuOffersByType>.Ok(found.Value.Items.GroupBy(offer => offer.GpuType)
                .ToDictionary(type => type.Key, type => (IReadOnlyList<GpuOffer>)[.. type]));
    }

    private static async Task<Result<OfferPage<GpuOffer>>> FindGpusAsync(
        HttpContext context, Page page, Caller caller, OfferCatalog catalog, Database database, CancellationToken ct)
    {
        var filter = GpuFilter.From(context);
        await catalog.FirstAnswersAsync(ct);
        await using var db = await database.ReadAsync(ct);
        var near = await DiskPlaces.FindAsync(db, caller.Accounts, filter.Disks, ct);
        if (near.Failed)
        {
            return near.Error;
        }

        var stock = await HostStock.ReadAsync(db, ct);
        var offers = catalog.Current.Instances
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

    private static Answer<GpuOffersByType> GroupClusters(HttpContext context)
    {
        _ = Page.From(context, Page.LegacySizeAtMost);
        _ = GpuFilter.From(context);
        return Answer<GpuOffersByType>.Ok(new Dictionary<string, IReadOnlyList<GpuOffer>>());
    }

    private static async Task<Answer<PriceSummary>> SummarizeGpusAsync(
        OfferCatalog catalog, Database database, CancellationToken ct)
    {
        await catalog.FirstAnswersAsync(ct);
        await using var db = await database.ReadAsync(ct);
        var stock = await HostStock.ReadAsync(db, ct);
        return Answer<PriceSummary>.Ok(
            OfferWire.Summarize(catalog.Current.Instances.Where(offered => stock.Of(offered) != Stock.Unavailable)));
    }

    private static Answer<PriceSummary> SummarizeMultiNode() => Answer<PriceSummary>.Ok(OfferWire.Summarize([]));

    private static bool WantsEnvelope(HttpRequest request, bool? asked, MooringOptions options) =>
        asked
        ?? (request.Headers.UserAgent.ToString().StartsWith("prime-cli/", StringComparison.Ordinal)
            || options.DiskAvailabilityEnvelope);
}

/// <summary>
/// A page of availability: <c>page</c> from 1, <c>page_size</c> 1 to 100, or to 500 on the older routes (contract,
/// section 1 and 5.3).
/// </summary>
internal readonly record struct Page(int Number, int Size)
{
    public const int SizeAtMost = 100;
    public const int LegacySizeAtMost = 500;
    private const int NumberAtMost = 1_000_000;

    public static QueryParameter[] Parameters(int sizeAtMost) =>
    [
        QueryParameter.Number("page", "The page, from 1; 1 by default."),
        QueryParameter.Number("page_size", $"Offers a page, 1 to {sizeAtMost}; {sizeAtMost} by default."),
    ];

    public static Page From(HttpContext context, int sizeAtMost = SizeAtMost)
    {
        var query = new Query(context);
        var page = new Page(
            query.Number("page", 1, 1, NumberAtMost), query.Number("page_size", sizeAtMost, 1, sizeAtMost));
        query.Throw();
        return page;
    }

    public IEnumerable<T> Of<T>(IReadOnlyList<T> all) => all.Skip((Number - 1) * Size).Take(Size);
}
