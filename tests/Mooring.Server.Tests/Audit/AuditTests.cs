using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Contract.V1;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Http;
using Mooring.Server.Persistence;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Audit;

/// <summary>Every change and every refusal leaves its entry, and nothing leaves more than that.</summary>
public sealed class AuditTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private const string Route = "/api/mooring/v1/audit";
    private const string RequestId = "X-Request-Id";

    // What changes no record, asks for a key without having one, or finds no orphan here.
    private static readonly string[] Afterwards =
    [
        "POST /api/mooring/v1/providers/{id}/test",
        "POST /api/mooring/v1/providers/{id}/enable",
        "POST /api/mooring/v1/providers/{id}/charges/read",
        "POST /api/v1/auth_challenge/generate",
        "POST /api/mooring/v1/inventory/adopt",
        "POST /api/mooring/v1/inventory/delete",
    ];

    public static TheoryData<string> Changes =>
        [.. ContractRoutes.All.Where(route => route.Method != "GET").Select(route => route.ToString())];

    public static TheoryData<string> Everything => [.. ContractRoutes.All.Select(route => route.ToString())];

    private TestMooring Mooring => shared.Mooring;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_leaves_one_entry_that_says_who_did_what_from_where(string name)
    {
        var route = Of(name);
        var (path, body) = await route.Prepare(Mooring);

        var reply = (await Mooring.SendAsync(route.Method, path, body)).ShouldBe(route.Success);

        var entry = await EntryOfAsync(Mooring, reply);
        entry["action"]!.GetValue<string>().ShouldBe(ActionOf(route));
        // Where no key is asked for, none is looked at.
        var isKnown = route.Permission != ContractRoutes.NoKey;
        (entry["keyPrefix"]?.GetValue<string>()).ShouldBe(isKnown ? ApiKey.PrefixOf(Mooring.AdminKey) : null);
        (entry["userId"] is not null).ShouldBe(isKnown);
        entry["address"]!.GetValue<string>().ShouldBe("127.0.0.1");
        entry["status"]!.GetValue<int>().ShouldBe(route.Success);
        var text = entry.ToJsonString();
        foreach (var secret in SecretsIn(body).Append(Mooring.AdminKey).Concat(SecretsIn(reply.Text)))
        {
            text.ShouldNotContain(secret);
        }

        // What has an id is found by it.
        var target = entry["target"]?.GetValue<string>();
        if (route.Pattern.Contains("{id}", StringComparison.Ordinal)
            || route.Pattern.Contains("{prefix}", StringComparison.Ordinal))
        {
            path.ShouldContain(target.ShouldNotBeNull());
        }
        else if (route.Success == 201)
        {
            (reply.Object["id"] ?? reply.Object["prefix"])!.GetValue<string>().ShouldBe(target);
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_of_records_is_stored_with_its_entry(string name)
    {
        var route = Of(name);
        if (Afterwards.Contains(route.ToString()))
        {
            return;
        }

        // Nothing of this key's is written beside the requests any more.
        var key = await Mooring.MintKeyAsync(ApiKey.AllPermissions);
        var limits = Mooring.Services.GetRequiredService<TrailLimits>();
        while (limits.Admits(ApiKey.PrefixOf(key), null, Mooring.Time.Now()))
        {
        }

        var reply = (await route.SendAsync(Mooring, key)).ShouldBe(route.Success);

        (await EntriesOfAsync(Mooring, reply)).ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Whoever_lacks_the_permission_leaves_an_entry(string name)
    {
        var route = Of(name);
        if (route.Permission is null or ContractRoutes.NoKey)
        {
            return;
        }

        var key = await Mooring.MintKeyAsync(0);

        var reply = (await SendEmptyAsync(route, key)).ShouldBe(403);

        var entry = await EntryOfAsync(Mooring, reply);
        entry["action"]!.GetValue<string>().ShouldBe(ActionOf(route));
        entry["keyPrefix"]!.GetValue<string>().ShouldBe(ApiKey.PrefixOf(key));
        entry["status"]!.GetValue<int>().ShouldBe(403);
        entry["words"]!.GetValue<string>().ShouldBe(reply.Detail);
    }

    [Theory]
    [InlineData("POST", "/api/v1/disks/", """{"mrg_hidden":1}""", 422, "createDisk", "2 faults in its body.")]
    [InlineData("PATCH", "/api/v1/disks/nothing", """{"name":"a"}""", 404, "renameDisk", "nothing")]
    [InlineData("DELETE", "/api/v1/pods/nothing", null, 404, "deletePod", "nothing")]
    [InlineData("POST", "/api/v1/mrg_hidden", "{}", 404, null, "There is no such route.")]
    [InlineData("PUT", "/api/v1/disks/", "{}", 405, null, "There is no such route.")]
    [InlineData("POST", "/api/mooring/v1/login-requests/mrg_hidden/deny", null, 404, "denyLoginRequest", "code")]
    public async Task A_refused_change_leaves_its_reason_and_nothing_of_its_body(
        string method, string path, string? body, int status, string? action, string words)
    {
        var reply = (await Mooring.SendAsync(method, path, body)).ShouldBe(status);

        var entry = await EntryOfAsync(Mooring, reply);
        (entry["action"]?.GetValue<string>()).ShouldBe(action);
        entry["status"]!.GetValue<int>().ShouldBe(status);
        entry["words"]!.GetValue<string>().ShouldContain(words);
        entry.ToJsonString().ShouldNotContain("mrg_hidden");
    }

    [Fact]
    public async Task What_only_reads_leaves_none()
    {
        var read = (await Mooring.GetAsync("/disks/")).ShouldBe(200);
        var missed = (await Mooring.GetAsync("/nothing")).ShouldBe(404);
        // What is written beside the requests is written in their order.
        await EntryOfAsync(Mooring, (await Mooring.DeleteAsync("/disks/nothing")).ShouldBe(404));

        (await EntriesOfAsync(Mooring, read)).ShouldBeEmpty();
        (await EntriesOfAsync(Mooring, missed)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/v1/disks/nothing", "getDisk", "nothing")]
    [InlineData("/api/v1/teams/nobody/members", "listTeamMembers", "nobody")]
    [InlineData("/api/mooring/v1/wallets/none", "getWallet", "none")]
    [InlineData("/api/mooring/v1/login-requests/mrg_hidden", "readLoginRequest", null)]
    public async Task Whoever_asks_for_an_id_that_they_do_not_see_leaves_an_entry(
        string path, string action, string? target)
    {
        var reply = (await Mooring.SendAsync("GET", path)).ShouldBe(404);

        var entry = await EntryOfAsync(Mooring, reply);
        entry["action"]!.GetValue<string>().ShouldBe(action);
        (entry["target"]?.GetValue<string>()).ShouldBe(target);
        entry["words"]!.GetValue<string>().ShouldBe(reply.Detail);
        entry.ToJsonString().ShouldNotContain("mrg_hidden");
    }

    [Fact]
    public async Task A_key_that_does_not_hold_is_named_by_its_prefix_alone()
    {
        var secret = ApiKey.NewSecret();

        var entry = await EntryOfAsync(Mooring, (await Mooring.GetAsync("/disks/", secret)).ShouldBe(401));

        entry["keyPrefix"].ShouldBeNull();
        entry["userId"].ShouldBeNull();
        entry["words"]!.GetValue<string>().ShouldContain(ApiKey.PrefixOf(secret)!);
        entry.ToJsonString().ShouldNotContain(secret[^20..]);
    }

    [Fact]
    public async Task A_repeat_says_that_nothing_was_done_again()
    {
        const string Body = """{"name":"ci","permissions":["keys:read"]}""";
        var first = (await SendAsync("audit-1")).ShouldBe(201);
        var again = (await SendAsync("audit-1")).ShouldBe(201);

        (await EntryOfAsync(Mooring, first))["target"]!.GetValue<string>()
            .ShouldBe(first.Object["prefix"]!.GetValue<string>());
        (await EntryOfAsync(Mooring, again))["words"]!.GetValue<string>().ShouldContain("nothing was done again");

        Task<Reply> SendAsync(string key) => Mooring.SendAsync(
            "POST", "/api/mooring/v1/keys/", Body, change: request => request.Headers.Add("Idempotency-Key", key));
    }

    [Theory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.PostgreSql)]
    public async Task Pages_follow_each_other_and_filters_take_out_the_rest(Backend backend)
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);
        var user = await mooring.MintUserAsync();
        var disk = await mooring.CreateDiskAsync(key: user.Key);
        await EntryOfAsync(mooring, (await mooring.DeleteAsync("/disks/nothing", user.Key)).ShouldBe(404));
        (await mooring.PatchAsync("/disks/" + disk, """{"name":"b"}""", user.Key)).ShouldBe(200);
        mooring.Time.Advance(TimeSpan.FromDays(1));
        (await mooring.PatchAsync("/disks/" + disk, """{"name":"c"}""")).ShouldBe(200);

        (await ActionsAsync("")).ShouldBe("renameDisk renameDisk deleteDisk createDisk");
        var key = ApiKey.PrefixOf(user.Key);
        (await ActionsAsync("?key=" + key)).ShouldBe("renameDisk deleteDisk createDisk");
        (await ActionsAsync($"?key={key}&refused=true")).ShouldBe("deleteDisk");
        (await ActionsAsync($"?key={key}&address=127.0.0.1&to=2025-11-07"))
            .ShouldBe("renameDisk deleteDisk createDisk");
        (await ActionsAsync($"?key={key}&address=::ffff:127.0.0.1")).ShouldBe("renameDisk deleteDisk createDisk");
        (await ActionsAsync($"?key={key}&address=127.0.0.2")).ShouldBe("");
        (await ActionsAsync("?address=127.0.0.1&from=2025-11-08")).ShouldBe("renameDisk");
        (await ActionsAsync("?address=127.0.0.2&user_id=" + user.Id)).ShouldBe("");
        (await ActionsAsync("?user_id=" + user.Id)).ShouldBe("renameDisk deleteDisk createDisk");
        (await ActionsAsync("?user_id=nobody")).ShouldBe("");
        (await ActionsAsync("?target=" + disk)).ShouldBe("renameDisk renameDisk createDisk");
        (await ActionsAsync("?action=createDisk")).ShouldBe("createDisk");
        (await ActionsAsync("?refused=true")).ShouldBe("deleteDisk");
        (await ActionsAsync("?refused=false")).ShouldBe("renameDisk renameDisk createDisk");
        (await ActionsAsync("?from=2025-11-08")).ShouldBe("renameDisk");
        (await ActionsAsync("?to=2025-11-07")).ShouldBe("renameDisk deleteDisk createDisk");
        (await ActionsAsync("?from=2025-11-09")).ShouldBe("");
        (await ActionsAsync("?to=2025-11-06")).ShouldBe("");

        var newest = (await mooring.SendAsync("GET", Route + "?limit=3")).ShouldBe(200);
        var next = newest.Object["next"]!.GetValue<long>();
        var oldest = (await mooring.SendAsync("GET", $"{Route}?limit=3&before={next}")).ShouldBe(200);
        newest.Data.Count.ShouldBe(3);
        oldest.Data.ShouldHaveSingleItem()["action"]!.GetValue<string>().ShouldBe("createDisk");
        oldest.Object["next"].ShouldBeNull();

        async Task<string> ActionsAsync(string query) => string.Join(
            ' ',
            (await mooring.SendAsync("GET", Route + query)).ShouldBe(200).Data
                .Select(entry => entry["action"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("?from=2025-11-08&to=2025-11-07", "from")]
    [InlineData("?to=9999-12-31", "to")]
    [InlineData("?limit=501", "limit")]
    [InlineData("?refused=maybe", "refused")]
    [InlineData("?before=-1", "before")]
    [InlineData("?key=mrg_0123456789ab_secret", "key")]
    [InlineData("?address=somewhere&key=0123456789ab", "address")]
    [InlineData("?address=127.0.0.1", "address")]
    [InlineData("?address=127.0.0.1&from=2025-10-01&to=2025-11-01", "address")]
    [InlineData("?address=127.0.0.1&from=2025-10-01", "address")]
    [InlineData("?address=127.0.0.1&to=2025-11-01", "address")]
    [InlineData("?status=403", "status")]
    [InlineData("?KEY=0123456789ab&Status=403", "Status")]
    public async Task A_query_that_means_nothing_is_told_so(string query, string parameter) =>
        (await Mooring.SendAsync("GET", Route + query)).ShouldFault(parameter);

    [Fact]
    public async Task An_unknown_parameter_is_named_with_those_that_are_known_on_native_routes_alone()
    {
        var refused = await Mooring.SendAsync("GET", Route + "?status=403");
        refused.ShouldFault("status");
        refused.Text.ShouldContain("key, address, user_id, target");
        (await Mooring.SendAsync("GET", "/api/mooring/v1/quotas?mine=1")).ShouldFault("mine");

        // Nobody without a key is told what a route reads.
        (await Mooring.SendAsync("GET", Route + "?status=403", key: "")).ShouldBe(401);
        (await Mooring.GetAsync("/disks/?status=403")).ShouldBe(200);
    }

    [Theory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.PostgreSql)]
    public async Task Days_are_found_among_numbers_that_have_gaps_and_are_a_little_out_of_order(Backend backend)
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);
        var database = mooring.Services.GetRequiredService<Database>();
        var start = mooring.Time.GetUtcNow();
        (await TrailDays.LastBeforeAsync(database, start, Ct)).ShouldBe(0);
        // An hour each; every third number is missing, and two have changed places.
        int[] hours = [0, 1, 2, 3, 4, 6, 5, 7, 8, 9, 10, 11];
        await database.WriteAsync(
            async (db, token) =>
            {
                foreach (var (index, hour) in hours.Index())
                {
                    db.AuditEntries.Add(new AuditEntry
                    {
                        Number = 1_000_000 + index + (index / 2),
                        At = start + TimeSpan.FromHours(hour),
                        RequestId = "",
                        Status = 200,
                    });
                }

                await db.SaveChangesAsync(token);
            },
            Ct);

        (await LastAsync(0)).ShouldBe(0);
        (await LastAsync(1)).ShouldBe(1_000_000);
        (await LastAsync(3)).ShouldBe(1_000_003);
        (await LastAsync(10)).ShouldBe(1_000_013);
        (await LastAsync(99)).ShouldBe(1_000_016);

        Task<long> LastAsync(int hour) =>
            TrailDays.LastBeforeAsync(database, start + TimeSpan.FromHours(hour), Ct);
    }

    [Theory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.PostgreSql)]
    public async Task A_change_that_is_undone_leaves_no_entry_of_its_success(Backend backend)
    {
        await using var mooring = await TestMooring.StartAsync(
            backend: backend,
            map: app => app.MapPost(
                "/api/mooring/v1/undone",
                async (Once once, Database database, CancellationToken ct) =>
                {
                    await database.TryWriteAsync<int>(
                        (_, _) => Task.FromResult<Result<int>>(1),
                        async (db, made, token) =>
                        {
                            await once.Keep<int, StatusOnly>(_ => new StatusOnly("done"))(db, made, token);
                            throw new InvalidOperationException("It fails after all.");
                        },
                        ct);
                    return "";
                }).WithName("undone").RequirePermission(Section.Disks));

        (await mooring.SendAsync("POST", "/api/mooring/v1/undone", "{}")).ShouldBe(500);
        await EntryOfAsync(mooring, (await mooring.DeleteAsync("/disks/nothing")).ShouldBe(404));

        (await mooring.ReadAsync(db => db.AuditEntries.Select(entry => entry.Action).ToListAsync(Ct)))
            .ShouldBe(["deleteDisk"]);
    }

    [Fact]
    public async Task Whoever_has_no_key_fills_nothing_and_one_entry_counts_what_is_left_out()
    {
        await using var mooring = await TestMooring.StartAsync();
        for (var i = 0; i < TrailLimits.PerNetwork + 7; i++)
        {
            (await mooring.GetAsync("/disks/", "")).ShouldBe(401);
        }

        // A key's own refusals are written beside that.
        await EntryOfAsync(mooring, (await mooring.DeleteAsync("/disks/nothing")).ShouldBe(404));
        mooring.Time.Advance(TimeSpan.FromMinutes(1));

        await Eventually.HoldsAsync(
            async () => (await EntriesAsync(mooring)).Any(
                entry => entry.Words?.StartsWith("7 refusals", StringComparison.Ordinal) is true),
            "one entry counts what was left out");
        var entries = await EntriesAsync(mooring);
        entries.Count(entry => entry.Status == 401).ShouldBe(TrailLimits.PerNetwork);
        entries.Count.ShouldBe(TrailLimits.PerNetwork + 2);
        await EntryOfAsync(mooring, (await mooring.GetAsync("/disks/", "")).ShouldBe(401));
    }

    [Theory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.PostgreSql)]
    public async Task Only_what_is_older_than_the_retention_is_forgotten(Backend backend)
    {
        await using var mooring = await TestMooring.StartAsync(
            one => one.Options = one.Options with { AuditRetention = TimeSpan.FromDays(2) }, backend);
        await mooring.CreateDiskAsync();
        mooring.Time.Advance(TimeSpan.FromDays(1));
        var kept = (await mooring.PostAsync("/disks/", DiskBody)).ShouldBe(201).Id;
        mooring.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));

        await mooring.Services.GetRequiredService<TrailRetention>().RunOnceAsync(Ct);

        (await EntriesAsync(mooring)).ShouldHaveSingleItem().Target.ShouldBe(kept);
    }

    [Fact]
    public async Task Nothing_is_forgotten_where_all_is_to_be_kept()
    {
        await using var mooring = await TestMooring.StartAsync(
            one => one.Options = one.Options with { AuditRetention = TimeSpan.Zero });
        await mooring.CreateDiskAsync();
        // Past all timers, of which some come due every second.
        mooring.Time.AdjustTime(mooring.Time.GetUtcNow() + TimeSpan.FromDays(100_000));

        (await mooring.Services.GetRequiredService<TrailRetention>().RunOnceAsync(Ct)).ShouldBe(0);

        (await EntriesAsync(mooring)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_refused_last_is_written_before_a_server_ends()
    {
        await using var mooring = await TestMooring.StartAsync();
        (await mooring.DeleteAsync("/disks/nothing")).ShouldBe(404);

        await mooring.RestartAsync();

        (await EntriesAsync(mooring)).ShouldHaveSingleItem().Status.ShouldBe(404);
    }

    private const string DiskBody = """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""";

    private Task<Reply> SendEmptyAsync(ContractRoute route, string key) => Mooring.SendAsync(
        route.Method,
        route.Pattern.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal),
        route.Method is "POST" or "PATCH" or "PUT" ? "{}" : null,
        key);

    private static Task<List<AuditEntry>> EntriesAsync(TestMooring mooring) =>
        mooring.ReadAsync(db => db.AuditEntries.AsNoTracking().OrderBy(entry => entry.Number).ToListAsync(Ct));

    private static async Task<IReadOnlyList<JsonObject>> EntriesOfAsync(TestMooring mooring, Reply reply)
    {
        var id = reply.Headers.GetValues(RequestId).Single();
        var page = (await mooring.SendAsync("GET", Route + "?limit=500")).ShouldBe(200);
        return [.. page.Data.Where(entry => entry["requestId"]!.GetValue<string>() == id)];
    }

    private static async Task<JsonObject> EntryOfAsync(TestMooring mooring, Reply reply)
    {
        IReadOnlyList<JsonObject> entries = [];
        await Eventually.HoldsAsync(
            async () => (entries = await EntriesOfAsync(mooring, reply)).Count > 0, "the request's entry is written");
        return entries.ShouldHaveSingleItem();
    }

    // Long texts: names and ids may be in an entry.
    private static IEnumerable<string> SecretsIn(string? json)
    {
        string[] members = ["key", "credential", "publicKey", "statusAuthToken", "code"];
        return json is null || JsonNode.Parse(json) is not JsonObject members2
            ? []
            : members.Select(member => members2[member]?.ToString()).OfType<string>();
    }

    private static string ActionOf(ContractRoute route) => ServedRoutes.All
        .Single(one => one.ToString() == route.ToString())
        .Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;

    private static ContractRoute Of(string name) => ContractRoutes.All.Single(route => route.ToString() == name);
}
