using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Mooring.Benchmarks.Records;
using Mooring.Contract.V1;

namespace Mooring.Benchmarks.Hosting;

/// <summary>Whom a key stands for.</summary>
internal sealed record BareKey(string Prefix, string User, string Account, string Wallet);

/// <summary>
/// Disks by the fewest statements that know all that an answer tells, holders and readability included.
/// </summary>
internal sealed class BareReads
{
    private const string KeyText = """
        SELECT k.hash, k.user_id, k.account_id, a.wallet_id
        FROM api_keys AS k JOIN accounts AS a ON a.id = k.account_id
        WHERE k.prefix = @prefix AND k.revoked_at IS NULL
        """;

    private const string CountText =
        "SELECT count(*) FROM disks WHERE account_id = @account AND terminated_at IS NULL";

    private readonly Func<CancellationToken, ValueTask<DbConnection>> _open;
    private readonly string _disk;
    private readonly string _page;

    public BareReads(Engine engine)
    {
        _open = engine.Opener();
        var pods = engine.IsSqlite ? "group_concat(h.pod_id)" : "string_agg(h.pod_id, ',')";
        var columns = $"""
            SELECT d.id, d.name, d.created_at, d.updated_at, d.terminated_at, d.status, d.provider_type, d.size_gib,
                d.cloud_id, d.country, d.is_multinode, d.data_center, d.price_hr, d.stopped_price_hr,
                d.provisioning_price_hr, d.creator_id, d.team_id, d.wallet_id,
                (SELECT {pods} FROM attachments AS h WHERE h.disk_id = d.id AND h.released_at IS NULL),
                d.unreadable_since IS NOT NULL OR p.unreadable_since IS NOT NULL
            FROM disks AS d JOIN provider_accounts AS p ON p.id = d.provider_account_id
            """;
        _disk = columns + " WHERE d.id = @id AND d.account_id = @account";
        _page = columns + """
             WHERE d.account_id = @account AND d.terminated_at IS NULL
            ORDER BY d.created_at DESC, d.id DESC LIMIT @limit OFFSET @offset
            """;
    }

    public ValueTask<DbConnection> OpenAsync(CancellationToken ct) => _open(ct);

    public static async Task<BareKey?> KeyAsync(DbConnection connection, string secret, CancellationToken ct)
    {
        // "mrg_" and 12 digits, by which it is found.
        await using var command = connection.Command(KeyText, ("@prefix", secret[4..16]));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            && CryptographicOperations.FixedTimeEquals(
                row.GetFieldValue<byte[]>(0), SHA256.HashData(Encoding.UTF8.GetBytes(secret)))
            ? new BareKey(secret[4..16], row.GetString(1), row.GetString(2), row.GetString(3))
            : null;
    }

    public async Task<Disk> DiskAsync(DbConnection connection, BareKey key, string id, CancellationToken ct)
    {
        await using var command = connection.Command(_disk, ("@id", id), ("@account", key.Account));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return Read(row);
    }

    public async Task<DiskList> ListAsync(
        DbConnection connection, BareKey key, int limit, int offset, CancellationToken ct)
    {
        await using var count = connection.Command(CountText, ("@account", key.Account));
        var total = Convert.ToInt32(await count.ExecuteScalarAsync(ct), null);
        await using var command = connection.Command(
            _page, ("@account", key.Account), ("@limit", limit), ("@offset", offset));
        await using var row = await command.ExecuteReaderAsync(ct);
        List<Disk> page = new(limit);
        while (await row.ReadAsync(ct))
        {
            page.Add(Read(row));
        }

        return new DiskList { TotalCount = total, Data = page, Limit = limit, Offset = offset };
    }

    private static Disk Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        CreatedAt = NewDisk.Time(row.GetInt64(2)),
        UpdatedAt = NewDisk.Time(row.GetInt64(3)),
        TerminatedAt = row.IsDBNull(4) ? null : NewDisk.Time(row.GetInt64(4)),
        Status = row.GetBoolean(19) ? Statuses.Unknown : row.GetString(5),
        ProviderType = row.GetString(6),
        Size = row.GetInt32(7),
        Info = new DiskInfo(Text(row, 8), Text(row, 9), row.GetBoolean(10), Text(row, 11)),
        PriceHr = NewDisk.Usd(row.GetInt64(12)),
        StoppedPriceHr = NewDisk.Usd(row.GetInt64(13)),
        ProvisioningPriceHr = NewDisk.Usd(row.GetInt64(14)),
        UserId = row.GetString(15),
        TeamId = Text(row, 16),
        WalletId = row.GetString(17),
        Pods = row.IsDBNull(18) ? [] : row.GetString(18).Split(','),
        Clusters = [],
    };

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
