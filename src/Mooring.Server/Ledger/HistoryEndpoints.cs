using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;
using Mooring.Server.Wallets;

namespace Mooring.Server.Ledger;

/// <summary><c>/api/mooring/v1/{disks,pods,wallets}/{id}/events</c>: what has happened to each, oldest first.</summary>
internal static class HistoryEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 500;

    public static IEndpointRouteBuilder MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/disks/{id}/events", ListOfDiskAsync).RequirePermission(Section.Disks)
            .Describe("listDiskEvents", "What has happened to a disk, oldest first.")
            .Refuses(typeof(DiskNotFound))
            .WithQuery(Part.Parameters);
        routes.MapGet("/api/mooring/v1/pods/{id}/events", ListOfPodAsync).RequirePermission(Section.Instances)
            .Describe("listPodEvents", "What has happened to an instance, oldest first.")
            .Refuses(typeof(PodNotFound))
            .WithQuery(Part.Parameters);
        routes.MapGet("/api/mooring/v1/wallets/{id}/events", ListOfWalletAsync).RequirePermission(Section.Billing)
            .Describe("listWalletEvents", "What has happened to a wallet, oldest first.")
            .Refuses(typeof(WalletNotFound))
            .WithQuery(Part.Parameters);
        return routes;
    }

    /// <summary>A fact's name on the wire, for example <c>ATTACH_BEGUN</c>.</summary>
    public static string ToWire(this Happened what) => SnakeCase.Of(what.ToString()).ToUpperInvariant();

    private static async Task<Answer<HistoryPage>> ListOfDiskAsync(
        string id, HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var part = Part.From(context);
        await using var db = await database.ReadAsync(ct);
        return await DiskEndpoints.FindAsync(db, caller, id, ct) is { } disk
            ? await ListAsync(db, disk.Id.Value, part, ct)
            : new DiskNotFound(id);
    }

    private static async Task<Answer<HistoryPage>> ListOfPodAsync(
        string id, HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var part = Part.From(context);
        await using var db = await database.ReadAsync(ct);
        return await PodEndpoints.FindAsync(db, caller, id, ct) is { } pod
            ? await ListAsync(db, pod.Id.Value, part, ct)
            : new PodNotFound(id);
    }

    private static async Task<Answer<HistoryPage>> ListOfWalletAsync(
        string id, HttpContext context, Caller caller, Database database, CancellationToken ct)
    {
        var part = Part.From(context);
        await using var db = await database.ReadAsync(ct);
        return await Wallets.WalletEndpoints.FindAsync(db, caller, id, ct) is { } row
            ? await ListAsync(db, row.Wallet.Id.Value, part, ct)
            : new WalletNotFound(id);
    }

    private static async Task<HistoryPage> ListAsync(MooringDb db, string id, Part part, CancellationToken ct)
    {
        // One more than asked for tells whether there is a next page.
        var found = await db.Events.AsNoTracking()
            .Where(happened => happened.ResourceId == id && happened.Number > part.After)
            .OrderBy(happened => happened.Number)
            .Take(part.Limit + 1)
            .ToListAsync(ct);
        var page = found.Take(part.Limit).ToList();
        return new HistoryPage
        {
            Data =
            [
                .. page.Select(happened => new HistoryEvent
                {
                    Number = happened.Number,
                    At = happened.At,
                    What = happened.What.ToWire(),
                    Status = happened.Status,
                    Words = happened.Words,
                    PriceHr = happened.Rate?.Usd,
                }),
            ],
            Next = found.Count > page.Count ? page[^1].Number : null,
        };
    }

    private readonly record struct Part(long After, int Limit)
    {
        public static readonly QueryParameter[] Parameters =
        [
            QueryParameter.Number("after", "Only events with a greater number, as 'next' gives it; 0 by default."),
            QueryParameter.Number("limit", $"Events at the most, 1 to {LimitAtMost}; {LimitByDefault} by default."),
        ];

        public static Part From(HttpContext context)
        {
            var query = new Query(context);
            var part = new Part(
                query.LargeNumber("after"), query.Number("limit", LimitByDefault, 1, LimitAtMost));
            query.Throw();
            return part;
        }
    }
}
