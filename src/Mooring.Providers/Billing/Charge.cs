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
public sealed record Charge(ChargedKind Kind, string RemoteId, string? Name, Money Amount);
