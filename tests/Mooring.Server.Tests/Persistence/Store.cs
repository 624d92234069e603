using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Persistence;

/// <summary>The server's own doors to one database.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly TestDatabases _databases;
    private readonly ServiceProvider _services;

    private Store(TestDatabases databases, RecordsOptions records, FakeTimeProvider time)
    {
        _databases = databases;
        Records = records;
        Time = time;
        Ids = new IdGenerator(time, new Random(7));
        _services = Provide(records, time);
    }

    public RecordsOptions Records { get; }

    public FakeTimeProvider Time { get; }

    public IdGenerator Ids { get; }

    public Database Database => _services.GetRequiredService<Database>();

    public WakeUps WakeUps => _services.GetRequiredService<WakeUps>();

    public IDbContextFactory<MooringDb> Contexts => _services.GetRequiredService<IDbContextFactory<MooringDb>>();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Store> OpenAsync(Backend backend)
    {
        var databases = await TestDatabases.CurrentAsync();
        // PostgreSQL says by its own clock what is due, so rows of tests are written at times that are past for it too.
        return new Store(
            databases,
            await databases.MakeAsync(backend),
            new FakeTimeProvider(new DateTimeOffset(2025, 11, 7, 21, 7, 15, 183, TimeSpan.Zero)));
    }

    /// <summary>
    /// A second process's doors to the same database. SQLite admits one process, so it is given the same.
    /// </summary>
    public Database OfAnotherProcess() => Database.Dialect == Dialect.Sqlite ? Database : Another()
        .GetRequiredService<Database>();

    public Claims ClaimsOn(string table, Database? database = null) => new(database ?? Database, Time, Ids, table);

    public Task<MooringDb> ReadAsync() => Database.ReadAsync(Ct);

    /// <summary>Reads in a context of its own.</summary>
    public async Task<T> ReadAsync<T>(Func<MooringDb, Task<T>> read)
    {
        await using var db = await Database.ReadAsync(Ct);
        return await read(db);
    }

    /// <summary>Writes rows as they are, without any rule's say.</summary>
    public Task AddAsync(params object[] rows) => Database.WriteAsync(
        (db, _) =>
        {
            db.AddRange(rows);
            return Task.CompletedTask;
        },
        Ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await _services.DisposeAsync();
        await _databases.RemoveAsync(Records);
    }

    private readonly List<ServiceProvider> _others = [];

    private ServiceProvider Another()
    {
        var services = Provide(Records, Time);
        _others.Add(services);
        return services;
    }

    private static ServiceProvider Provide(RecordsOptions records, TimeProvider time)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(time);
        services.AddSingleton<WakeUps>();
        services.AddRecords(records);
        return services.BuildServiceProvider();
    }
}

/// <summary>A test of the records that runs on both databases: one class says what, two say where.</summary>
public abstract class StoreTest(Backend backend) : IAsyncLifetime
{
    private Store? _store;

    private protected Store Store => _store ?? throw new InvalidOperationException("The store is not open.");

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected Backend Backend => backend;

    public async ValueTask InitializeAsync() => _store = await Store.OpenAsync(backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }
}
