using Mooring.Providers.Billing;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;

namespace Mooring.Server.Offers;

/// <summary>One account at a provider, ready to be called.</summary>
/// <param name="Id">Our account there.</param>
/// <param name="Type">The provider's type, as clients name it.</param>
/// <param name="Disks">Its disks; null where it has none.</param>
/// <param name="Instances">Its instances; null where it has none.</param>
internal sealed record Provider(ProviderAccountId Id, string Type, IDiskProvider? Disks, IInstanceProvider? Instances)
{
    /// <summary>What it charges; null where it does not say.</summary>
    public IProviderBilling? Billing { get; init; }

    /// <summary>Of accounts with the same offer, the one of highest priority is shown.</summary>
    public int Priority { get; init; }

    /// <summary>Whether nothing new is made there; what is there goes on.</summary>
    public bool IsDisabled { get; init; }
}

/// <summary>
/// Every provider account that this server can call: filled before anything is served, changed as accounts are added.
/// </summary>
internal sealed class ProviderRegistry
{
    private readonly Lock _changing = new();
    private volatile Accounts _accounts = new([]);

    /// <summary>All of them, those of highest priority first.</summary>
    public IReadOnlyList<Provider> All => _accounts.InOrder;

    public void Fill(IEnumerable<Provider> providers)
    {
        lock (_changing)
        {
            _accounts = new Accounts([.. providers]);
        }
    }

    /// <summary>Adds an account, or puts it in the place of the one that had its id.</summary>
    public void Put(Provider provider)
    {
        lock (_changing)
        {
            var rest = _accounts.InOrder.ToList();
            var index = rest.FindIndex(one => one.Id == provider.Id);
            if (index < 0)
            {
                rest.Add(provider);
            }
            else
            {
                rest[index] = provider;
            }

            _accounts = new Accounts(rest);
        }
    }

    /// <summary>
    /// The disks of an account. One that is in the records but not set up on this server answers that it can't be
    /// reached: its disks keep their state, say why, and go on when it is set up again.
    /// </summary>
    public IDiskProvider Disks(ProviderAccountId id) => Find(id)?.Disks ?? new NotSetUp(id);

    /// <summary>The instances of an account; as with <see cref="Disks"/>.</summary>
    public IInstanceProvider Instances(ProviderAccountId id) => Find(id)?.Instances ?? new NotSetUp(id);

    /// <summary>An account; null where it is not set up on this server.</summary>
    public Provider? Find(ProviderAccountId id) => _accounts.ById.GetValueOrDefault(id);

    /// <summary>
    /// The accounts at which an id means the same disk as at this one; this one alone where ids count for each account.
    /// </summary>
    public IReadOnlyList<ProviderAccountId> SharingIds(ProviderAccountId id) =>
        Find(id) is { Disks: IForeignDisks { IdScope: { } scope } } provider
            ? [
                .. All.Where(one => one.Type == provider.Type && (one.Disks as IForeignDisks)?.IdScope == scope)
                    .Select(one => one.Id),
            ]
            : [id];

    private sealed class Accounts(IReadOnlyList<Provider> providers)
    {
        public Provider[] InOrder { get; } = [.. providers.OrderByDescending(provider => provider.Priority)];

        public Dictionary<ProviderAccountId, Provider> ById { get; } =
            providers.ToDictionary(provider => provider.Id);
    }
}
