using Microsoft.EntityFrameworkCore;

namespace Mooring.Server.Ledger;

/// <summary>
/// What each day has cost, exactly. A day costs what was going on at its midnight, for all of it, and what began in it
/// for the rest, less what ended in it for the rest. So the database counts beginnings and ends by their day, two
/// queries however long spans are, and the days add up to the whole, to the last digit.
/// </summary>
internal static class DailyCosts
{
    private const long Day = 86_400_000_000;
    private const long Second = 1_000_000;

    /// <summary>Each day of the window until it ends or is still to come, with its sum as <see cref="Accrual"/> has
    /// it.</summary>
    /// <param name="spans">Spans cut to the window.</param>
    /// <param name="first">The window's first day.</param>
    /// <param name="last">The last day that is wanted.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<(DateOnly Day, Int128 Sum)>> OfAsync(
        IQueryable<CostSpan> spans, DateOnly first, DateOnly last, CancellationToken ct)
    {
        var begun = await spans
            .GroupBy(span => new { Day = span.Begun / Day, span.PicoUsd })
            .Select(same => new Edges(
                same.Key.Day,
                same.Key.PicoUsd,
                same.LongCount(),
                same.Sum(span => span.Begun % Day / Second),
                same.Sum(span => span.Begun % Second)))
            .ToListAsync(ct);
        var ended = await spans
            .GroupBy(span => new { Day = span.Ended / Day, span.PicoUsd })
            .Select(same => new Edges(
                same.Key.Day,
                same.Key.PicoUsd,
                same.LongCount(),
                same.Sum(span => span.Ended % Day / Second),
                same.Sum(span => span.Ended % Second)))
            .ToListAsync(ct);
        var edges = begun.Concat(ended.Select(edge => edge.Negative())).ToLookup(edge => edge.Day);

        List<(DateOnly, Int128)> days = [];
        var rate = Int128.Zero;
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            // What goes on from yesterday has the whole day; an edge changes that from its moment on.
            var sum = checked(rate * Day);
            foreach (var edge in edges[Clock.ToMicroseconds(Clock.StartOf(day)) / Day])
            {
                sum = checked(sum + edge.UntilMidnight);
                rate = checked(rate + edge.Rate);
            }

            days.Add((day, sum));
        }

        return days;
    }

    /// <summary>What begins, or ends, on one day at one price.</summary>
    /// <param name="Day">Days since 1970.</param>
    /// <param name="PicoUsd">1e-12 USD per hour.</param>
    /// <param name="Count">How many; less than 0 for ends.</param>
    /// <param name="Seconds">How long after midnight all of them, together: whole seconds of each.</param>
    /// <param name="Microseconds">And what each is more.</param>
    private sealed record Edges(long Day, long PicoUsd, long Count, long Seconds, long Microseconds)
    {
        public Int128 Rate => (Int128)PicoUsd * Count;

        public Int128 UntilMidnight => checked(
            (((Int128)Count * DailyCosts.Day) - ((Int128)Seconds * Second) - Microseconds) * PicoUsd);

        public Edges Negative() => this with
        {
            Count = -Count,
            Seconds = -Seconds,
            Microseconds = -Microseconds,
        };
    }
}
