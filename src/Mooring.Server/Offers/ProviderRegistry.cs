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

    public Provider Get(ProviderAccountId id) =>
        _providers.TryGetValue(id, out var provider)
            ? provider
            : throw new InvalidOperationException($"Provider account {id} is not set up on this server.");

    public IDiskProvider Disks(ProviderAccountId id) =>
        Get(id).Disks ?? throw new InvalidOperationException($"Provider account {id} has no disks.");

    public IInstanceProvider Instances(ProviderAccountId id) =>
        Get(id).Instances ?? throw new InvalidOperationException($"Provider account {id} has no instances.");
}
