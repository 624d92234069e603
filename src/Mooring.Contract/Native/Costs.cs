namespace Mooring.Contract.Native;

/// <summary>
/// Answer of GET <c>/api/mooring/v1/costs</c>: what has been used, in rows by disk, pod, team, user, provider or day.
/// Sums are exact and rounded once, to 1e-12 USD: the total is rounded itself, and is no sum of rounded rows.
/// </summary>
public sealed record Costs
{
    /// <summary>What the rows are: <c>disk</c>, <c>pod</c>, <c>team</c>, <c>user</c>, <c>provider</c> or
    /// <c>day</c>.</summary>
    public required string GroupBy { get; init; }

    /// <summary>The first day, UTC.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day, UTC; today counts until now.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Always <c>USD</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>
    /// USD of these days in all, over all rows: of disks alone where the rows are disks, of pods alone where they are
    /// pods, of both otherwise.
    /// </summary>
    public required decimal TotalUsd { get; init; }

    /// <summary>
    /// USD of the present month in all, whatever days were asked for: what it has cost so far, and what it will until
    /// its end, UTC, if all that is billed now goes on as it is.
    /// </summary>
    public required decimal ForecastUsd { get; init; }

    /// <summary>How many rows there are.</summary>
    public required int TotalCount { get; init; }

    /// <summary>How many were left out before the page.</summary>
    public required int Offset { get; init; }

    /// <summary>How many the page has at the most.</summary>
    public required int Limit { get; init; }

    /// <summary>A page of rows: days in their order, anything else with what costs most first.</summary>
    public required IReadOnlyList<CostRow> Data { get; init; }
}

/// <summary>What one disk, pod, team, user, provider account or day has cost.</summary>
public sealed record CostRow
{
    /// <summary>
    /// The id of the disk, pod, team, user or provider account; the day as <c>YYYY-MM-DD</c>; null for what is no
    /// team's.
    /// </summary>
    public required string? Id { get; init; }

    /// <summary>Its name; null where it has none.</summary>
    public required string? Name { get; init; }

    /// <summary>USD in the days asked for.</summary>
    public required decimal Usd { get; init; }

    /// <summary>As <see cref="Costs.ForecastUsd"/>, of this row; null for a day.</summary>
    public required decimal? ForecastUsd { get; init; }

    /// <summary>Its status; null for what is neither a disk nor a pod.</summary>
    public required string? Status { get; init; }

    /// <summary>
    /// USD per hour that is billed for it now; null where nothing is, and for what is neither a disk nor a pod.
    /// </summary>
    public required decimal? PriceHr { get; init; }

    /// <summary>
    /// USD since it was made, until now, whatever days were asked for; null for what is neither a disk nor a pod.
    /// </summary>
    public required decimal? CostToDate { get; init; }

    /// <summary>
    /// Of a disk that no instance holds: since when, UTC. That is when the last one gave it back, or, where none ever
    /// had it, when it was made. Null while one holds it, once its delete is accepted, and for anything else.
    /// </summary>
    public required DateTimeOffset? IdleSince { get; init; }

    /// <summary>USD that it has cost since then, until now; null where <see cref="IdleSince"/> is.</summary>
    public required decimal? IdleCost { get; init; }
}
