using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Ledger;

/// <summary><c>/api/mooring/v1/costs</c>: what has been used, by whom and when.</summary>
internal static class CostEndpoints
{
    private const int DaysAtMost = 366;
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 1_000;
    private static readonly string[] Groups = [.. Enum.GetValues<CostGroup>().Select(ToWire)];
    private static readonly string[] Formats = ["json", "csv"];

    public static IEndpointRouteBuilder MapCosts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/costs", ReadAsync).RequirePermission(Section.Billing)
            .Describe("readCosts", "What has been used, by disk, pod, team, user, provider or day, with a forecast.")
            .WithMetadata(new ProducesResponseTypeMetadata(
                StatusCodes.Status200OK, typeof(Costs), ["application/json", CostCsv.ContentType]))
            .WithQuery(
            [
                QueryParameter.OneOf("group_by", Groups, "What the rows are; disk by default."),
                QueryParameter.Text(
                    "from", "The first day, as YYYY-MM-DD, UTC; by default the first of the month of the last."),
                QueryParameter.Text("to", "The last day, as YYYY-MM-DD, UTC; today by default."),
                QueryParameter.OneOf(
                    "format", Formats, "json or csv; by default what the header Accept names, and json without it."),
                QueryParameter.ForAll("everybody's costs are"),
                .. QueryParameter.Slice(LimitByDefault, LimitAtMost),
            ]);
        return routes;
    }

    /// <summary>A group as a query names it, for example <c>disk</c>.</summary>
    public static string ToWire(this CostGroup group) => SnakeCase.Of(group.ToString());

    private static async Task<IResult> ReadAsync(
        HttpContext context, Caller caller, Database database, TimeProvider time, CancellationToken ct)
    {
        var now = time.Now();
        var query = new Query(context);
        var group = query.OneOf("group_by", Groups);
        var format = query.OneOf("format", Formats);
        var isForAll = query.ForAll(caller);
        var (from, to) = query.Days(Clock.DayOf(now), DaysAtMost);
        query.Throw();
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        if (isForAll.Failed)
        {
            return (Answer<Costs>)isForAll.Error;
        }

        var wanted = new CostsWanted(
            isForAll.Value ? null : caller.Accounts,
            group is null ? CostGroup.Disk : (CostGroup)Array.IndexOf(Groups, group),
            from,
            to,
            slice.Offset,
            slice.Limit);
        Costs costs;
        await using (var snapshot = await Snapshot.TakeAsync(database, ct))
        {
            costs = await new CostReport(snapshot.Db, wanted, now).MakeAsync(ct);
        }

        context.Response.Headers.Vary = HeaderNames.Accept;
        return format == "csv" || (format is null && AsksForCsv(context.Request))
            ? new CostCsv(costs)
            : (Answer<Costs>)costs;
    }

    // Who names it wants it, whatever else would do; a browser, which takes anything, does not name it.
    private static bool AsksForCsv(HttpRequest request) => request.GetTypedHeaders().Accept
        .Any(accepted => accepted.MediaType.Equals(CostCsv.ContentType, StringComparison.OrdinalIgnoreCase)
            && accepted.Quality is null or > 0);
}
