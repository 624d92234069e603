using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Contract.V1;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Tests.ProviderAccounts;

namespace Mooring.Server.Tests.Http;

/// <summary>What a POST with an <c>Idempotency-Key</c> does, and what each repeat of it is told.</summary>
public abstract class IdempotencyTests(Backend backend) : IAsyncLifetime
{
    private protected const string Disks = "/api/v1/disks/";
    private const string Keys = "/api/mooring/v1/keys/";
    private const string Counting = "/api/test/count";
    private protected const string DiskBody = """{"disk":{"size":1,"name":"n"},"provider":{"type":"hyperstack"}}""";

    // A request that each test can stop in its middle: it is answered by how often it was done.
    private readonly CountingRoute _counting = new();
    private TestMooring? _mooring;

    private protected TestMooring Mooring => _mooring!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Without an API key there is nobody whose idempotency key it would be.
    public static TheoryData<string> Posts =>
    [
        .. ContractRoutes.All
            .Where(route => route is { Method: "POST", Success: < 400 } && route.Permission != ContractRoutes.NoKey)
            .Select(one => one.Pattern),
    ];

    public async ValueTask InitializeAsync() =>
        _mooring = await TestMooring.StartAsync(backend: backend, map: app => _counting.Map(app));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task A_repeat_has_the_first_answer_and_makes_nothing()
    {
        var first = (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);
        await Mooring.ShowsAsync("/disks/" + first.Id, "ACTIVE");

        var second = (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);

        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        second.Text.ShouldBe(first.Text);
        second.ContentType.ShouldBe("application/json");
        (await CountDisksAsync()).ShouldBe(1);
        (await Mooring.ReadAsync(db => db.UsageSpans.CountAsync(span => span.To == null, Ct))).ShouldBe(1);
    }

    [Fact]
    public async Task Another_key_and_none_each_make_another()
    {
        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);
        (await PostAsync(Disks, DiskBody, "k2")).ShouldBe(201);
        (await PostAsync(Disks, DiskBody, null)).ShouldBe(201);

        (await CountDisksAsync()).ShouldBe(3);
        (await RowsAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(Disks, """{"disk":{"size":2,"name":"n"},"provider":{"type":"hyperstack"}}""")]
    [InlineData(Disks + "?x=1", DiskBody)]
    [InlineData(Keys, """{"name":"n"}""")]
    public async Task A_key_stands_for_one_request_only(string path, string body)
    {
        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);

        var other = (await PostAsync(path, body, "k1")).ShouldBe(422);

        other.Object["errors"]![0]!["param"]!.GetValue<string>().ShouldBe("Idempotency-Key");
        other.Object["errors"]![0]!["details"]!.GetValue<string>().ShouldContain("key of its own");
        (await CountDisksAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Both_forms_of_an_address_are_one_request()
    {
        var first = (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);

        (await PostAsync(Disks.TrimEnd('/'), DiskBody, "k1")).ShouldBe(201).Text.ShouldBe(first.Text);
    }

    [Fact]
    public async Task Keys_are_each_users_own()
    {
        var mine = (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);
        var stranger = await Mooring.MintStrangerAsync();

        var theirs = (await PostAsync(Disks, DiskBody, "k1", stranger)).ShouldBe(201);

        theirs.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        theirs.Id.ShouldNotBe(mine.Id);
    }

    [Fact]
    public async Task A_key_that_may_not_post_there_is_told_no_answer()
    {
        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);
        var reader = await Mooring.MintKeyAsync(ApiKey.Permit((Section.Disks, Access.Read)));

        (await PostAsync(Disks, DiskBody, "k1", reader)).ShouldRefuse(403);
    }

    [Fact]
    public async Task Of_sixteen_at_once_one_is_done()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostAsync(Disks, DiskBody, "k1")));

        var made = replies.Where(reply => reply.Status == 201).Select(reply => reply.Id).Distinct().ToList();
        made.Count.ShouldBe(1);
        foreach (var busy in replies.Where(reply => reply.Status != 201))
        {
            busy.ShouldRefuse(409, "k1", "still running");
            busy.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        }

        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201).Id.ShouldBe(made[0]);
        (await CountDisksAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task While_the_first_runs_a_repeat_is_to_wait_and_another_request_is_refused_for_good()
    {
        var first = PostAsync(Counting, null, "k1");
        await _counting.Entered.Task;

        var repeat = await PostAsync(Counting, null, "k1");
        var other = await PostAsync(Disks, DiskBody, "k1");
        _counting.Leave.SetResult();

        repeat.ShouldRefuse(409, "still running", "Retry-After");
        repeat.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        other.ShouldBe(422);
        (await first).ShouldBe(200);
        (await PostAsync(Counting, null, "k1")).ShouldBe(200).Text.ShouldBe((await first).Text);
        (await DoneAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_request_is_tried_anew()
    {
        var path = $"/api/mooring/v1/disks/{await Mooring.CreateDiskAsync()}/retry";
        (await PostAsync(path, null, "k1")).ShouldRefuse(409);
        (await RowsAsync()).ShouldBeEmpty();
        await Mooring.MakeUnreadableAsync();

        (await PostAsync(path, null, "k1")).ShouldBe(200);
    }

    [Fact]
    public async Task What_breaks_its_form_keeps_no_key()
    {
        (await PostAsync(Disks, """{"disk":{}}""", "k1")).ShouldBe(422);

        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);
    }

    [Fact]
    public async Task What_fails_in_its_middle_leaves_nothing_and_is_done_by_the_repeat()
    {
        _counting.Fault = new InvalidOperationException("as a fault of ours would");
        _counting.Leave.SetResult();
        (await PostAsync(Counting, null, "k1")).ShouldBe(500);
        (await DoneAsync()).ShouldBe(0);
        _counting.Fault = null;

        var repeat = (await PostAsync(Counting, null, "k1")).ShouldBe(200);

        repeat.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        (await DoneAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_taken_for_dead_does_nothing_when_it_goes_on()
    {
        var first = PostAsync(Counting, null, "k1");
        await _counting.Entered.Task;
        await LapseAsync();
        _counting.IsOpen = true;

        var repeat = (await PostAsync(Counting, null, "k1")).ShouldBe(200);
        _counting.Leave.SetResult();

        (await first).ShouldRefuse(409, "k1", "Send it again");
        (await DoneAsync()).ShouldBe(1);
        (await PostAsync(Counting, null, "k1")).ShouldBe(200).Text.ShouldBe(repeat.Text);
    }

    [Fact]
    public async Task A_key_whose_process_died_before_it_made_anything_is_free_again()
    {
        var user = await Mooring.ReadAsync(db => db.Users.Select(one => one.Id).SingleAsync(Ct));
        var (turn, row) = await Mooring.Services.GetRequiredService<IdempotencyKeys>()
            .TakeAsync(user, "k1", new byte[32], Ct);
        turn.ShouldBe(Turn.Taken);

        await Mooring.RestartAsync();

        // On PostgreSQL it may be another replica's, which lives: it has to lapse.
        (await RowsAsync()).ShouldBe(backend == Backend.Sqlite ? [] : [(row.KeyText, null)]);
        await LapseAsync();
        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);
    }

    [Fact]
    public async Task Answers_outlive_their_process()
    {
        var first = (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);

        await Mooring.RestartAsync();

        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201).Text.ShouldBe(first.Text);
        (await CountDisksAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task The_text_of_an_API_key_is_in_the_first_answer_alone()
    {
        var body = """{"name":"ci"}""";
        var first = (await PostAsync(Keys, body, "k1")).ShouldBe(201);
        var secret = first.Object["key"]!.GetValue<string>();

        var repeat = (await PostAsync(Keys, body, "k1")).ShouldBe(201);

        first.Object["detail"].ShouldBeNull();
        repeat.Object["prefix"]!.GetValue<string>().ShouldBe(ApiKey.PrefixOf(secret));
        repeat.Object["key"].ShouldBeNull();
        repeat.Detail.ShouldContain("revoke the key");
        (await StoredTextAsync()).ShouldNotContain(secret);
    }

    [Fact]
    public async Task Of_a_request_nothing_is_kept_but_a_hash()
    {
        var body =
            $$"""{"type":"{{ScriptedCloud.Type}}","name":"n","credential":"{{ScriptedCloud.Good}}","test":false}""";
        (await PostAsync("/api/mooring/v1/providers/", body, "k1")).ShouldBe(201);

        (await StoredTextAsync()).ShouldNotContain(ScriptedCloud.Good);
        var hash = await Mooring.ReadAsync(db => db.IdempotencyKeys.Select(key => key.RequestHash).SingleAsync(Ct));
        hash.Length.ShouldBe(32);
    }

    [Fact]
    public async Task A_key_older_than_a_day_is_forgotten()
    {
        var first = (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201);
        (await PostAsync(Disks, DiskBody, "k2")).ShouldBe(201);
        await AgeAsync("k1", IdempotencyKeys.KeptFor - TimeSpan.FromMinutes(5));
        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201).Id.ShouldBe(first.Id);
        await AgeAsync("k1", IdempotencyKeys.KeptFor + TimeSpan.FromMinutes(5));

        (await PostAsync(Disks, DiskBody, "k1")).ShouldBe(201).Id.ShouldNotBe(first.Id);

        (await CountDisksAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Old_keys_are_purged_and_no_others()
    {
        const int Old = 1_201;
        var user = await Mooring.ReadAsync(db => db.Users.Select(one => one.Id).SingleAsync(Ct));
        var now = await NowAsync();
        await Mooring.Database.WriteAsync(
            (db, _) =>
            {
                db.IdempotencyKeys.AddRange(Enumerable.Range(0, Old + 3).Select(number => new IdempotencyKey
                {
                    UserId = user,
                    KeyText = $"k{number}",
                    RequestHash = new byte[32],
                    Token = "t",
                    CreatedAt = now - (number < Old ? TimeSpan.FromDays(2) : TimeSpan.FromHours(1)),
                    LapsesAt = now,
                }));
                return Task.CompletedTask;
            },
            Ct);

        (await Mooring.Services.GetRequiredService<IdempotencyKeys>().PurgeAsync(Ct)).ShouldBe(Old);

        (await RowsAsync()).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("tab\tbed")]
    [InlineData("LONG")]
    public async Task A_key_has_its_form(string key)
    {
        var text = key == "LONG" ? new string('k', 256) : key;

        var reply = await Mooring.SendAsync(
            "POST",
            Disks,
            DiskBody,
            change: request => request.Headers.TryAddWithoutValidation(Idempotency.Header, text));

        reply.ShouldBe(422);
        reply.Object["errors"]![0]!["details"]!.GetValue<string>().ShouldContain("1 to 255 visible characters");
        (await CountDisksAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_key_is_given_once()
    {
        var reply = await Mooring.SendAsync(
            "POST", Disks, DiskBody, change: request => request.Headers.Add(Idempotency.Header, ["k1", "k2"]));

        reply.ShouldBe(422);
    }

    [Fact]
    public async Task A_key_may_have_255_characters() =>
        (await PostAsync(Disks, DiskBody, new string('k', 255))).ShouldBe(201);

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Every_POST_answers_its_repeats_and_keeps_the_answer_with_what_it_makes(string pattern)
    {
        var route = ContractRoutes.All.Single(one => one.Method == "POST" && one.Pattern == pattern);
        var (path, body) = await route.Prepare(Mooring);
        var before = Mooring.Log.All.Count;

        var first = (await PostAsync(path, body, "k1")).ShouldBe(route.Success);
        var afterwards = Mooring.Log.All.Skip(before).Any(line => line.Contains("is kept after what it tells of"));
        var repeat = (await PostAsync(path, body, "k1")).ShouldBe(route.Success);

        repeat.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        if (pattern != Keys)
        {
            repeat.Text.ShouldBe(first.Text);
        }

        // Those that change nothing, or in several transactions what may be changed again (ADR 16).
        afterwards.ShouldBe(
            pattern.EndsWith("/force-detach", StringComparison.Ordinal)
            || pattern.EndsWith("/test", StringComparison.Ordinal)
            || pattern.EndsWith("/charges/read", StringComparison.Ordinal)
            || pattern.EndsWith("/enable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_methods_take_no_notice()
    {
        var id = await Mooring.CreateDiskAsync();
        foreach (var name in new[] { "a", "b" })
        {
            (await Mooring.SendAsync(
                "PATCH",
                Disks + id,
                $$"""{"name":"{{name}}"}""",
                change: request => request.Headers.Add(Idempotency.Header, "k1"))).ShouldBe(200);
        }

        (await RowsAsync()).ShouldBeEmpty();
    }

    private Task<Reply> PostAsync(string path, string? body, string? key, string? apiKey = null) =>
        PostAsync(Mooring, path, body, key, apiKey);

    private protected static Task<Reply> PostAsync(
        TestMooring server, string path, string? body, string? key, string? apiKey = null) => server.SendAsync(
            "POST",
            path,
            body,
            apiKey,
            request =>
            {
                if (key is not null)
                {
                    request.Headers.Add(Idempotency.Header, key);
                }
            });

    private Task<int> CountDisksAsync() => Mooring.ReadAsync(db => db.Disks.CountAsync(Ct));

    private Task<int> DoneAsync() => Mooring.ReadAsync(db => CountingRoute.DoneAsync(db, Ct));

    private async Task<List<(string Key, int? Status)>> RowsAsync() =>
    [
        .. from key in await Mooring.ReadAsync(db => db.IdempotencyKeys.AsNoTracking().ToListAsync(Ct))
           select (key.KeyText, key.Status),
    ];

    private async Task<string> StoredTextAsync() => string.Join(
        '\n',
        (await Mooring.ReadAsync(db => db.IdempotencyKeys.AsNoTracking().ToListAsync(Ct)))
            .Select(key => $"{key} {key.Answer}"));

    private Task<int> LapseAsync() => Mooring.Database.WriteAsync(
        (db, ct) => db.IdempotencyKeys.Where(key => key.Status == null).ExecuteUpdateAsync(
            set => set.SetProperty(key => key.LapsesAt, DateTimeOffset.UnixEpoch), ct),
        Ct);

    private async Task AgeAsync(string text, TimeSpan age)
    {
        var then = await NowAsync() - age;
        await Mooring.Database.WriteAsync(
            (db, ct) => db.IdempotencyKeys.Where(key => key.KeyText == text).ExecuteUpdateAsync(
                set => set.SetProperty(key => key.CreatedAt, then), ct),
            Ct);
    }

    // By the clock that keys go by.
    private Task<DateTimeOffset> NowAsync() => Mooring.Database.WriteAsync((db, _) => Task.FromResult(db.DueClock), Ct);

    /// <summary>A POST that counts how often it was done, in the records.</summary>
    private sealed class CountingRoute
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Leave { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether those that come now are not stopped.</summary>
        public bool IsOpen { get; set; }

        public Exception? Fault { get; set; }

        public static Task<int> DoneAsync(MooringDb db, CancellationToken ct) =>
            Accounts(db).SumAsync(account => account.Priority, ct);

        public void Map(WebApplication app) => app.MapPost(
            Counting,
            async (Once once, Database database, CancellationToken ct) =>
            {
                if (!IsOpen)
                {
                    Entered.TrySetResult();
                    await Leave.Task;
                }

                var done = await database.TryWriteAsync<int>(
                    async (db, token) =>
                    {
                        await Accounts(db).ExecuteUpdateAsync(
                            set => set.SetProperty(account => account.Priority, account => account.Priority + 1),
                            token);
                        return Fault is null ? await DoneAsync(db, token) : throw Fault;
                    },
                    once.Keep<int, StatusOnly>(count => new StatusOnly($"done {count}")),
                    ct);
                return done.Failed ? (Answer<StatusOnly>)done.Error : new StatusOnly($"done {done.Value}");
            }).RequirePermission(Section.Admin);

        private static IQueryable<Server.ProviderAccounts.ProviderAccount> Accounts(MooringDb db) =>
            db.ProviderAccounts.Where(account => account.Type == "hyperstack");
    }
}

public sealed class SqliteIdempotencyTests() : IdempotencyTests(Backend.Sqlite);

public sealed class PostgresIdempotencyTests() : IdempotencyTests(Backend.PostgreSql)
{
    [Fact]
    public async Task Replicas_are_one_server()
    {
        await using var replica = await Mooring.StartReplicaAsync();
        TestMooring[] servers = [Mooring, replica];

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(number => PostAsync(servers[number % 2], Disks, DiskBody, "k1")));

        replies.Where(reply => reply.Status != 201).ShouldAllBe(reply => reply.Status == 409);
        List<Reply> repeats = [];
        foreach (var server in servers)
        {
            repeats.Add((await PostAsync(server, Disks, DiskBody, "k1")).ShouldBe(201));
        }

        repeats.ShouldAllBe(reply => reply.Headers.Contains("Idempotency-Replayed"));
        replies.Concat(repeats).Where(reply => reply.Status == 201).Select(reply => reply.Text).Distinct().Count()
            .ShouldBe(1);
        (await Mooring.ReadAsync(db => db.Disks.CountAsync(Ct))).ShouldBe(1);
    }
}
