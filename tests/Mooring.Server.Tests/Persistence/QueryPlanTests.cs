using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Inventory;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Persistence;

/// <summary>
/// Every list is read off an index in its order, and no row is looked at that is not asked for. What is explained is
/// the very SQL that the routes send.
/// </summary>
public sealed partial class QueryPlanTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private TestMooring Mooring => shared.Mooring;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/disks/?limit=50", "disks", "ix_disks_current")]
    [InlineData("/disks/?limit=50&offset=LAST", "disks", "ix_disks_current")]
    [InlineData("/pods/?limit=50&offset=100", "pods", "ix_pods_current")]
    [InlineData("/pods/history", "pods", "ix_pods_past_by_end")]
    [InlineData("/pods/history?sort_order=asc", "pods", "ix_pods_past_by_end")]
    [InlineData("/pods/history?sort_by=createdAt", "pods", "ix_pods_past_by_start")]
    [InlineData("/pods/history?sort_by=createdAt&sort_order=asc", "pods", "ix_pods_past_by_start")]
    [InlineData("/ssh_keys/", "ssh_keys", "IX_ssh_keys_user_id_created_at_id")]
    public async Task A_list_is_read_off_its_index_in_order(string path, string table, string index)
    {
        if (table == "disks")
        {
            await Mooring.CreateDiskAsync();
            // Which is read from the end of the list.
            var last = (await Mooring.GetAsync("/disks/")).Object["totalCount"]!.GetValue<int>() - 1;
            path = path.Replace("LAST", $"{last}", StringComparison.Ordinal);
        }

        var sql = await SqlOfAsync(
            () => Mooring.GetAsync(path), text => text.Contains($"FROM {table} ") && text.Contains("ORDER BY"));

        var plan = await ExplainAsync(sql);

        plan.ShouldContain($"USING INDEX {index}", Case.Insensitive, sql);
        plan.ShouldNotContain("TEMP B-TREE", Case.Insensitive, sql);
        plan.ShouldNotContain("SCAN", Case.Insensitive, sql);
    }

    [Theory]
    [InlineData("/pods/history", "pods", "ix_pods_past_by")]
    public async Task A_total_is_counted_off_the_partial_index_alone(string path, string table, string index)
    {
        var sql = await SqlOfAsync(
            () => Mooring.GetAsync(path), text =>
            text.Contains($"FROM {table} ") && text.Contains("COUNT(*)", StringComparison.OrdinalIgnoreCase));

        (await ExplainAsync(sql)).ShouldContain($"INDEX {index}", Case.Insensitive, sql);
    }

    [Theory]
    [InlineData("/disks/", "disks")]
    [InlineData("/pods/", "pods")]
    public async Task How_many_there_are_now_is_no_count_of_them(string path, string table)
    {
        var sql = await SqlOfAsync(() => Mooring.GetAsync(path), text =>
            text.Contains($"current_{table}") && !text.Contains("UPDATE"));

        (await ExplainAsync(sql)).ShouldContain("SEARCH", Case.Insensitive, sql);
        sql.ShouldNotContain($"FROM {table}");
    }

    [Fact]
    public async Task The_pods_of_a_page_of_disks_are_found_by_index()
    {
        await Mooring.CreateDiskAsync();
        var sql = await SqlOfAsync(() => Mooring.GetAsync("/disks/"), text => text.Contains("FROM attachments "));

        (await ExplainAsync(sql)).ShouldContain("ix_attachments_unreleased", Case.Insensitive, sql);
    }

    [Fact]
    public async Task A_disk_and_a_key_are_found_by_their_primary_keys()
    {
        var disk = await Mooring.CreateDiskAsync();
        var ofDisk =
            await SqlOfAsync(() => Mooring.GetAsync("/disks/" + disk), text => text.Contains("FROM disks "));
        // One that is known already is not looked for.
        var key = await Mooring.MintKeyAsync(ApiKey.AllPermissions);
        var ofKey =
            await SqlOfAsync(() => Mooring.GetAsync("/disks/" + disk, key), text => text.Contains("FROM api_keys "));

        (await ExplainAsync(ofDisk)).ShouldNotContain("SCAN", Case.Insensitive, ofDisk);
        (await ExplainAsync(ofKey)).ShouldNotContain("SCAN", Case.Insensitive, ofKey);
    }

    [Fact]
    public async Task A_users_idempotency_keys_are_counted_off_their_primary_key_alone()
    {
        Mooring.Log.Sql.Clear();
        (await Mooring.SendAsync(
            "POST",
            "/api/v1/disks/",
            """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""",
            change: request => request.Headers.Add(Idempotency.Header, "k1"))).ShouldBe(201);
        var sql = Mooring.Log.Sql.First(text => text.Contains("count(*)") && text.Contains("FROM idempotency_keys "));

        (await ExplainAsync(sql)).ShouldContain(
            "SEARCH idempotency_keys USING COVERING INDEX sqlite_autoindex_idempotency_keys_1", Case.Insensitive, sql);
    }

    [Fact]
    public async Task A_history_is_read_off_its_index_in_order()
    {
        var disk = await Mooring.CreateDiskAsync();
        var sql = await SqlOfAsync(
            () => Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk}/events?after=1"),
            text => text.Contains("FROM events "));

        var plan = await ExplainAsync(sql);

        plan.ShouldContain("USING INDEX IX_events_resource_id_number", Case.Insensitive, sql);
        plan.ShouldNotContain("TEMP B-TREE", Case.Insensitive, sql);
    }

    [Theory]
    [InlineData("", "PRIMARY KEY")]
    [InlineData("?before=1000", "PRIMARY KEY")]
    [InlineData("?user_id=cmhxnobody000000000000000&before=9", "IX_audit_entries_user_id_number")]
    [InlineData("?key=0123456789ab", "IX_audit_entries_key_prefix_number")]
    [InlineData("?key=0123456789ab&address=127.0.0.1&before=9", "IX_audit_entries_key_prefix_number")]
    [InlineData("?address=127.0.0.1&from=2025-11-07&to=2025-11-07", "PRIMARY KEY")]
    [InlineData("?target=anything", "IX_audit_entries_target_number")]
    [InlineData("?action=createDisk", "IX_audit_entries_action_number")]
    [InlineData("?from=2025-11-07&to=2025-11-07", "PRIMARY KEY")]
    public async Task The_audit_trail_is_read_off_its_indexes_from_its_end(string query, string index)
    {
        await Mooring.CreateDiskAsync();
        var sql = await SqlOfAsync(
            () => Mooring.SendAsync("GET", "/api/mooring/v1/audit" + query),
            text => text.Contains("FROM audit_entries ") && text.Contains("request_id"));

        var plan = await ExplainAsync(sql);

        plan.ShouldNotContain("TEMP B-TREE", Case.Insensitive, sql);
        plan.ShouldContain(query.Length == 0 ? "SCAN" : index, Case.Insensitive, sql);
    }

    [Fact]
    public async Task A_day_of_the_audit_trail_is_found_by_look_ups_of_its_primary_key()
    {
        var sql = await SqlOfAsync(
            () => Mooring.SendAsync("GET", "/api/mooring/v1/audit?from=2025-11-07"),
            text => text.Contains("FROM jumps"));

        (await ExplainAsync(sql)).ShouldContain("SEARCH entry USING INTEGER PRIMARY KEY", Case.Insensitive, sql);
    }

    [Theory]
    [InlineData("disk")]
    [InlineData("team")]
    [InlineData("day")]
    public async Task Costs_are_added_up_from_what_is_open_and_what_ended_since_alone(string group)
    {
        await Mooring.CreateDiskAsync();
        Mooring.Time.Advance(TimeSpan.FromSeconds(1));
        Mooring.Log.Sql.Clear();
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/costs?group_by={group}")).ShouldBe(200);

        var cut = Mooring.Log.Sql.Where(sql => sql.Contains("AS cut")).ToList();
        cut.Count.ShouldBeGreaterThan(3);
        foreach (var sql in cut)
        {
            var plan = await ExplainAsync(sql);

            plan.ShouldContain("INDEX ix_usage_spans_account (account_id=? AND to=?)", Case.Insensitive, sql);
            plan.ShouldContain("INDEX ix_usage_spans_account (account_id=? AND to>?)", Case.Insensitive, sql);
            plan.ShouldNotContain("SCAN usage_spans", Case.Insensitive, sql);
            plan.ShouldNotContain("SCAN disks", Case.Insensitive, sql);
            plan.ShouldNotContain("SCAN pods", Case.Insensitive, sql);
        }
    }

    [Fact]
    public async Task Since_when_a_disk_is_idle_is_read_off_the_index_of_releases()
    {
        await Mooring.CreateDiskAsync();
        Mooring.Time.Advance(TimeSpan.FromSeconds(1));
        var sql = await SqlOfAsync(
            () => Mooring.SendAsync("GET", "/api/mooring/v1/costs"), text => text.Contains("MAX(a.released_at)"));

        (await ExplainAsync(sql)).ShouldContain("INDEX ix_attachments_released", Case.Insensitive, sql);
    }

    [Fact]
    public async Task What_offers_cost_is_read_off_its_index_in_order()
    {
        var sql = await SqlOfAsync(
            () => Mooring.SendAsync("GET", "/api/mooring/v1/offers/prices?offset=1"),
            text => text.Contains("FROM offer_prices ") && text.Contains("ORDER BY"));

        var plan = await ExplainAsync(sql);

        plan.ShouldContain("USING INDEX IX_offer_prices_seen_at", Case.Insensitive, sql);
        plan.ShouldNotContain("TEMP B-TREE", Case.Insensitive, sql);
    }

    [Fact]
    public async Task What_happens_to_an_account_is_read_off_its_index_in_order()
    {
        await Mooring.CreateDiskAsync();
        var sql = await SqlOfAsync(
            () => Mooring.FirstEventAsync("/api/mooring/v1/events/stream?after=0", null),
            text => text.Contains("FROM events AS") && text.Contains("ORDER BY"));

        var plan = await ExplainAsync(sql);

        plan.ShouldContain("USING INDEX ix_events_of_account", Case.Insensitive, sql);
        plan.ShouldNotContain("TEMP B-TREE", Case.Insensitive, sql);
        plan.ShouldNotContain("SCAN", Case.Insensitive, sql);
    }

    [Fact]
    public async Task Whose_id_a_new_disk_has_is_found_by_the_indexes_over_ids()
    {
        // The id is another once the disk is there, and the doubles are passed over in each call.
        var doubles = await SqlOfAsync(CreateAsync, text => text.Contains("foreign_name = "));
        var others = await SqlOfAsync(
            CreateAsync, text => text.Contains("remote_id = ") || text.Contains("remote_id IN"));

        (await ExplainAsync(doubles)).ShouldContain("USING INDEX ix_disks_foreign", Case.Insensitive, doubles);
        (await ExplainAsync(others)).ShouldContain("USING INDEX ix_disks_remote_id", Case.Insensitive, others);

        async Task<Reply> CreateAsync() => await Mooring.GetAsync("/disks/" + await Mooring.CreateDiskAsync());
    }

    [Theory]
    [InlineData("disks")]
    [InlineData("pods")]
    public async Task What_is_stuck_is_looked_for_among_what_is_due_or_current_alone(string table)
    {
        var sql = await SqlOfAsync(
            () => Mooring.SendAsync("GET", "/api/mooring/v1/stuck"), text => text.Contains($"FROM {table} "));

        var plan = await ExplainAsync(sql);

        plan.ShouldContain($"USING INDEX ix_{table}_due", Case.Insensitive, sql);
    }

    [Theory]
    [InlineData("GROUP BY", "ix_wallets_low")]
    [InlineData("MIN(", "ix_wallets_due")]
    public async Task What_is_measured_of_wallets_is_read_off_the_index_of_those_it_is_about(string part, string index)
    {
        Mooring.Time.Advance(TimeSpan.FromSeconds(4));
        Mooring.Log.Sql.Clear();
        await Mooring.Services.GetRequiredService<Census>().RefreshAsync(Ct);

        var sql = Mooring.Log.Sql.Single(text => text.Contains("\"wallets\"") && text.Contains(part));

        (await ExplainAsync(sql)).ShouldContain($"INDEX {index}", Case.Insensitive, sql);
    }

    private async Task<string> SqlOfAsync(Func<Task<Reply>> ask, Func<string, bool> isIt)
    {
        Mooring.Log.Sql.Clear();
        (await ask()).ShouldBe(200);
        // Entity Framework quotes names; our own statements do not.
        return Mooring.Log.Sql.First(sql => isIt(sql.Replace("\"", "", StringComparison.Ordinal)));
    }

    private Task<string> ExplainAsync(string sql) => Mooring.ReadAsync(async db =>
    {
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        foreach (var name in Parameter().Matches(sql).Select(match => match.Value).Distinct())
        {
            command.Parameters.AddWithValue(name, "1");
        }

        List<string> lines = [];
        await using var reader = await command.ExecuteReaderAsync(Ct);
        while (await reader.ReadAsync(Ct))
        {
            lines.Add(reader.GetString(3));
        }

        return string.Join('\n', lines);
    });

    [GeneratedRegex(@"@\w+", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
