using System.Collections.Concurrent;
using System.Data.Common;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// Finds a key by its public prefix. Where this process alone owns the database, what was found is remembered until the
/// key changes; where replicas share it, each request asks, as a key that another one revoked is refused from the next
/// request on (architecture, section 9).
/// </summary>
internal sealed class KeyLookup(Database database)
{
    private static readonly Statement<KeyRow> Find = new(
        """
        SELECT k.prefix, k.name, k.hash, k.user_id, k.account_id, k.permissions, k.created_at, k.expires_at,
            k.revoked_at, a.wallet_id
        FROM api_keys AS k JOIN accounts AS a ON a.id = k.account_id
        WHERE k.prefix = @prefix
        """,
        ["@prefix"],
        Read);

    private readonly ConcurrentDictionary<string, KeyRow> _known = [];
    private readonly Lock _remembering = new();
    private long _changes;

    public async ValueTask<KeyRow?> FindAsync(string prefix, CancellationToken ct)
    {
        if (_known.TryGetValue(prefix, out var known))
        {
            return known;
        }

        var changes = Volatile.Read(ref _changes);
        var found = await database.QueryAsync(Find, [prefix], ct) is [var row] ? row : null;
        if (found is not null && database.Dialect == Dialect.Sqlite)
        {
            Remember(prefix, found, changes);
        }

        return found;
    }

    /// <summary>To be said after a key's change is committed and before that is answered.</summary>
    public void Forget(string prefix)
    {
        lock (_remembering)
        {
            _changes++;
            _known.TryRemove(prefix, out _);
        }
    }

    // What was read before some key's change may be that key as it was.
    private void Remember(string prefix, KeyRow found, long changesBefore)
    {
        lock (_remembering)
        {
            if (_changes == changesBefore)
            {
                _known[prefix] = found;
            }
        }
    }

    private static KeyRow Read(DbDataReader row) => new(
        new ApiKey
        {
            Prefix = row.GetString(0),
            Name = row.GetString(1),
            Hash = row.GetFieldValue<byte[]>(2),
            UserId = UserId.From(row.GetString(3)),
            AccountId = AccountId.From(row.GetString(4)),
            Permissions = row.GetInt32(5),
            CreatedAt = row.Time(6),
            ExpiresAt = row.TimeOrNull(7),
            RevokedAt = row.TimeOrNull(8),
        },
        WalletId.From(row.GetString(9)));
}

/// <summary>A key with what a request needs of its account.</summary>
internal sealed record KeyRow(ApiKey Key, WalletId WalletId);
