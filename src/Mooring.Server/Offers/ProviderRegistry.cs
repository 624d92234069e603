using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Server.Offers;

/// <summary>One account at a provider, ready to be called.</summary>
/// <param name="Id">Our account there.</param>
/// <param name="Type">The provider's type, as clients name it.</param>
/// <param name="Disks">Its disks; null where it has none.</param>
/// <param name="Instances">Its instances; null where it has none.</param>
internal sealed record Provider(ProviderAccountId Id, string Type, IDiskProvider? Disks, IInstanceProvider? Instances);

/// <summary>Every provider account that this server can call. Filled once, before anything is served.</summary>
internal sealed class ProviderRegistry
{
    private Dictionary<ProviderAccountId, Provider> _providers = [];

    public IReadOnlyCollection<Provider> All => _providers.Values;

    public void Fill(IEnumerable<Provider> providers) => _providers = providers.ToDictionary(provider => provider.Id);

    /// <summary>
    /// The disks of an account. One that is in the records but not set up on this server answers that it can't be
    /// reached: its disks keep their state, say why, and go on when it is set up again.
    /// </summary>
    public IDiskProvider Disks(ProviderAccountId id) => _providers.GetValueOrDefault(id)?.Disks ?? new NotSetUp(id);

    /// <summary>The instances of an account; as with <see cref="Disks"/>.</summary>
    public IInstanceProvider Instances(ProviderAccountId id) =>
        _providers.GetValueOrDefault(id)?.Instances ?? new NotSetUp(id);
}
