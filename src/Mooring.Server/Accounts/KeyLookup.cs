using System.Collections.Concurrent;
using System.Data.Common;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Accounts;

/// <summary>
/// Finds a key by its public prefix, with its user and every account that it sees. Where this process alone owns the
/// database, what was found is remembered until something of it changes; where replicas share it, each request asks, as
/// a key that another one revoked is refused from the next request on (architecture, section 9).
/// </summary>
internal sealed class KeyLookup(Database database)
{
    private const string Columns =
        """
        k.prefix, k.name, k.hash, k.user_id, k.account_id, k.team_id, k.permissions, k.created_at, k.expires_at,
            k.revoked_at, k.disabled_at, u.role, u.disabled_at, a.id, a.wallet_id, a.team_id,
            CASE WHEN a.quota_disks IS NULL AND a.quota_gib IS NULL AND a.quota_pods IS NULL AND a.quota_rate IS NULL
                THEN 0 ELSE 1 END, w.is_prepaid
        """;

    // The user's own account, and those of the user's teams: a row each.
    private static readonly Statement<Row> Find = new(
        $"""
        SELECT {Columns}, NULL
        FROM api_keys AS k JOIN users AS u ON u.id = k.user_id JOIN accounts AS a ON a.id = u.account_id
            JOIN wallets AS w ON w.id = a.wallet_id
        WHERE k.prefix = @prefix
        UNION ALL
        SELECT {Columns}, m.role
        FROM api_keys AS k JOIN users AS u ON u.id = k.user_id JOIN team_members AS m ON m.user_id = k.user_id
            JOIN accounts AS a ON a.team_id = m.team_id JOIN wallets AS w ON w.id = a.wallet_id
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
        var found = KeyRow.From(await database.QueryAsync(Find, [prefix], ct));
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

    /// <summary>
    /// To be said after a change of users, teams or quotas is committed, which keys are remembered with, and before
    /// that is answered.
    /// </summary>
    public void ForgetAll()
    {
        lock (_remembering)
        {
            _changes++;
            _known.Clear();
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

    private static Row Read(DbDataReader row) => new(
        new ApiKey
        {
            Prefix = row.GetString(0),
            Name = row.GetString(1),
            Hash = row.GetFieldValue<byte[]>(2),
            UserId = UserId.From(row.GetString(3)),
            AccountId = AccountId.From(row.GetString(4)),
            TeamId = row.TextOrNull(5) is { } keyTeam ? TeamId.From(keyTeam) : null,
            Permissions = row.GetInt32(6),
            CreatedAt = row.Time(7),
            ExpiresAt = row.TimeOrNull(8),
            RevokedAt = row.TimeOrNull(9),
            DisabledAt = row.TimeOrNull(10),
        },
        row.GetString(11),
        IsUserDisabled: !row.IsDBNull(12),
        new AccountView(
            AccountId.From(row.GetString(13)),
            WalletId.From(row.GetString(14)),
            row.TextOrNull(15) is { } team ? TeamId.From(team) : null,
            row.TextOrNull(18),
            row.GetInt32(16) == 1,
            row.GetBoolean(17)));

    /// <summary>One account of those that a key's user sees.</summary>
    internal sealed record Row(ApiKey Key, string UserRole, bool IsUserDisabled, AccountView View);
}

/// <summary>A key with all that a request needs to know of its user.</summary>
/// <param name="Key">The key.</param>
/// <param name="IsUserDisabled">Whether none of the user's keys holds.</param>
/// <param name="Caller">Who asks with it; sees no account if the user has left the key's team.</param>
internal sealed record KeyRow(ApiKey Key, bool IsUserDisabled, Caller Caller)
{
    private static readonly int OperatorOnly = ApiKey.Permit((Section.Admin, Access.Read | Access.Write));

    // Nobody is an operator by a team's key, nor changes with it what lets the user in to other teams' instances: what
    // it may do is about that team alone.
    private static readonly int BeyondATeam =
        OperatorOnly | ApiKey.Permit((Section.SshKeys, Access.Read | Access.Write));
    private static readonly int OperatorChanges = ApiKey.Permit((Section.Admin, Access.Write));

    public bool IsUsableAt(DateTimeOffset now) =>
        !IsUserDisabled && Caller.Views.Count > 0 && Key.IsUsableAt(now);

    /// <summary>The permissions that a key can't have, whatever is stored with it.</summary>
    /// <param name="userRole">Its user's role.</param>
    /// <param name="isForTeam">Whether it is for a team alone.</param>
    public static int DeniedTo(string userRole, bool isForTeam) => isForTeam ? BeyondATeam : userRole switch
    {
        UserRoles.Admin => 0,
        UserRoles.Manager => OperatorChanges,
        _ => OperatorOnly,
    };

    public static KeyRow? From(IReadOnlyList<KeyLookup.Row> rows)
    {
        if (rows is not [var first, ..])
        {
            return null;
        }

        var key = first.Key;
        List<AccountView> views =
        [
            .. rows.Select(row => row.View)
                .Where(view => key.TeamId is null || view.TeamId == key.TeamId)
                .OrderByDescending(view => view.AccountId == key.AccountId)
                .ThenBy(view => view.AccountId.Value, StringComparer.Ordinal),
        ];
        var denied = DeniedTo(first.UserRole, key.TeamId is not null);
        return new KeyRow(
            key,
            first.IsUserDisabled,
            new Caller(key.UserId, views)
            {
                KeyPrefix = key.Prefix,
                Permissions = key.Permissions & ~denied,
                KeyExpiresAt = key.ExpiresAt,
            });
    }
}
