using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Mooring.Server.Persistence;

/// <summary>
/// A server's turn to bring the records up to date and to make what is not there yet: several that start on one
/// PostgreSQL database at once would each find it empty. It is an advisory lock of a connection of its own, which no
/// pool keeps, so that it ends with its process however that ends. SQLite's records are one process's.
/// </summary>
internal sealed partial class StartTurn : IAsyncDisposable
{
    /// <summary>The lock's number, one for each database: "Mooring" in ASCII.</summary>
    public const long Number = 0x4D_6F_6F_72_69_6E_67;

    private static readonly Statement<bool> TryTake =
        new($"SELECT pg_try_advisory_lock({Number})", [], row => row.GetBoolean(0));

    private static readonly Statement Take = new($"SELECT pg_advisory_lock({Number})");

    private readonly NpgsqlConnection _connection;

    private StartTurn(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Waits for the turn, which lasts until it is disposed of; null where nobody else could start.</summary>
    public static async Task<StartTurn?> TakeAsync(
        IDbContextFactory<MooringDb> contexts, ILogger logger, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (!db.Database.IsNpgsql())
        {
            return null;
        }

        var turn = new StartTurn(new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false }.ToString()));
        try
        {
            await turn.TakeAsync(logger, ct);
            return turn;
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task TakeAsync(ILogger logger, CancellationToken ct)
    {
        await _connection.OpenAsync(ct);
        await using var attempt = TryTake.CommandOn(_connection);
        if (await TryTake.RunAsync(attempt, [], ct) is [true])
        {
            return;
        }

        LogWaiting(logger);
        await using var wait = Take.CommandOn(_connection);
        // As long as the other one takes: migrations of many rows have no end that could be named.
        wait.CommandTimeout = 0;
        await wait.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Another server is starting on the same database; this one waits until that is done")]
    private static partial void LogWaiting(ILogger logger);
}
