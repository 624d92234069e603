using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server;

/// <summary>Which database holds the records.</summary>
public abstract record RecordsOptions
{
    private RecordsOptions() { }

    /// <summary>A SQLite file, owned by this process alone.</summary>
    /// <param name="Path">Absolute path.</param>
    public sealed record Sqlite(string Path) : RecordsOptions;

    /// <summary>A PostgreSQL database, shared by any number of processes.</summary>
    /// <param name="ConnectionString">As Npgsql takes it.</param>
    public sealed record PostgreSql(string ConnectionString) : RecordsOptions;
}

internal static class Records
{
    public const string SqliteMigrations = "Mooring.Server.Sqlite";
    private const string PostgresMigrations = "Mooring.Server.Postgres";

    public static void AddRecords(this IServiceCollection services, RecordsOptions records)
    {
        services.AddPooledDbContextFactory<MooringDb>(builder => builder.UseRecords(records));
        services.AddSingleton<Database>(provider => records is RecordsOptions.Sqlite sqlite
            ? new SqliteDatabase(
                provider.GetRequiredService<IDbContextFactory<MooringDb>>(),
                () =>
                {
                    var builder = new DbContextOptionsBuilder<MooringDb>();
                    builder.UseRecords(records).AddInterceptors(WriterSettings.Instance);
                    return builder.Options;
                },
                ConnectionString(sqlite),
                provider.GetRequiredService<WakeUps>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SqliteDatabase>>())
            : new PostgresDatabase(
                provider.GetRequiredService<IDbContextFactory<MooringDb>>(),
                ConnectionString((RecordsOptions.PostgreSql)records),
                provider.GetRequiredService<WakeUps>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PostgresDatabase>>()));
    }

    /// <summary>Has Entity Framework make its model of the records, of which a process has one.</summary>
    public static void MakeModel(RecordsOptions records)
    {
        var builder = new DbContextOptionsBuilder<MooringDb>();
        builder.UseRecords(records);
        using var db = new MooringDb(builder.Options);
        _ = db.Model;
    }

    public static DbContextOptionsBuilder UseRecords(this DbContextOptionsBuilder builder, RecordsOptions records)
    {
        // A test holds that no change of the model lacks its migration; looking for one takes longer than migrating.
        builder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
        return records switch
        {
            RecordsOptions.Sqlite sqlite => builder.UseSqlite(
                ConnectionString(sqlite),
                options => options.MigrationsAssembly(SqliteMigrations))
                .AddInterceptors(StayOpen.Instance),
            RecordsOptions.PostgreSql postgres => builder.UseNpgsql(
                ConnectionString(postgres), options => options.MigrationsAssembly(PostgresMigrations)),
            _ => throw new InvalidOperationException($"There are no records of kind {records.GetType().Name}."),
        };
    }

    internal static string ConnectionString(RecordsOptions.Sqlite sqlite) =>
        new SqliteConnectionStringBuilder { DataSource = sqlite.Path, DefaultTimeout = 30 }.ToString();

    // What the operator says about either holds. We keep nothing in a connection from one request to the next (locks
    // end with their transaction), so it needs no reset in between; and our few statements are worth preparing.
    internal static string ConnectionString(RecordsOptions.PostgreSql postgres)
    {
        var builder = new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        if (!builder.ShouldSerialize("No Reset On Close"))
        {
            builder.NoResetOnClose = true;
        }

        if (!builder.ShouldSerialize("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = 64;
        }

        return builder.ToString();
    }

    /// <summary>
    /// Connections stay open from one query to the next, with the context that the pool keeps: opening one costs Entity
    /// Framework more than most of our queries do, as it makes its own SQL functions known each time (ADR 10). Between
    /// queries it holds no lock and no snapshot.
    /// </summary>
    private sealed class StayOpen : DbConnectionInterceptor
    {
        public static readonly StayOpen Instance = new();

        public override InterceptionResult ConnectionClosing(
            System.Data.Common.DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
            InterceptionResult.Suppress();

        public override ValueTask<InterceptionResult> ConnectionClosingAsync(
            System.Data.Common.DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
            ValueTask.FromResult(InterceptionResult.Suppress());
    }

    /// <summary>
    /// What the one writing connection is set to (https://sqlite.org/pragma.html). The write-ahead log is a property of
    /// the file; FULL has every commit on the disk before it is answered, one wait that the write queue shares. MEMORY
    /// keeps how pages were before a unit of work: a file for them, which SQLite takes from 64 KiB on, costs each unit
    /// as many writes as its own, for nothing that a crash would need.
    /// </summary>
    private sealed class WriterSettings : DbConnectionInterceptor
    {
        private const string Pragmas =
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;";

        public static readonly WriterSettings Instance = new();

        public override void ConnectionOpened(
            System.Data.Common.DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(
            System.Data.Common.DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
