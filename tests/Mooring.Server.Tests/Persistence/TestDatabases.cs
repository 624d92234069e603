using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestDatabases))]

namespace Mooring.Server.Tests.Persistence;

/// <summary>Which database a test runs on.</summary>
public enum Backend
{
    Sqlite,
    PostgreSql,
}

/// <summary>
/// Empty databases for tests, each migrated once and then copied. One PostgreSQL server serves them all; it starts when
/// the first test asks for it. Nothing is left behind.
/// </summary>
public sealed class TestDatabases : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mooring-server-tests-").FullName;
    private readonly Lazy<Task<string>> _sqliteTemplate;
    private readonly Lazy<Task<PostgresServer>> _postgres;
    private int _made;

    public TestDatabases()
    {
        _sqliteTemplate = new(MigrateSqliteAsync);
        _postgres = new(StartPostgresAsync);
    }

    public static async Task<TestDatabases> CurrentAsync() =>
        await TestContext.Current.GetFixture<TestDatabases>()
        ?? throw new InvalidOperationException("The assembly has lost its databases.");

    /// <summary>A directory of the caller's own, removed with the test run.</summary>
    public string NewDirectory() => Directory.CreateDirectory(Path.Combine(_directory, Name())).FullName;

    /// <summary>A database with the newest schema and nothing in it.</summary>
    internal async Task<RecordsOptions> MakeAsync(Backend backend)
    {
        if (backend == Backend.Sqlite)
        {
            var path = Path.Combine(NewDirectory(), "mooring.db");
            File.Copy(await _sqliteTemplate.Value, path);
            return new RecordsOptions.Sqlite(path);
        }

        return await CopyPostgresAsync("mooring_template");
    }

    /// <summary>A database without any schema.</summary>
    internal async Task<RecordsOptions> MakeBareAsync(Backend backend) => backend == Backend.Sqlite
        ? new RecordsOptions.Sqlite(Path.Combine(NewDirectory(), "mooring.db"))
        : await CopyPostgresAsync("template0");

    /// <summary>Gives a database's connections and room back.</summary>
    internal async Task RemoveAsync(RecordsOptions records)
    {
        switch (records)
        {
            case RecordsOptions.Sqlite sqlite:
                await using (var connection = new SqliteConnection(
                    new SqliteConnectionStringBuilder { DataSource = sqlite.Path, DefaultTimeout = 30 }.ToString()))
                {
                    SqliteConnection.ClearPool(connection);
                }

                Directory.Delete(Path.GetDirectoryName(sqlite.Path)!, recursive: true);
                break;
            case RecordsOptions.PostgreSql postgres:
                await using (var connection = new NpgsqlConnection(Records.ConnectionString(postgres)))
                {
                    NpgsqlConnection.ClearPool(connection);
                    await ExecuteAsync(await _postgres.Value, $"DROP DATABASE {connection.Database} WITH (FORCE)");
                }

                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres.IsValueCreated)
        {
            NpgsqlConnection.ClearAllPools();
            await (await _postgres.Value).DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private string Name() => $"t{Interlocked.Increment(ref _made)}";

    private async Task<string> MigrateSqliteAsync()
    {
        var path = Path.Combine(_directory, "template.db");
        await MigrateAsync(new RecordsOptions.Sqlite(path));
        SqliteConnection.ClearAllPools();
        return path;
    }

    private async Task<PostgresServer> StartPostgresAsync()
    {
        var server = await PostgresServer.StartAsync(CancellationToken.None);
        await ExecuteAsync(server, "CREATE DATABASE mooring_template");
        var template = server.ConnectionTo("mooring_template");
        var records = new RecordsOptions.PostgreSql(template);
        await MigrateAsync(records);
        // A database is copied only while nobody is connected to it.
        await using var connection = new NpgsqlConnection(Records.ConnectionString(records));
        NpgsqlConnection.ClearPool(connection);
        return server;
    }

    private async Task<RecordsOptions> CopyPostgresAsync(string template)
    {
        var server = await _postgres.Value;
        var name = Name();
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {template}");
        return new RecordsOptions.PostgreSql(server.ConnectionTo(name));
    }

    private static async Task MigrateAsync(RecordsOptions records)
    {
        var builder = new DbContextOptionsBuilder<MooringDb>();
        builder.UseRecords(records);
        await using var db = new MooringDb(builder.Options);
        await db.Database.MigrateAsync();
    }

    // Names of databases can't be parameters; these are our own.
    private static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
