using System.Data.Common;
using Microsoft.Data.Sqlite;
using Mooring.Server;
using Npgsql;

namespace Mooring.Benchmarks.Records;

/// <summary>A database of one of the two kinds, as the driver takes it.</summary>
internal sealed record Engine(string Name, string Connection)
{
    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgres";

    public bool IsSqlite => Name == Sqlite;

    public static Engine OfFile(string path) => new(Sqlite, path);

    public RecordsOptions ToRecords() =>
        IsSqlite ? new RecordsOptions.Sqlite(Connection) : new RecordsOptions.PostgreSql(Connection);

    /// <summary>Opens connections from the driver's own pool.</summary>
    public Func<CancellationToken, ValueTask<DbConnection>> Opener()
    {
        if (!IsSqlite)
        {
            return async ct =>
            {
                var connection = new NpgsqlConnection(Connection);
                await connection.OpenAsync(ct);
                return connection;
            };
        }

        var text = new SqliteConnectionStringBuilder { DataSource = Connection, DefaultTimeout = 30 }.ToString();
        return async ct =>
        {
            var connection = new SqliteConnection(text);
            await connection.OpenAsync(ct);
            return connection;
        };
    }

    /// <summary>Closes what the driver keeps open, so that the database can be copied.</summary>
    public static void CloseIdle()
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
    }
}
