using System.Net;
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

    private static readonly string AddressMust =
        "must come with 'key', 'user_id' or 'target', or with days: 'from', and a 'to' of "
        + $"{TrailQuery.DaysOfAddressMost} days from there at the most, today by default";

    public static IEndpointRouteBuilder MapAuditTrail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/mooring/v1/audit", ListAsync).RequirePermission(Section.Admin)
            .Describe("listAuditEntries", "Who changed what, from where, and what was refused; newest first.")
            .WithQuery(
                QueryParameter.Text("key", "Only what the key with this public prefix did."),
                QueryParameter.Text("address", $"Only what came from this address; {AddressMust}."),
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
        HttpContext context, Database database, TimeProvider time, CancellationToken ct)
    {
        var query = new Query(context);
        var user = query.Text("user_id");
        var key = query.Text("key");
        var from = query.Text("address");
        var isAddress = IPAddress.TryParse(from, out var address);
        var wanted = new TrailQuery
        {
            KeyPrefix = key,
            Address = address?.Plain().ToString(),
            UserId = user is null ? null : ResourceIds.ParseUser(user),
            Target = query.Text("target"),
            Action = query.Text("action"),
            IsRefused = query.Flag("refused"),
            From = query.Day("from"),
            To = query.Day("to"),
            Before = query.LargeNumber("before"),
            Limit = query.Number("limit", LimitByDefault, 1, LimitAtMost),
        };
        // Whoever sends the whole key is told so, and not that there is nothing.
        query.Check(
            key is null || ApiKey.IsPrefix(key), "key", "must be a key's public prefix: 12 characters of 0-9 and a-f");
        query.Check(from is null || isAddress, "address", "must be an address, as 203.0.113.7 or 2001:db8::1");
        var today = Clock.DayOf(time.Now());
        query.Check(!isAddress || user is not null || wanted.IsNarrow(today), "address", AddressMust);
        query.Check(!(wanted.From > wanted.To), "from", "must be a day up to 'to'");
        query.Check(wanted.To != DateOnly.MaxValue, "to", "must be a day before 9999-12-31");
        query.Throw();
        if (user is not null && wanted.UserId is null)
        {
            // It is nobody's id.
            return new AuditTrail([], null);
        }

        var page = await wanted.PageAsync(database, ct);
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
