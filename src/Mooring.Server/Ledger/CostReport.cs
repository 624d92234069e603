using Microsoft.EntityFrameworkCore;
using Mooring.Contract.Native;
using Mooring.Server.Persistence;

namespace Mooring.Server.Ledger;

/// <summary>Which costs are wanted.</summary>
/// <param name="Accounts">Whose; null for everybody's.</param>
/// <param name="Group">What the rows are.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Offset">Rows to leave out.</param>
/// <param name="Limit">Rows at the most.</param>
internal sealed record CostsWanted(
    IReadOnlyList<AccountId>? Accounts, CostGroup Group, DateOnly From, DateOnly To, int Offset, int Limit);

/// <summary>
/// A report of costs: the same few queries however many rows there are. The database adds up times by their price, and
/// what is exact is made of that here; only the order of rows goes by sums that the database has rounded.
/// </summary>
/// <param name="db">One consistent state of the records.</param>
/// <param name="wanted">What is wanted.</param>
/// <param name="now">Until when what is billed now counts.</param>
internal sealed class CostReport(MooringDb db, CostsWanted wanted, DateTimeOffset now)
{
    private const string Currency = "USD";

    public async Task<Costs> MakeAsync(CancellationToken ct)
    {
        var spans = CostSpans.Of(db, wanted.Accounts, wanted.Group, WindowOf(wanted, now));
        var month = CostSpans.Of(db, wanted.Accounts, wanted.Group, MonthOf(now));
        var costs = new Costs
        {
            GroupBy = wanted.Group.ToWire(),
            From = wanted.From,
            To = wanted.To,
            Currency = Currency,
            TotalUsd = Accrual.Usd(await spans.SumAsync(ct)),
            ForecastUsd = Accrual.Usd(await month.SumAsync(ct)),
            TotalCount = 0,
            Offset = wanted.Offset,
            Limit = wanted.Limit,
            Data = [],
        };
        if (wanted.Group == CostGroup.Day)
        {
            var today = Clock.DayOf(now);
            var days = await DailyCosts.OfAsync(spans, wanted.From, wanted.To < today ? wanted.To : today, ct);
            return costs with
            {
                TotalCount = days.Count,
                Data = [.. days.Skip(wanted.Offset).Take(wanted.Limit).Select(Row)],
            };
        }

        var keys = await spans
            .GroupBy(span => span.Key)
            .Select(same => new { same.Key, Cost = same.Sum(span => span.PicoUsd * 1.0 * (span.Ended - span.Begun)) })
            .OrderByDescending(row => row.Cost)
            .ThenBy(row => row.Key)
            .Skip(wanted.Offset)
            .Take(wanted.Limit)
            .Select(row => row.Key)
            .ToListAsync(ct);
        if (keys.Count == 0)
        {
            return costs with { TotalCount = await CountAsync(spans, ct) };
        }

        var sums = await spans.SumsAsync(keys, ct);
        var forecasts = await month.SumsAsync(keys, ct);
        var known = await new CostSubjects(db, now).OfAsync(wanted.Group, keys, ct);
        return costs with
        {
            TotalCount = await CountAsync(spans, ct),
            Data =
            [
                .. keys.Select(key => known(key) with
                {
                    Usd = Accrual.Usd(sums.GetValueOrDefault(key)),
                    ForecastUsd = Accrual.Usd(forecasts.GetValueOrDefault(key)),
                }),
            ],
        };
    }

    /// <summary>A row that says nothing yet.</summary>
    public static CostRow RowOf(string? id, string? name) => new()
    {
        Id = id,
        Name = name,
        Usd = 0,
        ForecastUsd = null,
        Status = null,
        PriceHr = null,
        CostToDate = null,
        IdleSince = null,
        IdleCost = null,
    };

    private static Task<int> CountAsync(IQueryable<CostSpan> spans, CancellationToken ct) =>
        spans.Select(span => span.Key).Distinct().CountAsync(ct);

    private static CostRow Row((DateOnly Day, Int128 Sum) day) =>
        RowOf(day.Day.ToString("O", System.Globalization.CultureInfo.InvariantCulture), null) with
        {
            Usd = Accrual.Usd(day.Sum),
        };

    private static CostWindow WindowOf(CostsWanted wanted, DateTimeOffset now)
    {
        var end = Clock.StartOf(wanted.To.AddDays(1));
        return new CostWindow(Clock.StartOf(wanted.From), end, Clock.Earlier(end, now));
    }

    // What is billed now goes on until its end.
    private static CostWindow MonthOf(DateTimeOffset now)
    {
        var first = Clock.StartOf(new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1));
        return new CostWindow(first, first.AddMonths(1), first.AddMonths(1));
    }
}
