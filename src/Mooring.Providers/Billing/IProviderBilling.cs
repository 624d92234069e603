namespace Mooring.Providers.Billing;

/// <summary>
/// A capability: the provider says what it charges. It reads only, and fails as every call to a provider does, with a
/// subtype of <see cref="ProviderException"/>.
/// </summary>
public interface IProviderBilling
{
    /// <summary>
    /// Everything that the account was charged for on a day (UTC), so far: each thing once, also what is gone by now,
    /// and what other users of the account made. Complete, or it throws. A provider may still correct a day that is
    /// over.
    /// </summary>
    Task<IReadOnlyList<Charge>> ListChargesAsync(DateOnly day, CancellationToken ct);
}
