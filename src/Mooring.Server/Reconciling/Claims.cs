using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Reconciling;

/// <summary>
/// Takes due rows of one table for a worker. A claim is a token and an end; a row with a claim that has not ended is
/// nobody else's. Two dialects, one meaning. On PostgreSQL the database's clock says what is due, as replicas' clocks
/// differ; SQLite has one process, and so its <see cref="TimeProvider"/>.
/// </summary>
internal sealed class Claims(Database database, TimeProvider time, IdGenerator ids, string table)
{
    private const string PostgresNow = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

    /// <summary>
    /// Claims up to <paramref name="count"/> rows, the longest due first, and gives back their ids and the token. A row
    /// whose last claim was never given back is marked as cut off.
    /// </summary>
    public async Task<(string Token, IReadOnlyList<string> Ids)> TakeAsync(
        int count, TimeSpan length, CancellationToken ct)
    {
        var token = ids.Uuid();
        var micros = length.Ticks / TimeSpan.TicksPerMicrosecond;
        var isPostgres = database.Dialect == Dialect.PostgreSql;
        var now =
            isPostgres ? PostgresNow : Clock.ToMicroseconds(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        var skip = isPostgres ? " FOR UPDATE SKIP LOCKED" : "";
        // The table's name is a constant of ours, the rest are numbers: nothing here comes from a request.
        var sql = $"""
            UPDATE {table}
            SET is_cut_off = is_cut_off OR claim_token IS NOT NULL, claim_token = @token, claim_until = {now} + @length
            WHERE id IN (
                SELECT id FROM {table}
                WHERE due_at <= {now} AND (claim_until IS NULL OR claim_until <= {now})
                ORDER BY due_at LIMIT @count{skip})
            RETURNING id
            """;
        var claimed = await database.WriteAsync(
            async (db, token2) =>
            {
                await using var command = await CommandAsync(db, sql, token2);
                Add(command, "@token", token);
                Add(command, "@length", micros);
                Add(command, "@count", count);
                List<string> found = [];
                await using var reader = await command.ExecuteReaderAsync(token2);
                while (await reader.ReadAsync(token2))
                {
                    found.Add(reader.GetString(0));
                }

                return found;
            },
            ct);
        return (token, claimed);
    }

    /// <summary>
    /// Ends every claim at once. Only where one process owns the database: at its start nobody else can be at work.
    /// The tokens stay, so that a call that was cut off is not forgotten.
    /// </summary>
    public Task EndAllAsync(CancellationToken ct)
    {
        var now = Clock.ToMicroseconds(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        var sql = $"UPDATE {table} SET claim_until = {now} WHERE claim_until > {now}";
        return database.WriteAsync(
            async (db, token) =>
            {
                await using var command = await CommandAsync(db, sql, token);
                await command.ExecuteNonQueryAsync(token);
            },
            ct);
    }

    /// <summary>
    /// How long until the next row is due that nobody works on, by the clock that claims go by; null if none is.
    /// </summary>
    public async Task<TimeSpan?> UntilNextDueAsync(CancellationToken ct)
    {
        if (await NextDueAsync(ct) is not { } due)
        {
            return null;
        }

        if (database.Dialect == Dialect.Sqlite)
        {
            return due - time.GetUtcNow();
        }

        await using var db = await database.ReadAsync(ct);
        await using var command = await CommandAsync(db, $"SELECT {PostgresNow}", ct);
        return due - Clock.FromMicroseconds((long)(await command.ExecuteScalarAsync(ct))!);
    }

    /// <summary>When the next row is due that nobody works on; null if none is.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        await using var command = await CommandAsync(
            db,
            $"""
            SELECT min(CASE WHEN claim_until > due_at THEN claim_until ELSE due_at END)
            FROM (SELECT due_at, claim_until FROM {table} WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 200) AS due
            """,
            ct);
        return await command.ExecuteScalarAsync(ct) is long micros ? Clock.FromMicroseconds(micros) : null;
    }

    private static async Task<DbCommand> CommandAsync(MooringDb db, string sql, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction is { } transaction
            ? Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(transaction)
            : null;
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
