using System.Globalization;

namespace Mooring.Benchmarks.Records;

/// <summary>
/// Disks that were made long ago, each with the event and the usage span that its becoming ready has left, written
/// straight into the tables.
/// </summary>
internal static class Seed
{
    /// <summary>The provider account that the disks are of.</summary>
    public const string ProviderType = "bench";

    /// <summary>What 10 GB cost, in 1e-12 USD an hour.</summary>
    private const string Price = "1500000000";

    // One row per disk with all that its three rows need; a microsecond apart, so that newer ones have greater numbers.
    private const string Origins = """
        SELECT i, a.id AS account, a.user_id AS owner, a.wallet_id AS wallet, p.id AS provider, s.id AS installation,
            1762549635183000 + i AS at
        FROM n
        CROSS JOIN (SELECT id, user_id, wallet_id FROM accounts ORDER BY created_at LIMIT 1) AS a
        CROSS JOIN (SELECT id FROM provider_accounts WHERE type = 'bench') AS p
        CROSS JOIN installation AS s
        """;

    /// <summary>The id of the disk of a number; 0 is the oldest.</summary>
    public static string DiskId(long number) => "01900000" + number.ToString("x24", CultureInfo.InvariantCulture);

    /// <summary>Writes so many ACTIVE disks in one transaction.</summary>
    public static async Task WriteAsync(Engine engine, int disks, CancellationToken ct)
    {
        var numbers = engine.IsSqlite
            ? "RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @disks)"
            : "n(i) AS (SELECT generate_series(0::bigint, @disks - 1))";
        var id = engine.IsSqlite
            ? "printf('01900000%024x', i)"
            : "'01900000' || lpad(to_hex(i), 24, '0')";
        var origins = $"WITH {numbers}, origin AS ({Origins})";
        string[] statements =
        [
            $"""
            {origins}
            INSERT INTO disks (
                id, name, size_gib, status, account_id, creator_id, wallet_id, provider_account_id, provider_type,
                data_center, country, region, is_multinode, pool, remote_name, remote_id, is_at_provider,
                absent_looks, price_hr, stopped_price_hr, provisioning_price_hr, generation, created_at, updated_at,
                status_since, is_overdue_told, attempt, is_cut_off, version)
            SELECT
                {id}, 'disk-' || i, 10, 'ACTIVE', account, owner, wallet, provider, '{ProviderType}', 'US-1', 'US',
                'united_states', false, 'pool', 'mrg-' || installation || '-' || {id}, 'remote-' || i, true, 0, {Price},
                {Price}, 0, 0, at, at, at, false, 0, false, 2
            FROM origin
            """,
            $"""
            {origins}
            INSERT INTO events (kind, resource_id, account_id, wallet_id, at, what, status, rate)
            SELECT 'Disk', {id}, account, wallet, at, 'Ready', 'ACTIVE', {Price} FROM origin
            """,
            $"""
            {origins}
            INSERT INTO usage_spans (kind, resource_id, account_id, wallet_id, "from", price_hr, cause)
            SELECT 'Disk', {id}, account, wallet, at, {Price}, 'Ready' FROM origin
            """,
            """
            UPDATE accounts SET current_disks = current_disks + @disks
            WHERE id = (SELECT id FROM accounts ORDER BY created_at LIMIT 1)
            """,
        ];
        await using var connection = await engine.Opener()(ct);
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            foreach (var statement in statements)
            {
                await using var command = connection.Command(statement, ("@disks", disks));
                command.Transaction = transaction;
                command.CommandTimeout = 0;
                await command.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
        }

        // What the database would have come to by itself in the meantime: PostgreSQL's statistics and a log that is
        // written back.
        await using var settle = connection.Command(
            engine.IsSqlite ? "PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM ANALYZE");
        settle.CommandTimeout = 0;
        await settle.ExecuteNonQueryAsync(ct);
    }
}
