using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;

namespace Mooring.Server.Charges;

/// <summary>What one account charged on one day, by what it is for.</summary>
internal sealed record ChargedDay(DateOnly Day, decimal DisksUsd, decimal InstancesUsd, decimal UnmatchedUsd);

/// <summary>What one thing was charged in a time, and what its owner's bill has for the same time.</summary>
internal sealed record ChargedThing(
    ResourceKind Kind, string RemoteId, string? Name, string? ResourceId, decimal ChargedUsd, decimal? AccruedUsd);

/// <summary>
/// What was charged in some days. The database adds up whole millionths of a dollar and the rest apart, as sums of
/// 1e-12 USD would not fit its integers.
/// </summary>
/// <param name="db">The records.</param>
/// <param name="account">The account.</param>
/// <param name="from">The first day, UTC.</param>
/// <param name="to">The last day.</param>
internal sealed class ChargeReport(MooringDb db, ProviderAccountId account, DateOnly from, DateOnly to)
{
    private readonly string _account = account.Value;
    private readonly string _from = ToText(from);
    private readonly string _to = ToText(to);

    /// <summary>The days that have charges, in their order.</summary>
    public async Task<IReadOnlyList<ChargedDay>> DaysAsync(CancellationToken ct)
    {
        var sums = await db.Database.SqlQuery<DaySum>(
            $"""
            SELECT day AS "Day", kind AS "Kind", CASE WHEN resource_id IS NULL THEN 1 ELSE 0 END AS "IsUnmatched",
                CAST(SUM(amount / 1000000) AS bigint) AS "Millionths",
                CAST(SUM(amount % 1000000) AS bigint) AS "Rest"
            FROM provider_charges WHERE provider_account_id = {_account} AND day >= {_from} AND day <= {_to}
            GROUP BY day, kind, CASE WHEN resource_id IS NULL THEN 1 ELSE 0 END ORDER BY day
            """).ToListAsync(ct);
        return
        [
            .. sums.GroupBy(sum => sum.Day).Select(day => new ChargedDay(
                DateOnly.ParseExact(day.Key, "O", CultureInfo.InvariantCulture),
                day.Where(sum => sum.Kind == nameof(ResourceKind.Disk)).Sum(sum => Usd(sum.Millionths, sum.Rest)),
                day.Where(sum => sum.Kind == nameof(ResourceKind.Pod)).Sum(sum => Usd(sum.Millionths, sum.Rest)),
                day.Where(sum => sum.IsUnmatched == 1).Sum(sum => Usd(sum.Millionths, sum.Rest)))),
        ];
    }

    /// <summary>How many things have charges.</summary>
    public async Task<int> CountAsync(CancellationToken ct) => await db.ProviderCharges
        .Where(charge => charge.ProviderAccountId == account && charge.Day >= from && charge.Day <= to)
        .Select(charge => new { charge.Kind, charge.RemoteId })
        .Distinct()
        .CountAsync(ct);

    /// <summary>A page of things, what was charged most first: two queries, however many there are.</summary>
    public async Task<IReadOnlyList<ChargedThing>> ThingsAsync(
        int offset, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var sums = await db.Database.SqlQuery<ThingSum>(
            $"""
            SELECT kind AS "Kind", remote_id AS "RemoteId", MAX(name) AS "Name", MAX(resource_id) AS "ResourceId",
                CAST(SUM(amount / 1000000) AS bigint) AS "Millionths",
                CAST(SUM(amount % 1000000) AS bigint) AS "Rest"
            FROM provider_charges WHERE provider_account_id = {_account} AND day >= {_from} AND day <= {_to}
            GROUP BY kind, remote_id ORDER BY SUM(amount / 1000000) DESC, kind, remote_id
            LIMIT {limit} OFFSET {offset}
            """).ToListAsync(ct);
        List<string> ids = [.. sums.Select(sum => sum.ResourceId).OfType<string>().Distinct()];
        var begin = Clock.StartOf(from);
        var end = Clock.StartOf(to).AddDays(1);
        var spans = (await db.UsageSpans.AsNoTracking()
            .Where(span => ids.Contains(span.ResourceId) && span.From < end && (span.To == null || span.To > begin))
            .ToListAsync(ct)).ToLookup(span => span.ResourceId);
        return
        [
            .. sums.Select(sum => new ChargedThing(
                Enum.Parse<ResourceKind>(sum.Kind),
                sum.RemoteId,
                sum.Name,
                sum.ResourceId,
                Usd(sum.Millionths, sum.Rest),
                sum.ResourceId is { } id ? Accrual.UsdWithin(spans[id], begin, end < now ? end : now) : null)),
        ];
    }

    private static string ToText(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    private static decimal Usd(long millionths, long rest) => (millionths / 1e6m) + (rest / 1e12m);

    private sealed record DaySum(string Day, string Kind, int IsUnmatched, long Millionths, long Rest);

    private sealed record ThingSum(
        string Kind, string RemoteId, string? Name, string? ResourceId, long Millionths, long Rest);
}
