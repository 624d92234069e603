using Microsoft.EntityFrameworkCore;
using Mooring.Server.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Http;

/// <summary>How many keys a user may have at once, and what one more is told.</summary>
public abstract class IdempotencyBoundTests(Backend backend)
{
    private const string Disks = "/api/v1/disks/";
    private const string Body = """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_key_too_many_is_told_what_to_do_and_nothing_else_is_refused()
    {
        await using var mooring = await StartAsync(3);
        using var counted = new Counted("mooring.http.refused");
        var first = await PostAsync(mooring, "k1");
        (await PostAsync(mooring, "k2")).ShouldBe(201);
        (await PostAsync(mooring, "k3")).ShouldBe(201);
        await mooring.SettleAsync();
        var before = await mooring.SnapshotAsync();

        var refused = await PostAsync(mooring, "k4");
        var again = await PostAsync(mooring, "k4");

        refused.ShouldRefuse(429, "3 Idempotency-Keys", "without one", "Retry-After");
        again.ShouldRefuse(429, "3 Idempotency-Keys");
        refused.Headers.RetryAfter!.Delta!.Value.TotalHours.ShouldBeInRange(23.9, 24);
        (await mooring.SnapshotAsync()).ShouldBe(before);
        counted.Tags.ShouldContain("limit=idempotency_keys");
        (await PostAsync(mooring, "k1")).ShouldBe(201).Text.ShouldBe(first.Text);
        (await PostAsync(mooring, null)).ShouldBe(201);
        (await PostAsync(mooring, "k4", await mooring.MintStrangerAsync())).ShouldBe(201);
        (await KeysAsync(mooring)).ShouldBe(4);
    }

    [Fact]
    public async Task There_is_room_again_when_the_oldest_ends()
    {
        await using var mooring = await StartAsync(2);
        (await PostAsync(mooring, "k1")).ShouldBe(201);
        await AgeAsync(mooring, "k1", TimeSpan.FromHours(23));
        (await PostAsync(mooring, "k2")).ShouldBe(201);

        var wait = (await PostAsync(mooring, "k3")).ShouldBe(429).Headers.RetryAfter!.Delta!.Value;

        wait.TotalMinutes.ShouldBeInRange(59, 60);
        await AgeAsync(mooring, "k1", IdempotencyKeys.KeptFor + TimeSpan.FromSeconds(1));
        // It is not looked for before it is due.
        (await PostAsync(mooring, "k3")).ShouldBe(429);
        mooring.Time.Advance(wait);
        (await PostAsync(mooring, "k3")).ShouldBe(201);
        (await PostAsync(mooring, "k4")).ShouldBe(429);
    }

    [Fact]
    public async Task Keys_are_counted_once_for_a_tenth_of_the_bound()
    {
        await using var mooring = await StartAsync(40);
        mooring.Log.Sql.Clear();

        for (var i = 0; i < 8; i++)
        {
            (await PostAsync(mooring, $"k{i}")).ShouldBe(201);
        }

        mooring.Log.Sql.Count(sql => sql.Contains("count(*)") && sql.Contains("idempotency_keys")).ShouldBe(2);
    }

    [Fact]
    public async Task Of_many_at_once_no_more_get_in_than_were_at_work_when_it_was_counted()
    {
        await using var mooring = await StartAsync(20);

        var replies = await Task.WhenAll(Enumerable.Range(0, 48).Select(i => PostAsync(mooring, $"k{i}")));

        var kept = await KeysAsync(mooring);
        replies.Count(reply => reply.Status == 201).ShouldBe(kept);
        kept.ShouldBeGreaterThanOrEqualTo(20);
        (await PostAsync(mooring, "late")).ShouldBe(429);
        (await KeysAsync(mooring)).ShouldBe(kept);
    }

    [Fact]
    public async Task Zero_is_no_bound()
    {
        await using var mooring = await StartAsync(0);
        mooring.Log.Sql.Clear();

        (await PostAsync(mooring, "k1")).ShouldBe(201);
        (await PostAsync(mooring, "k2")).ShouldBe(201);

        mooring.Log.Sql.ShouldNotContain(sql => sql.Contains("count(*)") && sql.Contains("idempotency_keys"));
    }

    private Task<TestMooring> StartAsync(int most) => TestMooring.StartAsync(
        mooring => mooring.Options = mooring.Options with
        {
            Limits = new RequestLimits { IdempotencyKeysPerUser = most },
        },
        backend);

    private static Task<Reply> PostAsync(TestMooring mooring, string? key, string? apiKey = null) => mooring.SendAsync(
        "POST",
        Disks,
        Body,
        apiKey,
        request =>
        {
            if (key is not null)
            {
                request.Headers.Add(Idempotency.Header, key);
            }
        });

    private static Task<int> KeysAsync(TestMooring mooring) =>
        mooring.ReadAsync(db => db.IdempotencyKeys.CountAsync(Ct));

    private static Task<int> AgeAsync(TestMooring mooring, string key, TimeSpan age) => mooring.Database.WriteAsync(
        (db, ct) =>
        {
            var then = db.DueClock - age;
            return db.IdempotencyKeys.Where(one => one.KeyText == key).ExecuteUpdateAsync(
                set => set.SetProperty(one => one.CreatedAt, then), ct);
        },
        Ct);
}

public sealed class SqliteIdempotencyBoundTests() : IdempotencyBoundTests(Backend.Sqlite);

public sealed class PostgresIdempotencyBoundTests() : IdempotencyBoundTests(Backend.PostgreSql);
