using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Inventory;

/// <summary><c>/api/mooring/v1/stuck</c>: what is overdue or can't be read, oldest first.</summary>
internal static class StuckEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 500;

    public static IEndpointRouteBuilder MapStuck(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/stuck", ListAsync)
            .RequirePermission(Section.Disks)
            .RequirePermission(Section.Instances)
            .Describe("listStuck", "Disks and instances that are overdue or can't be read, oldest first.")
            .WithQuery(QueryParameter.Number(
                "limit", $"Rows at the most, 1 to {LimitAtMost}; {LimitByDefault} by default."));
        return routes;
    }

    private static async Task<Answer<StuckList>> ListAsync(
        HttpContext context,
        Caller caller,
        Database database,
        MooringOptions options,
        TimeProvider time,
        CancellationToken ct)
    {
        var query = new Query(context);
        var limit = query.Number("limit", LimitByDefault, 1, LimitAtMost);
        query.Throw();
        await using var db = await database.ReadAsync(ct);
        var stuck = new Stuck(db, caller.ReadsAll ? null : caller.Accounts, options, time.Now(), limit);
        return new StuckList(await stuck.ListAsync(ct));
    }
}
