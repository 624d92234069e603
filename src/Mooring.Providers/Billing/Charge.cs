namespace Mooring.Providers.Billing;

/// <summary>What a charge is for.</summary>
public enum ChargedKind
{
    /// <summary>A disk.</summary>
    Disk,

    /// <summary>An instance, with all that is charged as a part of it.</summary>
    Instance,
}

/// <summary>What a provider charges for one thing on one day.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="RemoteId">The provider's id of it.</param>
/// <param name="Name">Its name there; null where the bill does not say it.</param>
/// <param name="Amount">USD, after discounts; what is smaller than 1e-12 USD is rounded to even.</param>
public sealed record Charge(ChargedKind Kind, string RemoteId, string? Name, Money Amount)
{
    private const int Digits = 12;

    // More than a thing costs in a day, and less than Money's bound.
    private const decimal UsdMost = 9_000_000;

    /// <summary>The charge for one thing, of the amounts that a bill has for it.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="remoteId">The provider's id of it.</param>
    /// <param name="name">Its name there, or null.</param>
    /// <param name="amounts">USD; rounded once, as a sum.</param>
    /// <exception cref="UnreachableException">
    /// An amount is beyond ±9 million USD: whatever the provider meant, it can't be read so.
    /// </exception>
    public static Charge Sum(ChargedKind kind, string remoteId, string? name, IEnumerable<decimal> amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        var sum = amounts.Aggregate(0m, (soFar, amount) => Checked(soFar + Checked(amount)));
        return new Charge(
            kind, remoteId, name, Money.FromUsd(decimal.Round(sum, Digits, MidpointRounding.ToEven)));
    }

    private static decimal Checked(decimal usd) => Math.Abs(usd) <= UsdMost
        ? usd
        : throw new UnreachableException("The provider's bill can't be read: nothing costs that much in a day.");
}
