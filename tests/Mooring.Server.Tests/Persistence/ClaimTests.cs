using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Tests.Persistence;

public abstract class ClaimTests(Backend backend) : StoreTest(backend)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task Two_workers_claim_each_of_thousands_of_due_rows_once()
    {
        const int Rows = 4_000;
        await Store.AddAsync([.. Enumerable.Range(0, Rows).Select(_ => Due(TimeSpan.Zero))]);
        var claimed = new ConcurrentQueue<string>();

        await Task.WhenAll(
            WorkAsync(Store.ClaimsOn("disks")), WorkAsync(Store.ClaimsOn("disks", Store.OfAnotherProcess())));

        claimed.Count.ShouldBe(Rows);
        claimed.Distinct().Count().ShouldBe(Rows);
        (await Store.ReadAsync(db => db.Disks.CountAsync(disk => disk.ClaimToken == null))).ShouldBe(0);

        async Task WorkAsync(Claims claims)
        {
            while ((await claims.TakeAsync(64, Long, Ct)).Ids is { Count: > 0 } taken)
            {
                foreach (var id in taken)
                {
                    claimed.Enqueue(id);
                }
            }
        }
    }

    [Fact]
    public async Task The_longest_due_are_claimed_first_and_no_more_than_asked_for()
    {
        var late = Due(TimeSpan.FromSeconds(1));
        var later = Due(TimeSpan.FromSeconds(2));
        var latest = Due(TimeSpan.FromSeconds(3));
        await Store.AddAsync(later, latest, late);

        var (token, ids) = await Store.ClaimsOn("disks").TakeAsync(2, Long, Ct);

        ids.ShouldBe([latest.Id.Value, later.Id.Value], ignoreOrder: true);
        var rows = await Store.ReadAsync(db => db.Disks.ToDictionaryAsync(disk => disk.Id));
        rows[latest.Id].ClaimToken.ShouldBe(token);
        rows[late.Id].ClaimToken.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_due_and_what_wants_nothing_is_left_alone()
    {
        // PostgreSQL asks its own clock, which is not the test's: a century from now is future to both.
        await Store.AddAsync(Due(TimeSpan.FromDays(-36_500)), Sample.Disk(Store));

        (await Store.ClaimsOn("disks").TakeAsync(10, Long, Ct)).Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_claim_keeps_others_away_until_it_ends()
    {
        var disk = Due(TimeSpan.Zero);
        await Store.AddAsync(disk);
        var claims = Store.ClaimsOn("disks");
        var (first, _) = await claims.TakeAsync(1, Long, Ct);

        (await claims.TakeAsync(1, Long, Ct)).Ids.ShouldBeEmpty();
        await ClaimsEndAsync(Store.Time.Now());
        var (second, ids) = await claims.TakeAsync(1, Long, Ct);

        ids.ShouldBe([disk.Id.Value]);
        second.ShouldNotBe(first);
    }

    [Fact]
    public async Task A_claim_is_as_long_as_asked_for()
    {
        await Store.AddAsync(Due(TimeSpan.Zero));

        await Store.ClaimsOn("disks").TakeAsync(1, Long, Ct);

        var until = (await Store.ReadAsync(db => db.Disks.SingleAsync())).ClaimUntil!.Value;
        var now = Store.Database.Dialect == Dialect.Sqlite ? Store.Time.Now() : TimeProvider.System.Now();
        until.ShouldBe(now + Long, Store.Database.Dialect == Dialect.Sqlite ? TimeSpan.Zero : TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Ending_all_frees_every_row_at_once_and_forgets_no_token()
    {
        await Store.AddAsync(Due(TimeSpan.Zero), Due(TimeSpan.Zero), Sample.Disk(Store));
        var claims = Store.ClaimsOn("disks");
        var (token, _) = await claims.TakeAsync(2, Long, Ct);

        await claims.EndAllAsync(Ct);

        (await Store.ReadAsync(db => db.Disks.CountAsync(disk => disk.ClaimToken == token))).ShouldBe(2);
        (await claims.TakeAsync(10, Long, Ct)).Ids.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pods_are_claimed_apart_from_disks()
    {
        var pod = Sample.Pod(Store) with { DueAt = Store.Time.Now() };
        await Store.AddAsync(pod, Due(TimeSpan.Zero));

        (await Store.ClaimsOn("pods").TakeAsync(10, Long, Ct)).Ids.ShouldBe([pod.Id.Value]);
    }

    [Fact]
    public async Task The_next_due_time_counts_a_claimed_row_from_its_claims_end()
    {
        var claims = Store.ClaimsOn("disks");
        (await claims.NextDueAsync(Ct)).ShouldBeNull();
        var soon = Due(TimeSpan.FromSeconds(-10));
        await Store.AddAsync(soon, Due(TimeSpan.FromSeconds(-20)), Sample.Disk(Store));

        (await claims.NextDueAsync(Ct)).ShouldBe(soon.DueAt);
        await Store.AddAsync(Due(TimeSpan.Zero) with { ClaimToken = "somebody", ClaimUntil = Store.Time.Now().AddSeconds(5) });
        (await claims.NextDueAsync(Ct)).ShouldBe(Store.Time.Now().AddSeconds(5));
    }

    private Disk Due(TimeSpan since) => Sample.Disk(Store) with { DueAt = Store.Time.Now() - since };

    private Task<int> ClaimsEndAsync(DateTimeOffset at) => Store.Database.WriteAsync(
        (db, ct) => db.Disks.ExecuteUpdateAsync(set => set.SetProperty(disk => disk.ClaimUntil, at), ct), Ct);
}

public sealed class SqliteClaimTests() : ClaimTests(Backend.Sqlite)
{
    [Theory]
    [InlineData("disks")]
    [InlineData("pods")]
    public async Task Due_rows_are_found_by_the_index_of_what_is_due_in_its_order(string table)
    {
        var statements = new ConcurrentQueue<string>();
        await Store.Database.WriteAsync(
            (db, _) =>
            {
                SQLitePCL.raw.sqlite3_trace(
                    ((SqliteConnection)db.Database.GetDbConnection()).Handle, (_, sql) => statements.Enqueue(sql), null);
                return Task.CompletedTask;
            },
            Ct);

        await Store.ClaimsOn(table).TakeAsync(1, TimeSpan.FromMinutes(1), Ct);

        var claim = statements.Single(sql => sql.StartsWith($"UPDATE {table} SET claim_token", StringComparison.Ordinal));
        var plan = await Store.ReadAsync(async db =>
        {
            var connection = db.Database.GetDbConnection();
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + claim;
            await using var reader = await command.ExecuteReaderAsync(Ct);
            var lines = "";
            while (await reader.ReadAsync(Ct))
            {
                lines += reader.GetString(3) + "\n";
            }

            return lines;
        });
        plan.ShouldContain($"USING INDEX ix_{table}_due");
        plan.ShouldNotContain("TEMP B-TREE");
    }
}

public sealed class PostgresClaimTests() : ClaimTests(Backend.PostgreSql);
