using Mooring.Providers;

namespace Mooring.Server.Ledger;

/// <summary>
/// What usage spans add up to: Σ microseconds × price, exact in 128-bit integers, divided once, for display
/// (architecture, section 9). A sum is in 1e-12 USD per hour × microseconds; it holds up to 4.7e16 USD, and beyond that
/// throws rather than say something wrong.
/// </summary>
internal static class Accrual
{
    private const long MicrosecondsPerHour = 3_600_000_000;

    /// <summary>
    /// USD for these spans; one that is open counts until <paramref name="now"/>. Rounded to 1e-12 USD.
    /// </summary>
    public static decimal Usd(IEnumerable<UsageSpan> spans, DateTimeOffset now) => Usd(Sum(spans, now));

    /// <summary>The exact sum for these spans; one that is open counts until <paramref name="now"/>.</summary>
    public static Int128 Sum(IEnumerable<UsageSpan> spans, DateTimeOffset now) => spans.Aggregate(
        Int128.Zero, (total, span) => checked(total + Of(span.From, span.To ?? now, span.PriceHr)));

    /// <summary>USD for what of these spans lies between two moments. Rounded to 1e-12 USD.</summary>
    public static decimal UsdWithin(IEnumerable<UsageSpan> spans, DateTimeOffset from, DateTimeOffset until) =>
        Usd(spans.Aggregate(Int128.Zero, (total, span) => checked(total + Of(
            Clock.Later(span.From, from), span.To is { } to && to < until ? to : until, span.PriceHr))));

    /// <summary>USD for a sum. Rounded to 1e-12 USD, a half away from nothing.</summary>
    /// <exception cref="OverflowException">The sum is beyond what it can hold.</exception>
    public static decimal Usd(Int128 sum) => sum < 0
        ? -Usd(-sum)
        : (decimal)(checked(sum + (MicrosecondsPerHour / 2)) / MicrosecondsPerHour) / 1_000_000_000_000m;

    /// <summary>An amount, as a sum has it.</summary>
    public static Int128 SumOf(Money amount) => SumOf((Int128)amount.PicoUsd);

    /// <summary>An amount of 1e-12 USD, as a sum has it.</summary>
    /// <exception cref="OverflowException">It is beyond what a sum can hold.</exception>
    public static Int128 SumOf(Int128 picoUsd) => checked(picoUsd * MicrosecondsPerHour);

    /// <summary>The sum for one stretch of time; nothing where it ends before it begins.</summary>
    public static Int128 Of(DateTimeOffset from, DateTimeOffset to, Money priceHr) => to <= from
        ? Int128.Zero
        : (Int128)(Clock.ToMicroseconds(to) - Clock.ToMicroseconds(from)) * priceHr.PicoUsd;
}

/// <summary>
/// For how long one price was paid, as a database adds it up: whole seconds and the rest apart, as the microseconds of
/// many disks would not fit its integers (300,000 disks of a year are too many).
/// </summary>
/// <param name="PicoUsd">1e-12 USD per hour.</param>
/// <param name="Seconds">Whole seconds.</param>
/// <param name="Microseconds">Microseconds more, which may be more than a second.</param>
internal sealed record TimeAtPrice(long PicoUsd, long Seconds, long Microseconds)
{
    /// <summary>Its part of a sum, as <see cref="Accrual"/> has it.</summary>
    /// <exception cref="OverflowException">It is beyond what a sum can hold.</exception>
    public Int128 Sum => checked((((Int128)Seconds * 1_000_000) + Microseconds) * PicoUsd);

    /// <summary>All of them together.</summary>
    /// <exception cref="OverflowException">The sum is beyond what it can hold.</exception>
    public static Int128 SumOf(IEnumerable<TimeAtPrice> times) =>
        times.Aggregate(Int128.Zero, (sum, one) => checked(sum + one.Sum));
}
