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
        services.AddSingleton<Database>(provider => records is RecordsOptions.Sqlite
            ? new SqliteDatabase(
                provider.GetRequiredService<IDbContextFactory<MooringDb>>(),
                () =>
                {
                    var builder = new DbContextOptionsBuilder<MooringDb>();
                    builder.UseRecords(records).AddInterceptors(WriterSettings.Instance);
                    return builder.Options;
                },
                provider.GetRequiredService<WakeUps>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SqliteDatabase>>())
            : new PostgresDatabase(
                provider.GetRequiredService<IDbContextFactory<MooringDb>>(),
                provider.GetRequiredService<WakeUps>(),
                provider.GetRequiredService<TimeProvider>()));
    }

    public static DbContextOptionsBuilder UseRecords(this DbContextOptionsBuilder builder, RecordsOptions records) =>
        records switch
        {
            RecordsOptions.Sqlite sqlite => builder.UseSqlite(
                new SqliteConnectionStringBuilder { DataSource = sqlite.Path, DefaultTimeout = 30 }.ToString(),
                options => options.MigrationsAssembly(SqliteMigrations)),
            RecordsOptions.PostgreSql postgres => builder.UseNpgsql(
                postgres.ConnectionString, options => options.MigrationsAssembly(PostgresMigrations)),
            _ => throw new InvalidOperationException($"There are no records of kind {records.GetType().Name}."),
        };

    /// <summary>
    /// What the one writing connection is set to (https://sqlite.org/pragma.html). The write-ahead log is a property of
    /// the file; FULL has every commit on the disk before it is answered, one wait that the write queue shares.
    /// </summary>
    private sealed class WriterSettings : DbConnectionInterceptor
    {
        private const string Pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
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
