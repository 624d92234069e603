using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Accounts;
using Mooring.Server.Attachments;
using Mooring.Server.Audit;
using Mooring.Server.Charges;
using Mooring.Server.Disks;
using Mooring.Server.Hosts;
using Mooring.Server.Http;
using Mooring.Server.Ledger;
using Mooring.Server.Logins;
using Mooring.Server.Offers;
using Mooring.Server.Pods;
using Mooring.Server.ProviderAccounts;
using Mooring.Server.Reconciling;
using Mooring.Server.Wallets;

namespace Mooring.Server.Persistence;

/// <summary>
/// The records: one model for SQLite and PostgreSQL. Rows are immutable values; a change is written by
/// <see cref="Rows.Change"/>, which compares versions.
/// </summary>
internal sealed class MooringDb(DbContextOptions<MooringDb> options) : DbContext(options)
{
    public DbSet<Installation> Installations => Set<Installation>();
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<User> Users => Set<User>();
    public DbSet<Team> Teams => Set<Team>();
    public DbSet<TeamMember> TeamMembers => Set<TeamMember>();
    public DbSet<Wallet> Wallets => Set<Wallet>();
    public DbSet<CreditEntry> CreditEntries => Set<CreditEntry>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<LoginRequest> LoginRequests => Set<LoginRequest>();
    public DbSet<SshKey> SshKeys => Set<SshKey>();
    public DbSet<ProviderAccount> ProviderAccounts => Set<ProviderAccount>();
    public DbSet<CapacityPool> CapacityPools => Set<CapacityPool>();
    public DbSet<OfferPrice> OfferPrices => Set<OfferPrice>();
    public DbSet<Host> Hosts => Set<Host>();
    public DbSet<HostGpu> HostGpus => Set<HostGpu>();
    public DbSet<Disk> Disks => Set<Disk>();
    public DbSet<Pod> Pods => Set<Pod>();
    public DbSet<Attachment> Attachments => Set<Attachment>();
    public DbSet<ResourceEvent> Events => Set<ResourceEvent>();
    public DbSet<UsageSpan> UsageSpans => Set<UsageSpan>();
    public DbSet<ProviderCharge> ProviderCharges => Set<ProviderCharge>();

    /// <summary>
    /// Now, by the clock that says what is due (<see cref="Reconciling.Claims"/>), when this unit of work began. Not
    /// for what is recorded: a row's own time never runs backwards, this one does with its clock.
    /// </summary>
    public DateTimeOffset DueClock { get; set; }

    /// <summary>
    /// How far that clock is ahead of this process's: points in time that the lifecycles name are this process's.
    /// </summary>
    public TimeSpan DueClockSkew { get; set; }

    /// <summary>The kinds of work that this unit of work has made; raised when it is committed.</summary>
    public WorkKinds Wakes { get; set; }

    /// <summary>
    /// Ids of the resources that this unit of work has changed, and of their accounts; announced when it is committed.
    /// </summary>
    public HashSet<string> Changed { get; } = [];

    /// <summary>How this unit of work changes what accounts have.</summary>
    public AccountUse Use { get; } = new();

    /// <summary>How this unit of work changes what wallets spend.</summary>
    public Spending Spending { get; } = new();

    /// <summary>
    /// The commands of a context whose connection stays open for good; null where preparing them here would not pay.
    /// </summary>
    public PreparedCommands? Prepared { get; init; }

    /// <summary>
    /// Forgets what another unit of work has left: a context is used again, by SQLite's queue and by the pool.
    /// </summary>
    public void BeginUnit()
    {
        Wakes = WorkKinds.None;
        Changed.Clear();
        Use.Clear();
        Spending.Clear();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MooringDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.SetTableName(SnakeCase.Of(entity.GetTableName()!));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase.Of(property.Name));
            }
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        TextId<DiskId>(configurationBuilder, 32);
        TextId<PodId>(configurationBuilder, 32);
        TextId<AttachmentId>(configurationBuilder, 32);
        TextId<HostId>(configurationBuilder, 64);
        TextId<AccountId>(configurationBuilder, 32);
        TextId<UserId>(configurationBuilder, 32);
        TextId<TeamId>(configurationBuilder, 32);
        TextId<WalletId>(configurationBuilder, 32);
        TextId<ProviderAccountId>(configurationBuilder, 32);
        TextId<SshKeyId>(configurationBuilder, 32);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
        configurationBuilder.Properties<DateOnly>().HaveConversion<DayConverter>().HaveMaxLength(10);
        configurationBuilder.Properties<Money>().HaveConversion<MoneyConverter>();
        configurationBuilder.Properties<DiskStatus>().HaveConversion<DiskStatusConverter>().HaveMaxLength(16);
        configurationBuilder.Properties<PodStatus>().HaveConversion<PodStatusConverter>().HaveMaxLength(16);
        configurationBuilder.Properties<AttachmentStatus>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<ResourceKind>().HaveConversion<string>().HaveMaxLength(8);
        configurationBuilder.Properties<Happened>().HaveConversion<string>().HaveMaxLength(24);
        configurationBuilder.Properties<Security>().HaveConversion<string>().HaveMaxLength(16);
        configurationBuilder.Properties<IReadOnlyList<string>>().HaveConversion<TextListConverter, TextListComparer>();
        configurationBuilder.Properties<IReadOnlyDictionary<string, string>>()
            .HaveConversion<TextMapConverter, TextMapComparer>();
    }

    private static void TextId<TId>(ModelConfigurationBuilder builder, int length)
        where TId : struct, ITextId<TId> =>
        builder.Properties<TId>().HaveConversion<TextIdConverter<TId>>().HaveMaxLength(length);
}
