using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Persistence;

/// <summary>What the two databases do differently.</summary>
internal enum Dialect
{
    Sqlite,
    PostgreSql,
}

/// <summary>
/// Keeps the answer to a request in the unit of work that made what it tells of; null, or why it can't.
/// </summary>
internal delegate Task<MooringError?> Keep<in T>(MooringDb db, T made, CancellationToken ct);

/// <summary>What a unit of work found, and what it made of that.</summary>
internal sealed record Changed<T>(T Before, T After);

/// <summary>
/// The door to the records. Reading takes a context of its own; writing hands a unit of work to
/// <see cref="WriteAsync{T}"/>, which runs it in a transaction, commits, and then wakes whoever has work.
/// </summary>
internal abstract partial class Database(IDbContextFactory<MooringDb> readers)
{
    public abstract Dialect Dialect { get; }

    /// <summary>A context to read with; not tracking, to be disposed by the caller.</summary>
    public Task<MooringDb> ReadAsync(CancellationToken ct) => readers.CreateDbContextAsync(ct);

    /// <summary>Runs a query of our own; see <see cref="Statement{T}"/>.</summary>
    /// <param name="statement">The query.</param>
    /// <param name="values">Its parameters' values, in their order.</param>
    /// <param name="ct">Cancellation.</param>
    public abstract Task<List<T>> QueryAsync<T>(
        Statement<T> statement, IReadOnlyList<object?> values, CancellationToken ct);

    /// <summary>
    /// Runs a unit of work in a transaction of its own and gives back its value once that is committed. An exception
    /// undoes the whole unit. The work may be run again after a conflict with another writer, so it does nothing but
    /// use its context.
    /// </summary>
    /// <exception cref="DbUpdateConcurrencyException">
    /// A row was changed since the work read it, before this call.
    /// </exception>
    public abstract Task<T> WriteAsync<T>(Func<MooringDb, CancellationToken, Task<T>> work, CancellationToken ct);

    public Task WriteAsync(Func<MooringDb, CancellationToken, Task> work, CancellationToken ct) => WriteAsync(
        async (db, token) =>
        {
            await work(db, token);
            return true;
        },
        ct);

    /// <summary>
    /// Runs a unit of work that may refuse: what it wrote before it did is undone, so that nothing is half done.
    /// </summary>
    public async Task<Result<T>> TryWriteAsync<T>(
        Func<MooringDb, CancellationToken, Task<Result<T>>> work, CancellationToken ct)
    {
        try
        {
            return await WriteAsync(
                async (db, token) =>
                {
                    var result = await work(db, token);
                    return result.Failed ? throw new RefusedWork(result.Error) : result;
                },
                ct);
        }
        catch (RefusedWork refused)
        {
            return refused.Error;
        }
    }

    /// <summary>
    /// Runs a unit of work that may refuse, and keeps what is answered to it in the same transaction: see
    /// <see cref="Http.Once"/>.
    /// </summary>
    public Task<Result<T>> TryWriteAsync<T>(
        Func<MooringDb, CancellationToken, Task<Result<T>>> work, Keep<T> keep, CancellationToken ct) => TryWriteAsync(
        async (db, token) =>
        {
            var result = await work(db, token);
            return !result.Failed && await keep(db, result.Value, token) is { } refusal ? refusal : result;
        },
        ct);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Asking {CommandText}")]
    private protected static partial void LogStatement(ILogger logger, string commandText);

    private sealed class RefusedWork(MooringError error) : Exception(error.Message)
    {
        public MooringError Error => error;
    }
}

/// <summary>PostgreSQL: a transaction per unit of work, repeated where the database asks for that.</summary>
internal sealed class PostgresDatabase(
    IDbContextFactory<MooringDb> contexts,
    string connectionString,
    WakeUps wakeUps,
    TimeProvider time,
    ILogger<PostgresDatabase> logger)
    : Database(contexts)
{
    // A wish that loses to a worker's every step is told of a fault of ours: a random history of 10,000 steps has met
    // one that lost five times.
    private const int TriesAtMost = 20;
    private readonly IDbContextFactory<MooringDb> _contexts = contexts;
    private readonly ServerClock _clock = new(time);

    public override Dialect Dialect => Dialect.PostgreSql;

    // The driver keeps the connections, the same ones as Entity Framework's, and what each has prepared.
    public override async Task<List<T>> QueryAsync<T>(
        Statement<T> statement, IReadOnlyList<object?> values, CancellationToken ct)
    {
        LogStatement(logger, statement.Sql);
        await using var connection = new Npgsql.NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = statement.CommandOn(connection);
        return await statement.RunAsync(command, values, ct);
    }

    public override async Task<T> WriteAsync<T>(Func<MooringDb, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await _contexts.CreateDbContextAsync(ct);
            try
            {
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                db.BeginUnit();
                db.DueClock = await _clock.NowAsync(db, ct);
                db.DueClockSkew = db.DueClock - time.Now();
                var value = await work(db, ct);
                await db.SaveChangesAsync(ct);
                await db.Use.WriteAsync(db, ct);
                db.Wakes |= await db.Spending.WriteAsync(db, ct);
                await transaction.CommitAsync(ct);
                wakeUps.Raise(db.Wakes);
                wakeUps.Announce(db.Changed);
                return value;
            }
            catch (Exception exception) when (attempt < TriesAtMost && IsConflict(exception))
            {
                // Another writer was quicker: read again what it wrote.
            }
        }
    }

    private static bool IsConflict(Exception exception) => exception switch
    {
        DbUpdateConcurrencyException => true,
        DbUpdateException { InnerException: Npgsql.PostgresException inner } => IsConflict(inner),
        // What statements that are run at once throw, where the driver takes it for passing.
        InvalidOperationException { InnerException: Npgsql.PostgresException inner } => IsConflict(inner),
        Npgsql.PostgresException postgres => postgres.SqlState
            is Npgsql.PostgresErrorCodes.DeadlockDetected
            or Npgsql.PostgresErrorCodes.SerializationFailure
            // A row that the other writer made first: with it in sight, the work refuses in words.
            or Npgsql.PostgresErrorCodes.UniqueViolation,
        _ => false,
    };
}
