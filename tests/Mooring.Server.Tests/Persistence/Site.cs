using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Mooring.Contract.V1;
using Mooring.Server.Accounts;
using Mooring.Server.Disks;
using Mooring.Server.Hosts;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;
using Mooring.Server.ProviderAccounts;
using Mooring.Server.Reconciling;
using Mooring.Server.Tests.Offers;

namespace Mooring.Server.Tests.Persistence;

/// <summary>
/// One provider account over a store, with the server's own code that accepts disks and pods: once for each process
/// that works on the database.
/// </summary>
internal sealed class Site
{
    public static readonly Caller Caller = new(
        Sample.User,
        [new AccountView(Sample.Account, Sample.Wallet, null, null, HasQuota: false, IsPrepaid: false)]);

    private readonly Store _store;

    private Site(Store store) => _store = store;

    public ScriptedDisks Disks { get; } = new();

    public ScriptedAgent Agent { get; } = new();

    public MooringOptions Options { get; } = new() { DataDirectory = "/nowhere" };

    public IReadOnlyList<DiskCreation> DiskCreations { get; private set; } = [];

    public IReadOnlyList<PodCreation> PodCreations { get; private set; } = [];

    public static async Task<Site> SetUpAsync(Store store, Action<Site> script)
    {
        var site = new Site(store);
        script(site);
        await store.AddAsync(new ProviderAccount
        {
            Id = Sample.ProviderAccount,
            Type = ScriptedDisks.Type,
            Name = "test",
            Priority = 0,
            CreatedAt = store.Time.Now(),
        });
        Database[] databases = [store.Database, store.OfAnotherProcess()];
        foreach (var database in databases)
        {
            await site.AddProcessAsync(database);
        }

        return site;
    }

    public static CreateDiskRequest DiskOf(int sizeGiB, string? cloudId = null) => new()
    {
        Disk = new CreateDisk { Size = sizeGiB, CloudId = cloudId },
        Provider = new ProviderChoice { Type = ScriptedDisks.Type },
    };

    public static CreatePodRequest PodOf(string cloudId, string gpuType = GpuTypes.None, params string[] disks) => new()
    {
        Pod = new CreatePod { CloudId = cloudId, GpuType = gpuType, Socket = "PCIe", GpuCount = 1 },
        Provider = new ProviderChoice { Type = ScriptedDisks.Type },
        Disks = disks,
    };

    /// <summary>Every process asks at once, many times.</summary>
    public Task<Result<Server.Disks.Disk>[]> CreateDisksAsync(int count, int sizeGiB) => Task.WhenAll(
        Enumerable.Range(0, count).Select(number => Task.Run(() =>
            DiskCreations[number % DiskCreations.Count].CreateAsync(
                DiskOf(sizeGiB), Caller, (_, _, _) => Task.FromResult<MooringError?>(null), Store.Ct))));

    /// <inheritdoc cref="CreateDisksAsync"/>
    public Task<Result<AcceptedPod>[]> CreatePodsAsync(int count, CreatePodRequest request) => Task.WhenAll(
        Enumerable.Range(0, count).Select(number => Task.Run(() =>
            PodCreations[number % PodCreations.Count].CreateAsync(
                request, Caller, (_, _, _) => Task.FromResult<MooringError?>(null), Store.Ct))));

    public Task<CapacityPool> PoolAsync() =>
        _store.ReadAsync(db => db.CapacityPools.AsNoTracking().SingleAsync(Store.Ct));

    public Task<Host> HostAsync() => _store.ReadAsync(db => db.Hosts.AsNoTracking().SingleAsync(Store.Ct));

    private async Task AddProcessAsync(Database database)
    {
        var registry = new ProviderRegistry();
        registry.Fill(
        [
            new Provider(
                Sample.ProviderAccount,
                ScriptedDisks.Type,
                Disks,
                new HostInstances(Sample.ProviderAccount, ScriptedDisks.Us1, Agent, database, Options, _store.Time)),
        ]);
        using var catalog = new OfferCatalog(
            registry,
            database,
            new ProviderCall(_store.Time, NullLogger<ProviderCall>.Instance),
            _store.Time,
            NullLogger<OfferCatalog>.Instance);
        await catalog.RefreshAsync(Store.Ct);
        var installation = new InstallationId { Value = Sample.Installation };
        DiskCreations =
            [.. DiskCreations, new DiskCreation(database, catalog, installation, _store.Ids, Options, _store.Time)];
        PodCreations =
            [.. PodCreations, new PodCreation(database, catalog, installation, _store.Ids, Options, _store.Time)];
    }
}
