namespace Mooring.Server.Ledger;

/// <summary>
/// What usage spans add up to: Σ microseconds × price, exact in 128-bit integers, divided once, for display
/// (architecture, section 9).
/// </summary>
internal static class Accrual
{
    private const long MicrosecondsPerHour = 3_600_000_000;

    /// <summary>
    /// USD for these spans; one that is open counts until <paramref name="now"/>. Rounded to 1e-12 USD.
    /// </summary>
    public static decimal Usd(IEnumerable<UsageSpan> spans, DateTimeOffset now) =>
        Usd(spans.Aggregate(Int128.Zero, (total, span) => total + Of(span, now)));

    /// <summary>USD for what of these spans lies between two moments. Rounded to 1e-12 USD.</summary>
    public static decimal UsdWithin(IEnumerable<UsageSpan> spans, DateTimeOffset from, DateTimeOffset until) =>
        Usd(
            spans.Where(span => span.From < until && !(span.To <= from)).Select(span => span with
            {
                From = Clock.Later(span.From, from),
                To = span.To is { } to && to < until ? to : until,
            }),
            until);

    /// <summary>USD for a sum of microseconds × 1e-12 USD per hour, not negative. Rounded to 1e-12 USD.</summary>
    public static decimal Usd(Int128 sum) =>
        (decimal)((sum + (MicrosecondsPerHour / 2)) / MicrosecondsPerHour) / 1_000_000_000_000m;

    private static Int128 Of(UsageSpan span, DateTimeOffset now)
    {
        var end = Clock.Later(span.To ?? now, span.From);
        return (Int128)(Clock.ToMicroseconds(end) - Clock.ToMicroseconds(span.From)) * span.PriceHr.PicoUsd;
    }
}
