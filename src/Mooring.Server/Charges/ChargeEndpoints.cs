using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.ProviderAccounts;

namespace Mooring.Server.Charges;

/// <summary><c>/api/mooring/v1/providers/{id}/charges</c>: what a provider says that it charges.</summary>
internal static class ChargeEndpoints
{
    private const int DaysAtMost = 366;
    private const int LimitByDefault = 50;
    private const int LimitAtMost = 500;

    public static IEndpointRouteBuilder MapCharges(this IEndpointRouteBuilder routes)
    {
        var charges = routes.MapGroup("/api/mooring/v1/providers/{id}/charges").RequirePermission(Section.Admin);
        charges.MapGet("/", ListAsync)
            .Describe("listProviderCharges", "What an account says that it charged, by day, and what accrued here.")
            .Refuses(typeof(ProviderAccountNotFound))
            .WithQuery(
            [
                QueryParameter.Text(
                    "from", "The first day, as YYYY-MM-DD, UTC; by default the first of the month of the last."),
                QueryParameter.Text("to", "The last day, as YYYY-MM-DD, UTC; today by default."),
                .. QueryParameter.Slice(LimitByDefault, LimitAtMost),
            ]);
        charges.MapPost("/read", ReadAsync)
            .Describe("readProviderCharges", "Asks an account now what it charges, which is done each hour by itself.")
            .Refuses(typeof(ProviderAccountNotFound), typeof(ProviderTellsNoCharges), typeof(ChargesNotRead));
        return routes;
    }

    private static async Task<Answer<ProviderCharges>> ListAsync(
        string id, HttpContext context, Database database, TimeProvider time, CancellationToken ct)
    {
        var now = time.Now();
        var query = new Query(context);
        var (from, to) = query.Days(Clock.DayOf(now), DaysAtMost);
        query.Throw();
        var slice = Slice.From(context, LimitByDefault, LimitAtMost);
        var key = new ProviderAccountId(id);
        await using var db = await database.ReadAsync(ct);
        if (await db.ProviderAccounts.AsNoTracking().SingleOrDefaultAsync(one => one.Id == key, ct) is not { } account)
        {
            return new ProviderAccountNotFound(id);
        }

        var report = new ChargeReport(db, key, from, to);
        var days = await report.DaysAsync(ct);
        return new ProviderCharges
        {
            ProviderAccountId = id,
            Type = account.Type,
            From = from,
            To = to,
            ReadAt = account.ChargesReadAt,
            Reason = account.ChargesReason,
            TotalUsd = days.Sum(day => day.DisksUsd + day.InstancesUsd),
            DisksUsd = days.Sum(day => day.DisksUsd),
            InstancesUsd = days.Sum(day => day.InstancesUsd),
            UnmatchedUsd = days.Sum(day => day.UnmatchedUsd),
            Days = [.. days.Select(ToWire)],
            TotalCount = await report.CountAsync(ct),
            Resources = [.. (await report.ThingsAsync(slice.Offset, slice.Limit, now, ct)).Select(ToWire)],
            Offset = slice.Offset,
            Limit = slice.Limit,
        };
    }

    private static async Task<Answer<ChargesReading>> ReadAsync(
        string id, ChargeReading reading, Database database, CancellationToken ct)
    {
        var key = new ProviderAccountId(id);
        await using (var db = await database.ReadAsync(ct))
        {
            if (!await db.ProviderAccounts.AnyAsync(account => account.Id == key, ct))
            {
                return new ProviderAccountNotFound(id);
            }
        }

        var read = await reading.ReadAsync(key, ct);
        return read.Failed
            ? read.Error
            : new ChargesReading(id, read.Value.From, read.Value.To, read.Value.At, read.Value.Charges);
    }

    private static DayOfCharges ToWire(ChargedDay day) => new()
    {
        Day = day.Day,
        DisksUsd = day.DisksUsd,
        InstancesUsd = day.InstancesUsd,
        UnmatchedUsd = day.UnmatchedUsd,
    };

    private static ChargedResource ToWire(ChargedThing thing) => new()
    {
        Kind = thing.Kind == ResourceKind.Disk ? "disk" : "pod",
        RemoteId = thing.RemoteId,
        Name = thing.Name,
        ResourceId = thing.ResourceId,
        ChargedUsd = thing.ChargedUsd,
        AccruedUsd = thing.AccruedUsd,
    };
}
