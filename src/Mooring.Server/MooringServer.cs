using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Charges;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Inventory;
using Mooring.Server.Ledger;
using Mooring.Server.Live;
using Mooring.Server.Logins;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;
using Mooring.Server.ProviderAccounts;
using Mooring.Server.Reconciling;
using Mooring.Server.Wallets;

namespace Mooring.Server;

/// <summary>The server, as a table of contents: what it consists of, what it serves, and how it starts.</summary>
public static class MooringServer
{
    /// <summary>
    /// Makes the model of the records, which takes as long as most of the rest of a start. Where that is to be quick,
    /// it is begun first and awaited before <see cref="StartMooringAsync"/>.
    /// </summary>
    /// <param name="records">Which database holds the records; it is not opened.</param>
    public static Task MakeModelAsync(RecordsOptions records) => Task.Run(() => Records.MakeModel(records));

    /// <summary>Adds the server's parts.</summary>
    /// <param name="services">To add to.</param>
    /// <param name="options">What the operator set.</param>
    /// <param name="records">Which database holds the records.</param>
    /// <param name="random">Randomness for ids and back-off; seeded in tests.</param>
    public static IServiceCollection AddMooringServer(
        this IServiceCollection services, MooringOptions options, RecordsOptions records, Random random)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new IdGenerator(provider.GetRequiredService<TimeProvider>(), random));
        services.AddSingleton<InstallationId>();
        services.AddSingleton<WakeUps>();
        services.AddRecords(records);
        services.AddSingleton<KeyLookup>();
        services.AddSingleton<KeyUse>();
        services.AddSingleton<KeyChanges>();
        services.AddSingleton<UserChanges>();
        services.AddSingleton<TeamChanges>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUse>());
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<IdempotencyBound>();
        services.AddHostedService<IdempotencyPurge>();
        services.AddAuditTrail();
        services.AddRateLimits();
        services.AddTimeLimit(options.Limits);
        services.AddSingleton<LoginRequests>();
        services.AddHostedService<LoginPurge>();
        services.AddApiReference();

        services.AddSingleton<Credentials>();
        services.AddSingleton<AccountOpening>();
        services.AddSingleton<AccountTrial>();
        services.AddSingleton<AccountChanges>();
        services.AddSingleton<ProviderRegistry>();
        services.AddSingleton<ProviderCall>();
        services.AddSingleton<OfferCatalog>();
        services.AddSingleton(options.DiskLimits);
        services.AddSingleton(options.PodLimits);
        services.AddSingleton<DiskCreation>();
        services.AddSingleton<DiskReads>();
        services.AddSingleton<DiskInterventions>();
        services.AddSingleton<DiskExplanation>();
        services.AddSingleton<DeletionPreview>();
        services.AddSingleton<PodCreation>();
        services.AddSingleton<PodExplanation>();
        services.AddSingleton<PodWire>();
        services.AddSingleton<WalletThings>();
        services.AddSingleton<WalletChanges>();
        services.AddSingleton<FirstStart>();

        services.AddSingleton(new BackOff(random, TimeSpan.FromMilliseconds(200), options.DiskLimits.Ceiling));
        services.AddReconciler<DiskWorker>(WorkKinds.Disks, "disks");
        services.AddReconciler<PodWorker>(WorkKinds.Pods, "pods");
        services.AddReconciler<WalletWorker>(WorkKinds.Wallets, "wallets");
        services.AddHostedService(provider => provider.GetRequiredService<OfferCatalog>());
        services.AddMetrics();
        services.AddSingleton<Census>();
        services.AddSingleton<Findings>();
        services.AddSingleton<Adoption>();
        services.AddSingleton<OrphanInstances>();
        services.AddSingleton<Sweep>();
        services.AddHostedService(provider => provider.GetRequiredService<Sweep>());
        services.AddHostedService<InstanceSignals>();
        services.AddSingleton<EventHorizon>();
        services.AddSingleton<EventStreams>();
        services.AddHostedService<OtherReplicas>();
        services.AddSingleton<ChargeReading>();
        services.AddHostedService(provider => provider.GetRequiredService<ChargeReading>());
        services.AddSingleton<LedgerAuditor>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerAuditor>());
        return services;
    }

    /// <summary>Maps what it serves.</summary>
    public static IApplicationBuilder UseMooring(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<MooringOptions>().Limits;
        app.UseTrustedProxies(limits);
        app.UseRequestIds();
        app.UseAuditTrail();
        app.UseErrorResponses();
        app.UseAddressLimit(limits);
        app.UseRouting();
        app.UseAuditedRoutes();
        app.UseTimeLimit();
        app.UseKeyAuthentication();
        app.UseKeyLimit(limits);
        app.UseKnownQueries();
        app.UseIdempotencyKeys();
        app.MapHealth();
        app.MapAvailability();
        app.MapDisks();
        app.MapPods();
        app.MapDiskInterventions();
        app.MapDiskDeletion();
        app.MapPodInterventions();
        app.MapHistory();
        app.MapLive();
        app.MapStuck();
        app.MapInventory();
        app.MapSshKeys();
        app.MapUsers();
        app.MapWallet();
        app.MapKeys();
        app.MapUserAdministration();
        app.MapTeamAdministration();
        app.MapQuotas();
        app.MapLogins();
        app.MapLoginRequests();
        app.MapProviderAccounts();
        app.MapCharges();
        app.MapLedgerAudit();
        app.MapAuditTrail();
        app.MapCosts();
        app.MapWallets();
        app.MapAccountOffers();
        app.MapApiReference();
        return app;
    }

    /// <summary>
    /// Brings the records up to date and knows its providers; to be called before the first request is taken.
    /// </summary>
    /// <returns>The admin key's text if this start made it, to be shown once; otherwise null.</returns>
    public static async Task<string?> StartMooringAsync(this IServiceProvider services, CancellationToken ct)
    {
        var start = services.GetRequiredService<FirstStart>();
        await start.RunAsync(ct);
        return start.NewAdminKey;
    }

    /// <summary>
    /// Says that a provider offers something else than before, or can be asked again; it is asked at once.
    /// </summary>
    public static void TellProviderChanged(this IServiceProvider services)
    {
        services.GetRequiredService<OfferCatalog>().TellChanged();
        services.GetRequiredService<Sweep>().TellChanged();
    }

    /// <summary>This installation's 8 characters.</summary>
    /// <exception cref="InvalidOperationException">Asked before <see cref="StartMooringAsync"/>.</exception>
    public static string GetInstallationId(this IServiceProvider services) =>
        services.GetRequiredService<InstallationId>().Value;

    private static void AddReconciler<TWorker>(this IServiceCollection services, WorkKinds kind, string table)
        where TWorker : class, IWorker
    {
        services.AddSingleton<TWorker>();
        services.AddKeyedSingleton(kind, (provider, _) => new Claims(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IdGenerator>(),
            table));
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostedService>(provider => new Reconciler(
            provider.GetRequiredService<TWorker>(),
            provider.GetRequiredKeyedService<Claims>(kind),
            provider.GetRequiredService<WakeUps>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Reconciler>>()));
    }
}
