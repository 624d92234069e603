using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Ledger;

/// <summary>What the rows of a report are.</summary>
internal enum CostGroup
{
    Disk,
    Pod,
    Team,
    User,
    Provider,
    Day,
}

/// <summary>A stretch of time that costs are asked for.</summary>
/// <param name="Begin">Its first moment.</param>
/// <param name="End">The first one after it.</param>
/// <param name="Open">Until when what is still billed counts; not after its end.</param>
internal sealed record CostWindow(DateTimeOffset Begin, DateTimeOffset End, DateTimeOffset Open);

/// <summary>
/// Usage spans cut to a window, with what they are grouped by, for the database to add up. One statement in two halves:
/// what ended in the window or later, and what is open; each is read off the index of accounts, so that what ended
/// before costs nothing.
/// </summary>
internal static class CostSpans
{
    // {0} begin, {1} end, {2} open, {3} "Disk", "Pod" or "" for both.
    private const string Cut = """
        (SELECT account_id, resource_id, price_hr,
            CASE WHEN "from" > {0} THEN "from" ELSE {0} END AS begun,
            CASE WHEN "to" < {1} THEN "to" ELSE {1} END AS ended
        FROM usage_spans WHERE "from" < {1} AND "to" > {0} AND ({3} = '' OR kind = {3})
        UNION ALL
        SELECT account_id, resource_id, price_hr, CASE WHEN "from" > {0} THEN "from" ELSE {0} END, {2}
        FROM usage_spans WHERE "from" < {2} AND "to" IS NULL AND ({3} = '' OR kind = {3})) AS cut
        """;

    private const string Columns = """
        cut.account_id AS "AccountId", cut.price_hr AS "PicoUsd", cut.begun AS "Begun", cut.ended AS "Ended"
        """;

    // Whose a thing is stands in its own row, found by its primary key.
    private const string Things =
        Cut + " LEFT JOIN disks ON disks.id = cut.resource_id LEFT JOIN pods ON pods.id = cut.resource_id";

    private const string ByResource = $"SELECT {Columns}, cut.resource_id AS \"Key\" FROM {Cut}";

    private const string ByTeam =
        $"SELECT {Columns}, COALESCE(disks.team_id, pods.team_id, '') AS \"Key\" FROM {Things}";

    private const string ByUser =
        $"SELECT {Columns}, COALESCE(disks.creator_id, pods.creator_id, '') AS \"Key\" FROM {Things}";

    private const string ByProvider =
        $"SELECT {Columns}, COALESCE(disks.provider_account_id, pods.provider_account_id, '') AS \"Key\" FROM {Things}";

    /// <summary>The spans of some accounts, or of all; each lasts longer than nothing.</summary>
    public static IQueryable<CostSpan> Of(
        MooringDb db, IReadOnlyList<AccountId>? accounts, CostGroup group, CostWindow window)
    {
        var sql = group switch
        {
            CostGroup.Team => ByTeam,
            CostGroup.User => ByUser,
            CostGroup.Provider => ByProvider,
            _ => ByResource,
        };
        var spans = db.Database
            .SqlQueryRaw<CostSpan>(
                sql,
                Clock.ToMicroseconds(window.Begin),
                Clock.ToMicroseconds(window.End),
                Clock.ToMicroseconds(window.Open),
                group switch { CostGroup.Disk => "Disk", CostGroup.Pod => "Pod", _ => "" })
            .Where(span => span.Ended > span.Begun);
        if (accounts is null)
        {
            return spans;
        }

        List<string> ids = [.. accounts.Select(account => account.Value)];
        return spans.Where(span => ids.Contains(span.AccountId));
    }

    /// <summary>Adds them up, exactly, as <see cref="Accrual"/> has it: a row for each price.</summary>
    public static async Task<Int128> SumAsync(this IQueryable<CostSpan> spans, CancellationToken ct) =>
        TimeAtPrice.SumOf(await spans
            .GroupBy(span => span.PicoUsd)
            .Select(same => new TimeAtPrice(
                same.Key,
                same.Sum(span => (span.Ended - span.Begun) / 1_000_000),
                same.Sum(span => (span.Ended - span.Begun) % 1_000_000)))
            .ToListAsync(ct));

    /// <summary>The same by what they are grouped by.</summary>
    public static async Task<Dictionary<string, Int128>> SumsAsync(
        this IQueryable<CostSpan> spans, IReadOnlyCollection<string> keys, CancellationToken ct) =>
        (await spans
            .Where(span => keys.Contains(span.Key))
            .GroupBy(span => new { span.Key, span.PicoUsd })
            .Select(same => new
            {
                same.Key.Key,
                Time = new TimeAtPrice(
                    same.Key.PicoUsd,
                    same.Sum(span => (span.Ended - span.Begun) / 1_000_000),
                    same.Sum(span => (span.Ended - span.Begun) % 1_000_000)),
            })
            .ToListAsync(ct))
        .GroupBy(row => row.Key)
        .ToDictionary(rows => rows.Key, rows => TimeAtPrice.SumOf(rows.Select(row => row.Time)));
}

/// <summary>A usage span, cut to a window.</summary>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Key">What it is grouped by.</param>
/// <param name="PicoUsd">1e-12 USD per hour.</param>
/// <param name="Begun">Microseconds since 1970.</param>
/// <param name="Ended">Microseconds since 1970.</param>
internal sealed record CostSpan(string AccountId, string Key, long PicoUsd, long Begun, long Ended);
