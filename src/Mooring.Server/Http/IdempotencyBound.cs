using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Mooring.Providers;
using Mooring.Server.Persistence;

namespace Mooring.Server.Http;

/// <summary>
/// How many keys a user may have at once, so that nobody fills the records with them. A request must not pay for a
/// count: of what the records have room for, a process takes a tenth of the bound at a time, and counts again when that
/// is used up. So each server beside the first may let a tenth more in. Who has too many is not counted for again until
/// the oldest of the keys ends.
/// </summary>
internal sealed class IdempotencyBound(
    Database database, IdempotencyKeys keys, MooringOptions options, TimeProvider time)
{
    private const int PartsOfBound = 10;
    private static readonly TimeSpan WaitAtLeast = TimeSpan.FromSeconds(10);

    // Off the primary key alone, and no further than the bound.
    private static readonly Statement<long> Count = new(
        "SELECT count(*) FROM (SELECT 1 FROM idempotency_keys WHERE user_id = @user LIMIT @most) AS kept",
        ["@user", "@most"],
        row => row.GetInt64(0));

    private static readonly Statement<string> Known = new(
        "SELECT token FROM idempotency_keys WHERE user_id = @user AND key_text = @key",
        ["@user", "@key"],
        row => row.GetString(0));

    // As many as there are users who send keys.
    private readonly ConcurrentDictionary<UserId, Room> _rooms = [];
    private readonly Lanes _lanes = new();

    /// <summary>
    /// Whether a key is one too many; one that is in the records is not, as its request may be a repeat.
    /// </summary>
    /// <returns>How long until there is room again; null where there is.</returns>
    public async Task<TimeSpan?> WaitAsync(UserId user, string key, CancellationToken ct)
    {
        var most = options.Limits.IdempotencyKeysPerUser;
        var room = most == 0 ? null : _rooms.GetOrAdd(user, _ => new Room());
        return room is null
            || room.TryTake()
            || await WaitInAsync(room, user, most, ct) is not { } wait
            || await database.QueryAsync(Known, [user.Value, key], ct) is [_]
                ? null
                : wait;
    }

    private async Task<TimeSpan?> WaitInAsync(Room room, UserId user, int most, CancellationToken ct) =>
        room.WaitLeft(time) ?? await _lanes.EnterAsync<TimeSpan?>(
            user.Value,
            async () =>
            {
                // Whoever was first in the lane has counted for all.
                if (room.TryTake())
                {
                    return null;
                }

                if (room.WaitLeft(time) is { } known)
                {
                    return known;
                }

                var left = most - await CountAsync(user, most, ct);
                if (left > 0)
                {
                    room.Give(Math.Min(left, Math.Max(1, most / PartsOfBound)) - 1);
                    return null;
                }

                var oldest = await OldestEndsInAsync(user, ct);
                var wait = oldest > WaitAtLeast ? oldest : WaitAtLeast;
                room.Close(wait, time);
                return wait;
            },
            ct);

    // What has ended counts as long as it is there; it is looked for where it would turn somebody away.
    private async Task<int> CountAsync(UserId user, int most, CancellationToken ct)
    {
        if (await CountOnceAsync(user, most, ct) is var count && count < most)
        {
            return count;
        }

        await keys.PurgeAsync(ct);
        return await CountOnceAsync(user, most, ct);
    }

    private Task<TimeSpan> OldestEndsInAsync(UserId user, CancellationToken ct) => database.WriteAsync(
        async (db, unit) =>
        {
            var oldest = await db.IdempotencyKeys
                .Where(key => key.UserId == user)
                .OrderBy(key => key.CreatedAt)
                .Select(key => (DateTimeOffset?)key.CreatedAt)
                .FirstOrDefaultAsync(unit);
            // By the clock that keys go by.
            return oldest + IdempotencyKeys.KeptFor - db.DueClock ?? TimeSpan.Zero;
        },
        ct);

    private async Task<int> CountOnceAsync(UserId user, int most, CancellationToken ct) =>
        (int)(await database.QueryAsync(Count, [user.Value, (long)most], ct))[0];

    /// <summary>What one user may still have, as far as this process has counted.</summary>
    private sealed class Room
    {
        private readonly Lock _lock = new();
        private int _left;
        private long _closedAt;
        private TimeSpan _closedFor;

        public bool TryTake()
        {
            lock (_lock)
            {
                if (_left == 0)
                {
                    return false;
                }

                _left--;
                return true;
            }
        }

        public void Give(int keys)
        {
            lock (_lock)
            {
                _left = keys;
            }
        }

        public void Close(TimeSpan wait, TimeProvider time)
        {
            lock (_lock)
            {
                (_closedAt, _closedFor) = (time.GetTimestamp(), wait);
            }
        }

        /// <summary>How long it is closed; null where it is not known to be.</summary>
        public TimeSpan? WaitLeft(TimeProvider time)
        {
            lock (_lock)
            {
                return _closedFor - time.GetElapsedTime(_closedAt) is { Ticks: > 0 } left ? left : null;
            }
        }
    }
}
