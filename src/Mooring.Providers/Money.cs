namespace Mooring.Providers;

/// <summary>
/// US dollars as a whole number of 1e-12 USD, so that prices per GB-hour are exact and sums never round
/// (architecture, section 7). As a price it is USD per hour.
/// </summary>
/// <param name="PicoUsd">Units of 1e-12 USD.</param>
public readonly record struct Money(long PicoUsd) : IComparable<Money>
{
    private const decimal PicoPerUsd = 1_000_000_000_000m;

    /// <summary>Nothing; not the same as having no price.</summary>
    public static readonly Money Zero;

    /// <summary>The amount in USD, exact, without trailing zeros.</summary>
    public decimal Usd => Normalize(PicoUsd / PicoPerUsd);

    /// <summary>An amount of <paramref name="usd"/> dollars.</summary>
    /// <exception cref="ArgumentException">The amount has a part smaller than 1e-12 USD.</exception>
    /// <exception cref="OverflowException">The amount is beyond ±9.2 million USD.</exception>
    public static Money FromUsd(decimal usd)
    {
        var pico = usd * PicoPerUsd;
        if (pico != decimal.Truncate(pico))
        {
            throw new ArgumentException($"{usd} USD has a part smaller than 1e-12 USD.", nameof(usd));
        }

        return new Money(decimal.ToInt64(pico));
    }

    /// <summary>A price per unit for so many units.</summary>
    /// <exception cref="OverflowException">The product does not fit.</exception>
    public static Money operator *(Money price, long count) => new(checked(price.PicoUsd * count));

    /// <summary>Sum of two amounts.</summary>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.PicoUsd + right.PicoUsd));

    /// <summary>Whether <paramref name="left"/> is smaller.</summary>
    public static bool operator <(Money left, Money right) => left.PicoUsd < right.PicoUsd;

    /// <summary>Whether <paramref name="left"/> is larger.</summary>
    public static bool operator >(Money left, Money right) => left.PicoUsd > right.PicoUsd;

    /// <summary>Whether <paramref name="left"/> is at most as large.</summary>
    public static bool operator <=(Money left, Money right) => left.PicoUsd <= right.PicoUsd;

    /// <summary>Whether <paramref name="left"/> is at least as large.</summary>
    public static bool operator >=(Money left, Money right) => left.PicoUsd >= right.PicoUsd;

    /// <inheritdoc cref="operator *"/>
    public static Money Multiply(Money price, long count) => price * count;

    /// <inheritdoc cref="operator +"/>
    public static Money Add(Money left, Money right) => left + right;

    /// <inheritdoc/>
    public int CompareTo(Money other) => PicoUsd.CompareTo(other.PicoUsd);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Usd} USD");

    // Division by a decimal with many trailing zeros drops them all; a price of nothing stays "0.0" on the wire,
    // which the contract's JSON writer takes care of.
    private static decimal Normalize(decimal value) => value / 1.000000000000000000000000000000000m;
}
