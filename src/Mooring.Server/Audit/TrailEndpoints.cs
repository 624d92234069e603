using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Audit;

/// <summary>GET <c>/api/mooring/v1/audit</c>: who did what, from where, and who was refused. For operators.</summary>
internal static class TrailEndpoints
{
    private const int LimitByDefault = 100;
    private const int LimitAtMost = 500;

    public static IEndpointRouteBuilder MapAuditTrail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/audit", ListAsync).RequirePermission(Section.Admin)
            .Describe("listAuditEntries", "Who changed what, from where, and what was refused; newest first.")
            .WithQuery(
                QueryParameter.Text("user_id", "Only what this user's keys did."),
                QueryParameter.Text("target", "Only what was done to the thing with this id."),
                QueryParameter.Text("action", "Only this, by the route's name in this reference: createDisk, say."),
                QueryParameter.Flag("refused", "Only what was refused, or only what was done."),
                QueryParameter.Text("from", "The first day, as YYYY-MM-DD, UTC."),
                QueryParameter.Text("to", "The last day, as YYYY-MM-DD, UTC."),
                QueryParameter.Number("before", "Only entries older than the one with this number; a page's 'next'."),
                QueryParameter.Number("limit", $"Rows at the most, 1 to {LimitAtMost}; {LimitByDefault} by default."));
        return routes;
    }

    private static async Task<Answer<AuditTrail>> ListAsync(
        HttpContext context, Database database, CancellationToken ct)
    {
        var query = new Query(context);
        var user = query.Text("user_id");
        var wanted = new TrailQuery
        {
            UserId = user is null ? null : ResourceIds.ParseUser(user),
            Target = query.Text("target"),
            Action = query.Text("action"),
            IsRefused = query.Flag("refused"),
            From = query.Day("from"),
            To = query.Day("to"),
            Before = query.LargeNumber("before"),
            Limit = query.Number("limit", LimitByDefault, 1, LimitAtMost),
        };
        query.Check(!(wanted.From > wanted.To), "from", "must be a day up to 'to'");
        query.Check(wanted.To != DateOnly.MaxValue, "to", "must be a day before 9999-12-31");
        query.Throw();
        if (user is not null && wanted.UserId is null)
        {
            // It is nobody's id.
            return new AuditTrail([], null);
        }

        await using var db = await database.ReadAsync(ct);
        var page = await wanted.PageAsync(db, ct);
        return new AuditTrail(
            [.. page.Select(Wire)], page.Count == wanted.Limit ? page[^1].Number : null);
    }

    private static AuditTrailEntry Wire(AuditEntry entry) => new()
    {
        Number = entry.Number,
        At = entry.At,
        KeyPrefix = entry.KeyPrefix,
        UserId = entry.UserId?.Value,
        AccountId = entry.AccountId?.Value,
        Address = entry.Address,
        RequestId = entry.RequestId,
        Action = entry.Action,
        Target = entry.Target,
        Status = entry.Status,
        Words = entry.Words,
    };
}
