using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Ledger;

namespace Mooring.Server.Persistence;

/// <summary>
/// Whether records can be trusted: the file, its references, its schema, and the bill, wallets with it, recomputed from
/// events alone.
/// Reads one consistent state, and may run while a server writes.
/// </summary>
public static class RecordsCheck
{
    /// <summary>SQLITE_CORRUPT (https://sqlite.org/rescode.html).</summary>
    internal const int Corrupt = 11;

    private const int FindingsAtMost = 100;

    /// <summary>Checks a SQLite file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="ct">Ends the check.</param>
    /// <returns>What is wrong, a sentence each, 100 at the most; empty where nothing is.</returns>
    /// <exception cref="SqliteException">It can't be read, or is no SQLite database.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string path, CancellationToken ct)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        await connection.OpenAsync(ct);
        // Deferred: what is read from the first look on is one state, and no writer is kept waiting.
        await using var transaction = connection.BeginTransaction(deferred: true);
        var damages = await DamagesAsync(connection, transaction, ct);
        if (damages is not ["ok"])
        {
            // What a damaged file says of anything else is worth nothing.
            return damages.ConvertAll(words => $"The file is damaged: {words}.");
        }

        var findings = (await RowsAsync(connection, transaction, "PRAGMA foreign_key_check", ct))
            .ConvertAll(words => $"A reference leads nowhere: {words}.");
        var options = new DbContextOptionsBuilder<MooringDb>();
        options.UseSqlite(connection, sqlite => sqlite.MigrationsAssembly(Records.SqliteMigrations));
        await using var db = new MooringDb(options.Options);
        await db.Database.UseTransactionAsync(transaction, ct);
        findings.AddRange(await SchemaAsync(db, ct));
        if (findings.Count == 0)
        {
            findings.AddRange(await CountsAsync(db, ct));
            findings.AddRange(await RatesAsync(db, ct));
            var audit = new BillAudit(db, TimeProvider.System.Now());
            await foreach (var finding in audit.FindingsAsync(ct).Take(FindingsAtMost).WithCancellation(ct))
            {
                findings.Add(finding.Words);
            }
        }

        return findings;
    }

    private static async Task<IReadOnlyList<string>> SchemaAsync(MooringDb db, CancellationToken ct)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        return
        [
            .. applied.Except(known, StringComparer.Ordinal).Select(name =>
                $"The records were written by a newer Mooring: this one doesn't know their migration {name}. "
                + "Use a newer mooringd."),
            .. known.Except(applied, StringComparer.Ordinal).Select(name =>
                $"The records lack the migration {name}: start mooringd on them once, or they are none of Mooring's."),
        ];
    }

    private static async Task<List<string>> CountsAsync(MooringDb db, CancellationToken ct) =>
        await db.Accounts
            .Where(account =>
                account.CurrentDisks
                    != db.Disks.Count(disk => disk.AccountId == account.Id && disk.TerminatedAt == null)
                || account.CurrentGiB
                    != db.Disks.Where(disk => disk.AccountId == account.Id && disk.TerminatedAt == null)
                        .Sum(disk => (long)disk.SizeGiB)
                || account.CurrentPods
                    != db.Pods.Count(pod => pod.AccountId == account.Id && pod.TerminatedAt == null))
            .OrderBy(account => account.Id)
            .Take(FindingsAtMost)
            .Select(account =>
                $"Account {account.Id} does not have the {account.CurrentDisks} disks of {account.CurrentGiB} GB and "
                + $"{account.CurrentPods} instances that it says.")
            .ToListAsync(ct);

    // What a prepaid wallet has to cover an hour of, and a quota limits.
    private static async Task<List<string>> RatesAsync(MooringDb db, CancellationToken ct)
    {
        var accounts = await db.Database.SqlQuery<string>(
            $"""
            SELECT account.id AS "Value" FROM accounts AS account
            WHERE account.current_rate <> (
                    SELECT COALESCE(SUM(price_hr), 0) FROM disks
                    WHERE account_id = account.id AND terminated_at IS NULL)
                + (
                    SELECT COALESCE(SUM(price_hr), 0) FROM pods
                    WHERE account_id = account.id AND terminated_at IS NULL)
            ORDER BY account.id
            LIMIT {FindingsAtMost}
            """).ToListAsync(ct);
        return accounts.ConvertAll(id => $"What account {id} has does not cost per hour what the account says.");
    }

    private static async Task<List<string>> DamagesAsync(
        SqliteConnection connection, SqliteTransaction transaction, CancellationToken ct)
    {
        try
        {
            return await RowsAsync(connection, transaction, "PRAGMA integrity_check(20)", ct);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == Corrupt)
        {
            // Damaged badly enough to end the check itself.
            return [exception.Message];
        }
    }

    private static async Task<List<string>> RowsAsync(
        SqliteConnection connection, SqliteTransaction transaction, string pragma, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = pragma;
        command.Transaction = transaction;
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<string> rows = [];
        while (await reader.ReadAsync(ct))
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }
}
