using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Mooring.Server.Persistence;

/// <summary>
/// One consistent state of the records, for answers that several queries make together. Nobody waits for it; on SQLite
/// the write-ahead log grows as long as it lasts.
/// </summary>
internal sealed class Snapshot : IAsyncDisposable
{
    private readonly IAsyncDisposable _transaction;

    private Snapshot(MooringDb db, IAsyncDisposable transaction) => (Db, _transaction) = (db, transaction);

    /// <summary>Reads from that state alone.</summary>
    public MooringDb Db { get; }

    /// <summary>The state as of the first query.</summary>
    public static async Task<Snapshot> TakeAsync(Database database, CancellationToken ct)
    {
        var db = await database.ReadAsync(ct);
        try
        {
            if (database.Dialect == Dialect.PostgreSql)
            {
                // A statement sees its own moment there, unless it is told otherwise.
                return new Snapshot(
                    db, await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct));
            }

            await db.Database.OpenConnectionAsync(ct);
            // Deferred: without it a transaction would take the one right to write.
            var transaction = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
            await db.Database.UseTransactionAsync(transaction, ct);
            return new Snapshot(db, transaction);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Db.DisposeAsync();
    }
}
