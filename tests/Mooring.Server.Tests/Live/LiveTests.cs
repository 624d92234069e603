using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Server.Accounts;
using Mooring.Server.Ledger;
using Mooring.Server.Live;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Live;

/// <summary>Streams of events: all of them, in order, each once, whoever comes and goes.</summary>
public abstract class LiveTests(Backend backend) : IAsyncLifetime
{
    private const string All = "/events/stream";
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(
        mooring => mooring.Options = mooring.Options with
        {
            StreamLimits = new StreamLimits { OfServer = 6, OfKey = 4 },
        },
        backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task A_disks_history_goes_on_as_it_happens()
    {
        var disk = await Mooring.CreateDiskAsync();
        using var reader = await Mooring.FollowAsync($"/disks/{disk}{All}?after=0");
        (await reader.NextAsync(2)).ShouldBe(["CREATED", "READY"]);

        await RenameAsync(disk, "renamed");
        await Mooring.CreateDiskAsync("another");
        (await Mooring.DeleteAsync("/disks/" + disk)).ShouldBe(200);

        var renamed = await reader.NextEventAsync();
        renamed["what"]!.GetValue<string>().ShouldBe("RENAMED");
        renamed["words"]!.GetValue<string>().ShouldBe("renamed");
        (renamed["kind"]!.GetValue<string>(), renamed["resourceId"]!.GetValue<string>()).ShouldBe(("disk", disk));
        (await reader.NextAsync(2)).ShouldBe(["DELETE_ACCEPTED", "GONE"]);
    }

    [Fact]
    public async Task A_stream_of_everything_has_disks_and_pods_of_the_keys_accounts_and_of_no_other()
    {
        var stranger = await Mooring.MintStrangerAsync();
        using var reader = await Mooring.FollowAsync(All);
        using var strangers = await Mooring.FollowAsync(All, key: stranger);

        await Mooring.CreateDiskAsync("theirs", key: stranger);
        var disk = await Mooring.CreateDiskAsync();
        var pod = await Mooring.CreatePodAsync(disk);

        List<(string Kind, string Id)> seen = [];
        while (!seen.Contains(("pod", pod)) || seen[^1] != ("disk", disk))
        {
            var happened = await reader.NextEventAsync();
            seen.Add((happened["kind"]!.GetValue<string>(), happened["resourceId"]!.GetValue<string>()));
        }

        seen.Distinct().ShouldBe([("disk", disk), ("pod", pod)], ignoreOrder: true);
        (await strangers.NextAsync(2)).ShouldBe(["CREATED", "READY"]);
    }

    [Fact]
    public async Task What_happens_to_a_wallet_is_for_keys_that_may_read_what_is_billed()
    {
        var blind = await Mooring.MintKeyAsync(
            ApiKey.Permit((Section.Disks, Access.Read), (Section.Instances, Access.Read)));
        var disk = await Mooring.CreateDiskAsync();
        var wallet = (await Mooring.SendAsync("GET", "/api/mooring/v1/wallets/")).ShouldBe(200)
            .Object["data"]![0]!["id"]!.GetValue<string>();
        using var reader = await Mooring.FollowAsync(All);
        using var without = await Mooring.FollowAsync(All, key: blind);

        (await Mooring.SendAsync(
            "POST", $"/api/mooring/v1/wallets/{wallet}/credits", """{"amountUsd":5,"reference":"invoice"}"""))
            .ShouldBe(201);
        await RenameAsync(disk, "renamed");

        (await reader.NextAsync(2)).ShouldBe(["CREDITED", "RENAMED"]);
        (await without.NextAsync(1)).ShouldBe(["RENAMED"]);
    }

    [Fact]
    public async Task Begins_with_now_and_says_where_that_is_so_that_what_happens_while_a_client_is_away_is_not_missed()
    {
        var disk = await Mooring.CreateDiskAsync();
        string begun;
        using (var reader = await Mooring.FollowAsync(All))
        {
            (await reader.NextAsync()).ShouldBe(new Frame(null, null, null, "2000"));
            (await reader.NextAsync())!.Data.ShouldBeNull();
            begun = reader.LastEventId.ShouldNotBeNull();
        }

        await RenameAsync(disk, "while it was away");

        using var again = await Mooring.FollowAsync(All, begun);
        (await again.NextEventAsync())["words"]!.GetValue<string>().ShouldBe("while it was away");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_is_cut_off_again_and_again_has_every_event_once_and_in_order(bool everything)
    {
        var disk = await Mooring.CreateDiskAsync();
        var others = await Task.WhenAll(Mooring.CreateDiskAsync("one"), Mooring.CreateDiskAsync("two"));
        var path = everything ? All : $"/disks/{disk}{All}";
        const int Writes = 40;
        var writing = Task.Run(
            () => Task.WhenAll(others.Append(disk).Select(async id =>
            {
                for (var i = 0; i < Writes; i++)
                {
                    await RenameAsync(id, $"name {i}");
                }
            })),
            Ct);

        List<long> seen = [];
        var last = "0";
        var wanted = everything ? (3 * Writes) + 6 : Writes + 2;
        while (seen.Count < wanted)
        {
            await Eventually.HoldsAsync(() => OpenStreams == 0, "the server has seen the last one go");
            using var reader = await Mooring.FollowAsync(path, last);
            for (var i = 0; i < 7 && seen.Count < wanted; i++)
            {
                seen.Add(await NumberAsync(reader));
            }

            last = reader.LastEventId!;
        }

        await writing;
        seen.ShouldBe(await Mooring.ReadAsync(db => db.Events
            .Where(happened => everything || happened.ResourceId == disk)
            .OrderBy(happened => happened.Number)
            .Select(happened => happened.Number)
            .ToListAsync(Ct)));
    }

    [Fact]
    public async Task A_silent_stream_says_each_fifteen_seconds_that_it_is_there()
    {
        using var reader = await Mooring.FollowAsync(All);
        await BegunAsync(reader);

        (await PassAsync(reader, TimeSpan.FromSeconds(15)))!.Comment.ShouldNotBeNull();
        (await PassAsync(reader, TimeSpan.FromSeconds(15)))!.Comment.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_is_revoked()
    {
        var key = await Mooring.MintKeyAsync(ApiKey.AllPermissions);
        var disk = await Mooring.CreateDiskAsync();
        using var reader = await Mooring.FollowAsync(All, key: key);
        await BegunAsync(reader);
        (await Mooring.SendAsync("DELETE", "/api/mooring/v1/keys/" + ApiKey.PrefixOf(key))).ShouldBe(200);

        await RenameAsync(disk, "renamed");

        (await reader.NextAsync()).ShouldBeNull();
        await Eventually.HoldsAsync(() => OpenStreams == 0, "its place is free");
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_does_and_not_a_heartbeat_later()
    {
        var key = await Mooring.MintKeyAsync(
            ApiKey.AllPermissions, key => key with { ExpiresAt = Mooring.Time.Now().AddSeconds(4) });
        using var reader = await Mooring.FollowAsync(All, key: key);
        await BegunAsync(reader);

        Mooring.Time.Advance(TimeSpan.FromSeconds(4));

        (await reader.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops()
    {
        using var reader = await Mooring.FollowAsync(All);
        await BegunAsync(reader);

        await Eventually.EndsAsync(Mooring.RestartAsync());

        (await reader.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_has_so_many_streams_and_a_place_is_free_again_when_one_ends()
    {
        var disk = await Mooring.CreateDiskAsync();
        var readers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Mooring.FollowAsync(All)));

        var refused = await Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk}{All}");
        refused.ShouldRefuse(429, "4 streams", "/api/mooring/v1/events/stream");
        refused.Headers.RetryAfter!.ToString().ShouldBe("10");
        readers[0].Dispose();

        await Eventually.HoldsAsync(() => OpenStreams == 3, "the server has seen it go");
        using var another = await Mooring.FollowAsync(All);
        (await another.NextAsync()).ShouldNotBeNull();
        readers.ToList().ForEach(reader => reader.Dispose());
    }

    [Fact]
    public async Task A_server_has_so_many_streams()
    {
        var stranger = await Mooring.MintStrangerAsync();
        var readers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => Mooring.FollowAsync(All, key: i < 3 ? null : stranger)));

        var refused = await Mooring.SendAsync("GET", "/api/mooring/v1" + All);

        refused.ShouldRefuse(503, "6 streams", "/events");
        refused.Headers.RetryAfter!.ToString().ShouldBe("10");
        readers.ToList().ForEach(reader => reader.Dispose());
        await Eventually.HoldsAsync(() => OpenStreams == 0, "all places are free");
    }

    [Fact]
    public async Task A_client_that_reads_nothing_holds_up_nobody_else()
    {
        var disk = await Mooring.CreateDiskAsync();
        // More than any buffer between here and there takes.
        await Mooring.Database.WriteAsync(
            async (db, ct) =>
            {
                var first = await db.Events.AsNoTracking().FirstAsync(happened => happened.ResourceId == disk, ct);
                for (var i = 0; i < 4_000; i++)
                {
                    await db.InsertAsync(first with { Number = 0, Words = new string('w', 4_000) }, ct);
                }
            },
            Ct);
        using var slow = await Mooring.FollowAsync(All + "?after=0");
        using var quick = await Mooring.FollowAsync(All);
        await BegunAsync(quick);

        await RenameAsync(disk, "renamed");

        (await quick.NextAsync(1)).ShouldBe(["RENAMED"]);
        OpenStreams.ShouldBe(2);
    }

    [Fact]
    public async Task A_number_that_is_still_to_come_is_taken_for_now()
    {
        var disk = await Mooring.CreateDiskAsync();
        using var reader = await Mooring.FollowAsync(All, "9223372036854775807");
        await BegunAsync(reader);

        await RenameAsync(disk, "renamed");

        (await reader.NextAsync(1)).ShouldBe(["RENAMED"]);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    public async Task An_id_that_is_no_number_is_told_and_not_passed_over(string id)
    {
        var reply = await Mooring.SendAsync(
            "GET", "/api/mooring/v1" + All, change: request => request.Headers.Add("Last-Event-ID", id));

        reply.ShouldBe(422);
        reply.Text.ShouldContain("""
            "loc":["header","Last-Event-ID"]
            """);
    }

    [Fact]
    public async Task Somebody_elses_disk_and_pod_have_no_stream()
    {
        var disk = await Mooring.CreateDiskAsync();
        var pod = await Mooring.CreatePodAsync(disk);
        var stranger = await Mooring.MintStrangerAsync();

        (await Mooring.SendAsync("GET", $"/api/mooring/v1/disks/{disk}{All}", key: stranger)).ShouldRefuse(404, disk);
        (await Mooring.SendAsync("GET", $"/api/mooring/v1/pods/{pod}{All}", key: stranger)).ShouldRefuse(404, pod);
        OpenStreams.ShouldBe(0);
    }

    private protected TestMooring Server => Mooring;

    private int OpenStreams => Mooring.Services.GetRequiredService<EventStreams>().Open;

    private protected async Task RenameAsync(string disk, string name) =>
        (await Mooring.PatchAsync("/disks/" + disk, $$"""{"name":"{{name}}"}""")).ShouldBe(200);

    /// <summary>It has said where it stands: from then on it has everything.</summary>
    private protected static async Task BegunAsync(LiveReader reader)
    {
        while ((await reader.NextAsync()).ShouldNotBeNull().Id is null)
        {
        }
    }

    private protected static async Task<long> NumberAsync(LiveReader reader) =>
        (await reader.NextEventAsync())["number"]!.GetValue<long>();

    // The stream begins its wait some time after what it sent last was read here: time passes until it answers.
    private async Task<Frame?> PassAsync(LiveReader reader, TimeSpan time)
    {
        var next = reader.NextAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                Mooring.Time.Advance(next.IsCompleted ? TimeSpan.Zero : time);
                return next.IsCompleted;
            },
            "the stream says something");
        return await next;
    }
}

public sealed class SqliteLiveTests() : LiveTests(Backend.Sqlite);

/// <summary>Here a number may be seen before a lower one, and others write to the same records.</summary>
public sealed class PostgresLiveTests() : LiveTests(Backend.PostgreSql)
{
    [Fact]
    public async Task What_is_committed_later_under_a_lower_number_comes_first()
    {
        var disk = await Server.CreateDiskAsync();
        using var reader = await Server.FollowAsync("/events/stream");
        await BegunAsync(reader);
        await using var db = await Server.Services.GetRequiredService<IDbContextFactory<MooringDb>>()
            .CreateDbContextAsync(Ct);
        await using var slow = await db.Database.BeginTransactionAsync(Ct);
        var fact = await db.Events.AsNoTracking().OrderBy(happened => happened.Number).FirstAsync(Ct);
        await db.InsertAsync(fact with { Number = 0, Words = "first by number" }, Ct);
        Server.Log.Sql.Clear();

        await RenameAsync(disk, "first by commit");
        // It has seen that somebody is at it, twice: what is committed is there to be read all the time.
        await Eventually.HoldsAsync(
            () => Server.Log.Sql.Count(sql => sql.Contains("pg_locks", StringComparison.Ordinal)) >= 2,
            "it looks who is writing");
        await slow.CommitAsync(Ct);

        var first = await NumberAsync(reader);
        var second = await NumberAsync(reader);
        (await Server.ReadAsync(records => records.Events.OrderBy(happened => happened.Number)
            .Where(happened => happened.Number >= first)
            .Select(happened => happened.Words).ToListAsync(Ct))).ShouldBe(["first by number", "first by commit"]);
        second.ShouldBe(first + 1);
    }

    [Fact]
    public async Task What_another_replica_writes_is_seen_within_a_second_and_without_a_heartbeat()
    {
        await Server.CreateDiskAsync();
        using var reader = await Server.FollowAsync("/events/stream");
        await BegunAsync(reader);
        // Past this process's door to the records, so that nobody here is told.
        await using var db = await Server.Services.GetRequiredService<IDbContextFactory<MooringDb>>()
            .CreateDbContextAsync(Ct);
        await db.Database.OpenConnectionAsync(Ct);
        var fact = await db.Events.AsNoTracking().OrderBy(happened => happened.Number).FirstAsync(Ct);
        await db.InsertAsync(fact with { Number = 0, What = Happened.Adopted }, Ct);

        var next = reader.NextAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                Server.Time.Advance(next.IsCompleted ? TimeSpan.Zero : TimeSpan.FromMilliseconds(10));
                return next.IsCompleted;
            },
            "it is seen");

        (await next)!.Data.ShouldNotBeNull("no heartbeat came before it").ShouldContain("ADOPTED");
    }
}
