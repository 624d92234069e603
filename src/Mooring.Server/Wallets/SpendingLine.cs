using Mooring.Providers;
using Mooring.Server.Ledger;

namespace Mooring.Server.Wallets;

/// <summary>
/// What a wallet has spent, as a straight line over time: <c>spent(t) = rate × t + offset</c>, exact, in the units of
/// <see cref="Accrual"/> (1e-12 USD per hour × microseconds). A price that begins or ends at a moment turns the line
/// there and leaves what was spent by then as it is. Such turns add up in any order, so that many writers change one
/// wallet without reading it (ADR 18).
/// </summary>
/// <param name="Rate">1e-12 USD per hour.</param>
/// <param name="Offset">1e-12 USD per hour × microseconds, at 1970.</param>
internal readonly record struct SpendingLine(long Rate, Int128 Offset)
{
    // A bigint has 64 bits: the offset is stored in two, in units of this and what is left.
    private const long Unit = 1_000_000_000_000_000_000;

    /// <summary>How the line turns where a price takes the place of another.</summary>
    /// <param name="before">What was paid per hour; null for nothing.</param>
    /// <param name="after">What is paid from then on.</param>
    /// <param name="at">When.</param>
    /// <exception cref="OverflowException">It is beyond what a line can hold.</exception>
    public static SpendingLine Turn(Money? before, Money? after, DateTimeOffset at)
    {
        var change = checked((after?.PicoUsd ?? 0) - (before?.PicoUsd ?? 0));
        return new SpendingLine(change, checked(-(Int128)change * Clock.ToMicroseconds(at)));
    }

    /// <summary>The line as it is stored.</summary>
    public static SpendingLine From(long rate, long high, long low) => new(rate, ((Int128)high * Unit) + low);

    /// <summary>What was spent until a moment, as <see cref="Accrual"/> has it.</summary>
    /// <exception cref="OverflowException">It is beyond what a line can hold.</exception>
    public Int128 At(DateTimeOffset moment) => checked(((Int128)Rate * Clock.ToMicroseconds(moment)) + Offset);

    /// <summary>The offset in two: units of 1e18, and what is left, from 0 on.</summary>
    public (long High, long Low) Stored()
    {
        var high = Offset / Unit;
        var low = Offset - (high * Unit);
        return low < 0 ? ((long)(high - 1), (long)(low + Unit)) : ((long)high, (long)low);
    }

    /// <exception cref="OverflowException">It is beyond what a line can hold.</exception>
    public static SpendingLine operator +(SpendingLine left, SpendingLine right) =>
        new(checked(left.Rate + right.Rate), checked(left.Offset + right.Offset));
}
