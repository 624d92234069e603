using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>What became of a request's wish to have its key.</summary>
internal enum Turn
{
    /// <summary>It has it: it is the first, or the first has left nothing behind.</summary>
    Taken,

    /// <summary>The first is still running.</summary>
    Running,

    /// <summary>The first is done, and its answer is this one's.</summary>
    Done,

    /// <summary>The key stands for another request.</summary>
    Other,
}

/// <summary>
/// Who has which <c>Idempotency-Key</c>, in the records, so that replicas agree. A key is taken before its request is
/// handled; its answer is stored in the transaction of what the request makes (<see cref="Once"/>), which fails if the
/// key is somebody else's by then. So whatever is cut off and whoever repeats, at most one of them makes anything.
/// </summary>
internal sealed partial class IdempotencyKeys(
    Database database, IdGenerator ids, MooringOptions options, ILogger<IdempotencyKeys> logger)
{
    public const int CharactersAtMost = 255;

    /// <summary>How long a key stands for its request.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    private const int RowsPerPurge = 500;

    // How long a request that its time limit has ended may take to stop, and one that has no limit.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Unlimited = TimeSpan.FromHours(1);

    private static readonly Statement Take = new(
        """
        INSERT INTO idempotency_keys (user_id, key_text, request_hash, token, created_at, lapses_at)
        VALUES (@user, @key, @hash, @token, @now, @lapses)
        ON CONFLICT (user_id, key_text) DO UPDATE SET
            request_hash = excluded.request_hash, token = excluded.token, created_at = excluded.created_at,
            lapses_at = excluded.lapses_at, status = NULL, answer = NULL
        WHERE idempotency_keys.created_at <= @forgotten
            OR (idempotency_keys.status IS NULL AND idempotency_keys.lapses_at <= @now)
        """,
        "@user",
        "@key",
        "@hash",
        "@token",
        "@now",
        "@lapses",
        "@forgotten");

    private static readonly Statement Store = new(
        """
        UPDATE idempotency_keys SET status = @status, answer = @answer
        WHERE user_id = @user AND key_text = @key AND token = @token AND status IS NULL
        """,
        "@status",
        "@answer",
        "@user",
        "@key",
        "@token");

    private static readonly Statement GiveBack = new(
        """
        DELETE FROM idempotency_keys
        WHERE user_id = @user AND key_text = @key AND token = @token AND status IS NULL
        """,
        "@user",
        "@key",
        "@token");

    private static readonly Statement FreeAll = new("DELETE FROM idempotency_keys WHERE status IS NULL");

    private static readonly Statement Purge = new(
        """
        DELETE FROM idempotency_keys WHERE (user_id, key_text) IN (
            SELECT user_id, key_text FROM idempotency_keys WHERE created_at <= @forgotten
            ORDER BY created_at LIMIT @rows)
        """,
        "@forgotten",
        "@rows");

    /// <summary>Takes a key for a request, or says why it is not to be had.</summary>
    /// <param name="user">Whose key it is.</param>
    /// <param name="key">What the header says.</param>
    /// <param name="hash">The request's.</param>
    /// <param name="ct">Cancellation.</param>
    /// <returns>What became of it, and the row as it now stands.</returns>
    public async Task<(Turn Turn, IdempotencyKey Row)> TakeAsync(
        UserId user, string key, byte[] hash, CancellationToken ct)
    {
        var token = ids.Uuid();
        var row = await database.WriteAsync(
            async (db, unit) =>
            {
                var now = db.DueClock;
                var lapses = now + (options.Limits.RequestTime is { Ticks: > 0 } time ? time + Grace : Unlimited);
                object?[] values = [user.Value, key, hash, token, Micros(now), Micros(lapses), Micros(now - KeptFor)];
                return await db.ExecuteAsync(Take, values, unit) == 1
                    ? new IdempotencyKey
                    {
                        UserId = user,
                        KeyText = key,
                        RequestHash = hash,
                        Token = token,
                        CreatedAt = now,
                        LapsesAt = lapses,
                    }
                    : await db.IdempotencyKeys.AsNoTracking()
                        .SingleAsync(one => one.UserId == user && one.KeyText == key, unit);
            },
            ct);
        return (
            row.Token == token ? Turn.Taken
                : !row.RequestHash.AsSpan().SequenceEqual(hash) ? Turn.Other
                : row.Status is null ? Turn.Running
                : Turn.Done,
            row);
    }

    /// <summary>Stores the answer of a request that has the key, in the transaction of what it says.</summary>
    /// <returns>The refusal where the key is not that request's any more: then nothing of it may be stored.</returns>
    public static async Task<MooringError?> StoreAsync(
        MooringDb db, IdempotencyKey taken, int status, string answer, CancellationToken ct) =>
        await db.ExecuteAsync(Store, [status, answer, taken.UserId.Value, taken.KeyText, taken.Token], ct) == 1
            ? null
            : new IdempotencyKeyLost(taken.KeyText);

    /// <summary>
    /// Gives back the key of a request that made nothing; one that did has stored its answer, and keeps it.
    /// </summary>
    public async Task GiveBackAsync(IdempotencyKey taken)
    {
        try
        {
            // Not under the request's own cancellation: that may be why it made nothing.
            await database.WriteAsync(
                (db, token) => db.ExecuteAsync(
                    GiveBack, [taken.UserId.Value, taken.KeyText, taken.Token], token),
                CancellationToken.None);
        }
        catch (Exception exception) when (RecordsUnavailableException.From(exception) is RecordsUnavailableException)
        {
            // What goes wrong is told by the request itself. The key lapses.
            LogNotGivenBack(exception, taken.LapsesAt.ToString("O", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// Gives back every key whose request has not answered. Only where one process owns the database: at its start none
    /// of them runs any more.
    /// </summary>
    public Task FreeAllAsync(CancellationToken ct) =>
        database.WriteAsync((db, token) => db.ExecuteAsync(FreeAll, [], token), ct);

    /// <summary>
    /// Forgets the keys that are older than <see cref="KeptFor"/>, the oldest first, so many in a transaction that
    /// nobody waits for it long.
    /// </summary>
    /// <returns>How many there were.</returns>
    public async Task<int> PurgeAsync(CancellationToken ct)
    {
        var sum = 0;
        while (true)
        {
            var purged = await database.WriteAsync(
                (db, token) => db.ExecuteAsync(Purge, [Micros(db.DueClock - KeptFor), RowsPerPurge], token), ct);
            sum += purged;
            if (purged < RowsPerPurge)
            {
                return sum;
            }
        }
    }

    private static long Micros(DateTimeOffset at) => Clock.ToMicroseconds(at);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The Idempotency-Key of a request that failed could not be given back; it is free from {Lapses} on")]
    private partial void LogNotGivenBack(Exception exception, string lapses);
}
