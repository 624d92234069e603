using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Server.Accounts;
using Mooring.Server.Logins;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Logins;

/// <summary><c>prime login</c>, from the question to the key, through the whole pipeline and with real keys.</summary>
public abstract class LoginTests(Backend backend) : IAsyncLifetime
{
    private const string Requests = "/api/mooring/v1/login-requests/";
    private readonly LoginClient _client = new();
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(backend: backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_asks_waits_until_somebody_approves_and_has_a_key_that_holds()
    {
        await _client.AskAsync(Mooring);
        _client.Open(await _client.PollAsync(Mooring)).ShouldBeNull();
        (await _client.PollAsync(Mooring)).ShouldBeJson("""{"result":null}""");

        var approved = (await ApproveAsync()).ShouldBe(200).Object;
        var key = _client.Open(await _client.PollAsync(Mooring)).ShouldNotBeNull();

        ApiKey.PrefixOf(key).ShouldBe(approved["keyPrefix"]!.GetValue<string>());
        (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);
        (await Mooring.GetAsync("/user/whoami", key)).Object["data"]!["id"]!.GetValue<string>()
            .ShouldBe((await Mooring.GetAsync("/user/whoami")).Object["data"]!["id"]!.GetValue<string>());
        _client.Open(await _client.PollAsync(Mooring)).ShouldBe(key, "an answer may have been lost");
    }

    [Fact]
    public async Task Without_a_word_the_key_may_do_all_that_the_approvers_may_but_admin()
    {
        await _client.AskAsync(Mooring);
        var approver = await Mooring.MintKeyAsync(
            ApiKey.Permit((Section.Keys, Access.Read | Access.Write), (Section.Disks, Access.Read)),
            key => key with { ExpiresAt = Mooring.Time.Now().AddDays(3) });

        var approved = (await ApproveAsync(key: approver)).ShouldBe(200).Object;

        approved["permissions"]!.AsArray().Select(one => one!.GetValue<string>()).ShouldBe(["disks:read"]);
        approved["keyExpiresAt"]!.GetValue<string>()
            .ShouldStartWith("2025-11-10T", Case.Sensitive, "as the approver's");
        var key = _client.Open(await _client.PollAsync(Mooring))!;
        (await Mooring.SendAsync("GET", "/api/mooring/v1/keys", key: key)).ShouldRefuse(403, "Keys: read");
        (await Mooring.PostAsync("/disks/", "{}", key)).ShouldRefuse(403, "Disks: read and write");
    }

    [Fact]
    public async Task The_approver_says_what_the_key_may_and_never_gives_more_than_it_has()
    {
        await _client.AskAsync(Mooring);
        var approver = await Mooring.MintKeyAsync(
            ApiKey.Permit((Section.Keys, Access.Read | Access.Write), (Section.Disks, Access.Read)),
            key => key with { ExpiresAt = Mooring.Time.Now().AddDays(3) });
        var before = await Mooring.SnapshotAsync();

        (await ApproveAsync("""{"permissions":["disks:write"]}""", approver))
            .ShouldRefuse(403, "Disks: read and write");
        (await ApproveAsync("""{"permissions":["nonsense"],"name":""}""", approver))
            .ShouldFault("permissions.0", "name");
        (await ApproveAsync("""{"expiresAt":"2025-12-24T00:00:00"}""", approver)).ShouldFault("expiresAt");
        (await Mooring.SnapshotAsync()).ShouldBe(before);
        (await ApproveAsync("""{"permissions":["disks:read"],"name":"laptop"}""", approver)).ShouldBe(200);

        var made = (await Mooring.SendAsync("GET", "/api/mooring/v1/keys")).Data
            .Single(key => key["name"]!.GetValue<string>() == "laptop");
        made["permissions"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_approver_who_has_nothing_to_give_by_default_has_to_say_what_the_key_may()
    {
        await _client.AskAsync(Mooring);
        var approver = await Mooring.MintKeyAsync(ApiKey.Permit(
            (Section.Admin, Access.Read | Access.Write), (Section.Keys, Access.Read | Access.Write)));

        (await ApproveAsync(key: approver)).ShouldFault("permissions");
    }

    [Fact]
    public async Task Nothing_that_is_stored_or_told_has_the_key_the_code_or_the_token()
    {
        await _client.AskAsync(Mooring);
        var listed = await Mooring.SendAsync("GET", Requests);
        var approved = await ApproveAsync();
        var key = _client.Open(await _client.PollAsync(Mooring))!;
        // What follows the prefix; it may have an underscore of its own.
        var secret = key.Split('_', 3)[2];

        var row = await Mooring.ReadAsync(db => db.LoginRequests.AsNoTracking().SingleAsync(Ct));
        string[] shown =
        [
            listed.Text, approved.Text, (await Mooring.SendAsync("GET", Requests)).Text,
            string.Join('\n', Mooring.Log.All),
            Encoding.Latin1.GetString([.. row.CodeHash, .. row.TokenHash, .. row.PublicKey, .. row.SealedKey!]),
            row.ToString(),
        ];
        foreach (var text in shown)
        {
            text.ShouldNotContain(secret);
            text.ShouldNotContain(_client.Code);
            text.ShouldNotContain(_client.Code.Replace("-", "", StringComparison.Ordinal));
        }

        listed.Data.Single()["address"]!.GetValue<string>().ShouldBe("127.0.0.1");
        listed.Data.Single()["userAgent"]!.GetValue<string>().ShouldBe("prime-cli/0.6.26 python/3.11.7");
        listed.Data.Single()["status"]!.GetValue<string>().ShouldBe("WAITING");
    }

    [Fact]
    public async Task Only_the_token_opens_the_result()
    {
        await _client.AskAsync(Mooring);
        using var other = new LoginClient();
        await other.AskAsync(Mooring);
        (await ApproveAsync()).ShouldBe(200);

        foreach (var token in new[] { "", "x", Mooring.AdminKey, new string('a', 5_000) })
        {
            (await _client.PollAsync(Mooring, token)).ShouldRefuse(404, "prime login");
        }

        other.Open(await other.PollAsync(Mooring)).ShouldBeNull("each has its own");
        var mixed = await Mooring.SendAsync("GET", "/api/v1/auth_challenge/status?challenge=" + other.Code, key: "x");
        mixed.ShouldRefuse(404);
        (await Mooring.SendAsync("GET", "/api/v1/auth_challenge/status", key: "x")).ShouldRefuse(404);
    }

    [Fact]
    public async Task A_code_is_read_aloud_and_typed_as_it_comes()
    {
        await _client.AskAsync(Mooring);
        _client.Code.ShouldMatch("^[B-Z2-9]{3}-[B-Z2-9]{3}-[B-Z2-9]{3}$");
        var typed = _client.Code.ToLowerInvariant().Replace('-', ' ');

        (await Mooring.SendAsync("GET", Requests + Uri.EscapeDataString(typed))).ShouldBe(200);
        (await Mooring.SendAsync("POST", $"{Requests}{Uri.EscapeDataString(typed)}/approve", "{}")).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_denied_is_as_if_it_were_not_and_stays_so()
    {
        await _client.AskAsync(Mooring);
        var id = (await Mooring.SendAsync("GET", Requests)).Data.Single()["id"]!.GetValue<string>();

        (await Mooring.SendAsync("POST", $"{Requests}{id}/approve", "{}")).ShouldRefuse(404);
        (await Mooring.SendAsync("POST", $"{Requests}{id}/deny")).ShouldBe(200).Object["status"]!.GetValue<string>()
            .ShouldBe("DENIED");
        (await Mooring.SendAsync("POST", $"{Requests}{_client.Code}/deny")).ShouldBe(200);

        (await _client.PollAsync(Mooring)).ShouldRefuse(404);
        (await ApproveAsync()).ShouldRefuse(409, "DENIED");
        (await Mooring.ReadAsync(db => db.ApiKeys.CountAsync(Ct))).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_who_approve_at_once_one_makes_the_key()
    {
        await _client.AskAsync(Mooring);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ApproveAsync()));

        replies.Count(reply => reply.Status == 200).ShouldBe(1);
        replies.Where(reply => reply.Status != 200).ShouldAllBe(reply => reply.Status == 409);
        (await Mooring.ReadAsync(db => db.ApiKeys.CountAsync(Ct))).ShouldBe(2);
        (await Mooring.SendAsync("POST", $"{Requests}{_client.Code}/deny")).ShouldRefuse(409, "APPROVED");
        ApiKey.PrefixOf(_client.Open(await _client.PollAsync(Mooring))!).ShouldBe(
            replies.Single(reply => reply.Status == 200).Object["keyPrefix"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_request_ends_after_ten_minutes()
    {
        await _client.AskAsync(Mooring);
        Mooring.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMicroseconds(1));
        (await _client.PollAsync(Mooring)).ShouldBe(200);
        Mooring.Time.Advance(TimeSpan.FromMicroseconds(1));

        (await _client.PollAsync(Mooring)).ShouldRefuse(404);
        (await ApproveAsync()).ShouldRefuse(404);
        (await Mooring.SendAsync("GET", Requests)).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_that_was_approved_late_can_be_collected_for_two_minutes_more()
    {
        await _client.AskAsync(Mooring);
        Mooring.Time.Advance(TimeSpan.FromSeconds(599));
        (await ApproveAsync()).ShouldBe(200);
        Mooring.Time.Advance(TimeSpan.FromSeconds(119));
        _client.Open(await _client.PollAsync(Mooring)).ShouldNotBeNull();
        Mooring.Time.Advance(TimeSpan.FromSeconds(1));

        (await _client.PollAsync(Mooring)).ShouldRefuse(404);
    }

    [Fact]
    public async Task A_key_that_nobody_came_for_is_revoked_and_one_that_was_collected_is_not()
    {
        using var other = new LoginClient();
        await _client.AskAsync(Mooring);
        await other.AskAsync(Mooring);
        (await ApproveAsync()).ShouldBe(200);
        var left = (await Mooring.SendAsync("POST", $"{Requests}{other.Code}/approve", "{}")).ShouldBe(200)
            .Object["keyPrefix"]!.GetValue<string>();
        var collected = _client.Open(await _client.PollAsync(Mooring))!;
        Mooring.Time.Advance(TimeSpan.FromMinutes(11));

        using var next = new LoginClient();
        await next.AskAsync(Mooring);

        (await Mooring.GetAsync("/disks/", collected)).ShouldBe(200);
        (await Mooring.ReadAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(key => key.Prefix == left, Ct))).RevokedAt
            .ShouldNotBeNull();
        (await Mooring.ReadAsync(db => db.LoginRequests.CountAsync(Ct))).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_nobody_came_for_is_revoked_though_nobody_asks_again()
    {
        await _client.AskAsync(Mooring);
        var prefix = (await ApproveAsync()).ShouldBe(200).Object["keyPrefix"]!.GetValue<string>();
        var row = await Mooring.ReadAsync(db => db.LoginRequests.AsNoTracking().SingleAsync(Ct));
        var key = _client.Open(row.SealedKey!);
        (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);
        Mooring.Time.Advance(row.ExpiresAt - Mooring.Time.GetUtcNow() - TimeSpan.FromMicroseconds(1));
        await Mooring.Services.GetRequiredService<LoginRequests>().ForgetEndedAsync(Ct);
        (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);

        await Eventually.HoldsAsync(
            async () =>
            {
                Mooring.Time.Advance(TimeSpan.FromMinutes(1));
                return !await Mooring.ReadAsync(db => db.LoginRequests.AnyAsync(Ct));
            },
            "the request is forgotten by itself");

        (await Mooring.GetAsync("/disks/", key)).ShouldBe(401);
        (await Mooring.ReadAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(one => one.Prefix == prefix, Ct)))
            .RevokedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task One_address_asks_for_five_at_once_however_many_ask_together()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Mooring.SendAsync(
            "POST", "/api/v1/auth_challenge/generate", LoginClient.Body, key: "")));

        replies.Count(reply => reply.Status == 200).ShouldBe(5);
        var refused = replies.First(reply => reply.Status != 200);
        refused.ShouldRefuse(429, "5 login requests of this address", "mooring keys create");
        refused.Headers.RetryAfter!.ToString().ShouldBe("600");
        Mooring.Time.Advance(TimeSpan.FromMinutes(10));
        await _client.AskAsync(Mooring);
    }

    [Fact]
    public async Task Where_a_hundred_ask_the_network_with_most_gives_way_with_its_oldest_that_waits()
    {
        await FillAsync(number => number < 5 ? "greedy" : $"{number / 3}");

        await _client.AskAsync(Mooring);

        var left = await Mooring.ReadAsync(db => db.LoginRequests.AsNoTracking().ToListAsync(Ct));
        left.Count.ShouldBe(100);
        // The first of the greedy ones is approved: its key waits to be collected.
        Enumerable.Range(0, 100).Where(number => !left.Any(one => one.Id == $"{number:x12}")).ShouldBe([1]);
        Mooring.Log.All.ShouldContain(line => line.Contains("000000000001 gave way"));
        _client.Open(await _client.PollAsync(Mooring)).ShouldBeNull("it waits as any other");
    }

    [Fact]
    public async Task Who_has_as_many_as_any_other_takes_nobodys_place()
    {
        await FillAsync(number => number < 98 ? $"{number / 2}" : "127.0.0.1");

        (await AskOnceMoreAsync()).ShouldRefuse(429, "100 login requests of this server");

        (await Mooring.ReadAsync(db => db.LoginRequests.CountAsync(Ct))).ShouldBe(100);
    }

    [Fact]
    public async Task What_is_approved_gives_way_to_nobody()
    {
        await FillAsync(number => $"{number}", approved: 100);

        (await AskOnceMoreAsync()).ShouldRefuse(429, "100 login requests of this server");
    }

    [Fact]
    public async Task Whoever_asks_gets_in_while_few_networks_ask_without_end()
    {
        await FillAsync(number => $"{number / 5}");

        for (var i = 0; i < 4; i++)
        {
            (await AskOnceMoreAsync()).ShouldBe(200);
        }

        // Of twenty with five each, four have lost one.
        var counts = await Mooring.ReadAsync(db => db.LoginRequests
            .GroupBy(one => one.Network)
            .Select(network => network.Count())
            .ToListAsync(Ct));
        counts.Sum().ShouldBe(100);
        counts.Count(count => count == 4).ShouldBe(5);
        counts.Count(count => count == 5).ShouldBe(16);
    }

    [Fact]
    public async Task Who_is_no_operator_sees_no_list_and_lets_in_whoever_has_told_them_the_code()
    {
        await _client.AskAsync(Mooring);
        var user = await Mooring.MintUserAsync();
        var reader = await Mooring.MintKeyAsync(ApiKey.Permit((Section.Keys, Access.Read)));

        (await Mooring.SendAsync("GET", Requests, key: user.Key)).ShouldRefuse(403, "Admin: read");
        (await ApproveAsync(key: reader)).ShouldRefuse(403, "Keys: read and write");
        (await Mooring.SendAsync("POST", $"{Requests}KTM-4WX-9QF/approve", "{}", user.Key)).ShouldRefuse(404);
        _client.Open(await _client.PollAsync(Mooring)).ShouldBeNull();

        (await ApproveAsync(key: user.Key)).ShouldBe(200);
        var key = _client.Open(await _client.PollAsync(Mooring))!;
        (await Mooring.GetAsync("/user/whoami", key)).Object["data"]!["id"]!.GetValue<string>().ShouldBe(user.Id);
    }

    private Task<Reply> AskOnceMoreAsync() =>
        Mooring.SendAsync("POST", "/api/v1/auth_challenge/generate", LoginClient.Body, key: "");

    // A hundred of other networks, each a second younger than the one before; the first are approved.
    private async Task FillAsync(Func<int, string> network, int approved = 1)
    {
        await _client.AskAsync(Mooring);
        await Mooring.Database.WriteAsync(
            async (db, ct) =>
            {
                var one = await db.LoginRequests.AsNoTracking().SingleAsync(ct);
                await db.LoginRequests.ExecuteDeleteAsync(ct);
                for (var i = 0; i < 100; i++)
                {
                    db.LoginRequests.Add(one with
                    {
                        Id = $"{i:x12}",
                        CodeHash = [.. Enumerable.Repeat((byte)i, 32)],
                        Network = network(i),
                        CreatedAt = one.CreatedAt.AddSeconds(i - 100),
                        ApprovedAt = i < approved ? one.CreatedAt : null,
                    });
                }
            },
            Ct);
    }

    private Task<Reply> ApproveAsync(string body = "{}", string? key = null) =>
        Mooring.SendAsync("POST", $"{Requests}{_client.Code}/approve", body, key);
}

public sealed class SqliteLoginTests() : LoginTests(Backend.Sqlite);

public sealed class PostgresLoginTests() : LoginTests(Backend.PostgreSql);
