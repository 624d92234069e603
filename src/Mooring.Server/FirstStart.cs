using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Offers;
using Mooring.Server.Persistence;
using Mooring.Server.ProviderAccounts;
using Mooring.Server.Reconciling;
using Mooring.Server.Wallets;

namespace Mooring.Server;

/// <summary>
/// What must be true before the first request: the schema, the installation with its one user, account, wallet and
/// admin key, and the provider accounts. Each part looks before it acts; a start that was cut off is completed by the
/// next. Servers that start on one database at once take turns.
/// </summary>
internal sealed partial class FirstStart(
    Database database,
    IDbContextFactory<MooringDb> contexts,
    IEnumerable<ProviderSetup> setups,
    ProviderRegistry providers,
    InstallationId installation,
    AccountOpening opening,
    [FromKeyedServices(WorkKinds.Disks)] Claims diskClaims,
    [FromKeyedServices(WorkKinds.Pods)] Claims podClaims,
    [FromKeyedServices(WorkKinds.Wallets)] Claims walletClaims,
    IdempotencyKeys idempotencyKeys,
    IdGenerator ids,
    MooringOptions options,
    IServiceProvider services,
    TimeProvider time,
    ILogger<FirstStart> logger)
{
    // Not by Entity Framework, which takes longer to work out its first queries than all the rest of a start.
    private static readonly Statement<string> InstallationIds =
        new("SELECT id FROM installation", [], row => row.GetString(0));

    private static readonly Statement<string> AnyKey =
        new("SELECT prefix FROM api_keys LIMIT 1", [], row => row.GetString(0));

    private static readonly Statement<string> AnyDisk = new(
        "SELECT id FROM disks WHERE provider_account_id = @account AND terminated_at IS NULL LIMIT 1",
        ["@account"],
        row => row.GetString(0));

    private static readonly Statement<string> AnyCredential = new(
        "SELECT id FROM provider_accounts WHERE credential IS NOT NULL LIMIT 1", [], row => row.GetString(0));

    private static readonly Statement<KnownAccount> KnownAccounts = new(
        "SELECT id, priority, disabled_at FROM provider_accounts WHERE type = @type AND name = @name",
        ["@type", "@name"],
        row => new(new ProviderAccountId(row.GetString(0)), row.GetInt32(1), !row.IsDBNull(2)));

    /// <summary>The admin key's text if this start made it, to be shown once; otherwise null.</summary>
    public string? NewAdminKey { get; private set; }

    public async Task RunAsync(CancellationToken ct)
    {
        List<KnownAccount> accounts;
        await using (await StartTurn.TakeAsync(contexts, logger, ct))
        {
            await MigrateAsync(ct);
            await WalletLines.FillAsync(database, ct);

            installation.Value = await EnsureInstallationAsync(ct);
            await EnsureAdminAsync(ct);
            accounts = await EnsureAccountsAsync(ct);
        }

        if (database.Dialect == Dialect.Sqlite)
        {
            // One process owns the database: whoever held a claim is dead, and every request was cut off.
            await diskClaims.EndAllAsync(ct);
            await podClaims.EndAllAsync(ct);
            await walletClaims.EndAllAsync(ct);
            await idempotencyKeys.FreeAllAsync(ct);
        }

        await FillRegistryAsync(accounts, ct);
        LogReady(installation.Value);
    }

    // Most starts find nothing to migrate, and looking costs a third of it.
    private async Task MigrateAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
        {
            await db.Database.MigrateAsync(ct);
        }
    }

    private async Task<string> EnsureInstallationAsync(CancellationToken ct)
    {
        if (await database.QueryAsync(InstallationIds, [], ct) is [var known])
        {
            return known;
        }

        var made = new Installation { Id = ids.Text(8), CreatedAt = time.Now() };
        await database.WriteAsync((db, token) => db.InsertAsync(made, token), ct);
        return made.Id;
    }

    private async Task EnsureAdminAsync(CancellationToken ct)
    {
        if (await database.QueryAsync(AnyKey, [], ct) is [_])
        {
            return;
        }

        // The file first: a key in the database whose text nobody has would be worth nothing.
        var secret = ApiKey.NewSecret();
        await AdminKeyFile.WriteAsync(options.DataDirectory, secret, ct);
        CrashPoint.Pass("start.key-written");
        var now = time.Now();
        var id = new UserId(ids.Cuid());
        var account = NewAccount.Of(options.FirstUserName, id, null, ids, now);
        var user = new User
        {
            Id = id,
            AccountId = account.Account.Id,
            Name = options.FirstUserName,
            Email = options.FirstUserEmail,
            Role = UserRoles.Admin,
            CreatedAt = now,
        };
        await database.WriteAsync(
            async (db, token) =>
            {
                await db.InsertAsync(account, token);
                await db.InsertAsync(user, token);
                await db.InsertAsync(
                    ApiKey.Of(secret, "first admin key", user.Id, user.AccountId, ApiKey.AllPermissions, now), token);
            },
            ct);
        NewAdminKey = secret;
    }

    // Not within the turn: a provider may take its time, and others have theirs to make.
    private async Task FillRegistryAsync(IReadOnlyList<KnownAccount> accounts, CancellationToken ct)
    {
        List<Provider> filled = [];
        foreach (var (setup, (account, priority, isDisabled)) in setups.Zip(accounts))
        {
            var parts = await setup.Make(
                new ProviderSetting(account.Value, installation.Value, await HasDisksAsync(account, ct), services), ct);
            filled.Add(new Provider(
                account,
                setup.Type,
                parts.Disks,
                parts.HostAgent is { } agent
                    ? new Hosts.HostInstances(account, parts.Place, agent, database, options, time)
                    : parts.Instances)
            {
                Priority = priority,
                IsDisabled = isDisabled,
            });
        }

        filled.AddRange(await OpenAddedAsync(ct));

        providers.Fill(filled);
    }

    private async Task<bool> HasDisksAsync(ProviderAccountId account, CancellationToken ct) =>
        await database.QueryAsync(AnyDisk, [account.Value], ct) is [_];

    // Those of clouds, which were added while a server ran.
    private async Task<List<Provider>> OpenAddedAsync(CancellationToken ct)
    {
        if (await database.QueryAsync(AnyCredential, [], ct) is [])
        {
            return [];
        }

        await using var db = await database.ReadAsync(ct);
        var added = await db.ProviderAccounts.AsNoTracking()
            .Where(account => account.Credential != null)
            .OrderBy(account => account.CreatedAt)
            .ThenBy(account => account.Id)
            .ToListAsync(ct);
        return [.. added.Select(opening.Open).OfType<Provider>()];
    }

    // In the order of their set-ups.
    private async Task<List<KnownAccount>> EnsureAccountsAsync(CancellationToken ct)
    {
        List<KnownAccount> accounts = [];
        foreach (var setup in setups)
        {
            accounts.Add(await EnsureAccountAsync(setup, ct));
        }

        return accounts;
    }

    private async Task<KnownAccount> EnsureAccountAsync(ProviderSetup setup, CancellationToken ct)
    {
        if (await database.QueryAsync(KnownAccounts, [setup.Type, setup.Name], ct) is [var known])
        {
            return known;
        }

        var made = new ProviderAccount
        {
            Id = new ProviderAccountId(ids.Cuid()),
            Type = setup.Type,
            Name = setup.Name,
            Priority = 0,
            CreatedAt = time.Now(),
        };
        await database.WriteAsync((db, token) => db.InsertAsync(made, token), ct);
        return new KnownAccount(made.Id, made.Priority, IsDisabled: false);
    }

    private sealed record KnownAccount(ProviderAccountId Id, int Priority, bool IsDisabled);

    [LoggerMessage(Level = LogLevel.Information, Message = "Installation {Installation} is ready")]
    private partial void LogReady(string installation);
}

/// <summary>How the process that hosts the server sets up one provider account.</summary>
/// <param name="Type">The provider's type, as clients name it.</param>
/// <param name="Name">The account's name among those of its type.</param>
/// <param name="Make">Makes it, once this installation's id is known.</param>
public sealed record ProviderSetup(
    string Type, string Name, Func<ProviderSetting, CancellationToken, Task<ProviderParts>> Make);

/// <summary>What a provider account is made with.</summary>
/// <param name="AccountId">Our id of the account.</param>
/// <param name="InstallationId">The 8 characters in every remote name.</param>
/// <param name="HasDisks">Whether disks of the account are in our records that are not gone.</param>
/// <param name="Services">The process's services.</param>
public sealed record ProviderSetting(string AccountId, string InstallationId, bool HasDisks, IServiceProvider Services);

/// <summary>What a provider account consists of.</summary>
/// <param name="Place">Where its host of ours is; of no account where it has none.</param>
/// <param name="Disks">Its disks, or null.</param>
/// <param name="HostAgent">The agent of the host of ours that runs its pods, or null.</param>
/// <param name="Instances">
/// Its instances where it is no host of ours, or null. Their disks are named in the creating call, so it must not be an
/// <see cref="Providers.Instances.IAttachBeforeStart"/>: that is for hosts of ours.
/// </param>
/// <param name="Billing">What it says that it charges, or null.</param>
public sealed record ProviderParts(
    Place Place,
    Providers.Disks.IDiskProvider? Disks,
    Providers.Hosts.IAgentChannel? HostAgent,
    Providers.Instances.IInstanceProvider? Instances = null,
    Providers.Billing.IProviderBilling? Billing = null);
