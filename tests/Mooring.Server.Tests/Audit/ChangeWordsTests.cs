using System.Text.Json.Nodes;
using Mooring.Server.Accounts;
using Mooring.Server.Audit;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Logins;

namespace Mooring.Server.Tests.Audit;

/// <summary>An entry says what was changed, and from what to what: not only that something was.</summary>
public sealed class ChangeWordsTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private const string Native = "/api/mooring/v1";

    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public async Task Of_a_user_what_was_and_what_is_now()
    {
        var user = await Mooring.MintUserAsync("ada");
        var path = $"{Native}/users/{user.Id}";

        (await WordsAsync("PATCH", path, """{"role":"ADMIN"}""")).ShouldBe("role USER, now ADMIN");
        (await WordsAsync("PATCH", path, """{"role":"USER"}""")).ShouldBe("role ADMIN, now USER");
        (await WordsAsync("PATCH", path, """{"isDisabled":true}""")).ShouldBe("disabled");
        (await WordsAsync("PATCH", path, """{"isDisabled":true}""")).ShouldBeNull();
        (await WordsAsync("PATCH", path, """{"isDisabled":false,"name":"B"}"""))
            .ShouldBe("name 'ada', now 'B', enabled");
        (await WordsAsync("POST", $"{Native}/users/", """{"name":"C","email":"c@example.org"}"""))
            .ShouldBe("name 'C', mail address 'c@example.org', role USER");
        (await WordsAsync("PATCH", "/api/v1/user/slug", """{"slug":"words-one"}"""))
            .ShouldBe("slug none, now 'words-one'");
    }

    [Fact]
    public async Task Of_a_teams_member_who_it_is_and_as_what()
    {
        var (admin, other) = (await Mooring.MintUserAsync("eve"), await Mooring.MintUserAsync("bob"));
        var team = await Mooring.MakeTeamAsync(admin);
        var path = $"{Native}/teams/{team}/members/{other.Id}";
        var who = $"user {other.Id}: ";

        (await WordsAsync("PUT", path, """{"role":"MEMBER"}""")).ShouldBe(who + "joined, role MEMBER");
        (await WordsAsync("PUT", path, """{"role":"ADMIN"}""")).ShouldBe(who + "role MEMBER, now ADMIN");
        (await WordsAsync("PUT", path, """{"role":"MEMBER"}""")).ShouldBe(who + "role ADMIN, now MEMBER");
        (await WordsAsync("PUT", path, """{"role":"MEMBER"}""")).ShouldBe($"user {other.Id}");
        (await WordsAsync("DELETE", path)).ShouldBe(who + "left, role was MEMBER");
        (await WordsAsync("PATCH", $"{Native}/teams/{team}", """{"slug":"words-team"}"""))
            .ShouldBe("slug none, now 'words-team'");
    }

    [Fact]
    public async Task Of_a_disk_its_names_and_whether_it_may_be_deleted()
    {
        var disk = await Mooring.CreateDiskAsync();
        var path = $"{Native}/disks/{disk}";

        (await WordsAsync("PATCH", path, """{"forbidDeletion":true}""")).ShouldBe("deletion allowed, now forbidden");
        (await WordsAsync("PATCH", path, """{"forbidDeletion":false}""")).ShouldBe("deletion forbidden, now allowed");
        await WordsAsync("PATCH", "/api/v1/disks/" + disk, """{"name":"a"}""");
        (await WordsAsync("PATCH", "/api/v1/disks/" + disk, """{"name":"b"}""")).ShouldBe("name 'a', now 'b'");
    }

    [Fact]
    public async Task Of_a_quota_each_limit_that_is_another_now()
    {
        var path = $"{Native}/users/{(await Mooring.MintUserAsync("max")).Id}/quota";

        (await WordsAsync("PUT", path, """{"disks":1,"spendPerHour":5}"""))
            .ShouldBe("disks unlimited, now 1, spend unlimited, now 5 USD an hour");
        (await WordsAsync("PUT", path, """{"disks":1,"sizeGb":7,"instances":0}"""))
            .ShouldBe("GB unlimited, now 7, instances unlimited, now 0, spend 5 USD an hour, now unlimited");
    }

    [Fact]
    public async Task Of_a_key_what_it_may_do_for_whom_and_until_when()
    {
        var user = await Mooring.MintUserAsync("kim");
        var entry = await EntryAsync(
            "POST",
            $"{Native}/keys/",
            $$"""
            {"name":"ci","userId":"{{user.Id}}","permissions":["disks:write","availability:read"],
            "expiresAt":"2026-02-26T00:00:00Z"}
            """);
        var path = $"{Native}/keys/{entry["target"]!.GetValue<string>()}";

        entry["words"]!.GetValue<string>().ShouldBe(
            "permissions availability:read, disks:read, disks:write; until 2026-02-26T00:00:00Z; "
            + $"for user {user.Id}; name 'ci'");
        (await WordsAsync("PATCH", path, """{"isDisabled":true}""")).ShouldBe("disabled");
        (await WordsAsync("PATCH", path, """{"isDisabled":false}""")).ShouldBe("enabled");
        (await WordsAsync("DELETE", path)).ShouldBe("revoked; name 'ci'");
    }

    [Fact]
    public async Task A_key_that_a_login_was_given_is_found_by_its_prefix()
    {
        var code = await LoginClient.NewCodeAsync(Mooring);
        var reply = (await Mooring.SendAsync(
            "POST", $"{Native}/login-requests/{code}/approve", """{"permissions":["disks:read"]}""")).ShouldBe(200);

        var prefix = reply.Object["keyPrefix"]!.GetValue<string>();
        var entry = (await Mooring.SendAsync("GET", $"{Native}/audit?target={prefix}")).ShouldBe(200).Data
            .ShouldHaveSingleItem();
        entry["action"]!.GetValue<string>().ShouldBe("approveLoginRequest");
        entry["words"]!.GetValue<string>().ShouldStartWith(
            $"login request {reply.Object["id"]!.GetValue<string>()} from 127.0.0.1; permissions disks:read; ");
        entry.ToJsonString().ShouldNotContain(code);
    }

    [Fact]
    public async Task Of_an_SSH_key_its_fingerprint_and_of_a_wallet_how_it_pays_and_what_was_booked()
    {
        var user = await Mooring.MintUserAsync("wal");
        var shown = (await Mooring.SendAsync("GET", $"{Native}/users/{user.Id}")).ShouldBe(200);
        var path = $"{Native}/wallets/{shown.Object["walletId"]!.GetValue<string>()}";

        (await WordsAsync(
            "POST", "/api/v1/ssh_keys/", $$"""{"name":"laptop","publicKey":"{{ContractRoutes.SshKeyLine}}"}"""))
            .ShouldNotBeNull().ShouldMatch("^SHA256:[A-Za-z0-9+/]{43}, name 'laptop'$");
        (await WordsAsync("POST", path + "/credits", """{"amountUsd":2.5,"reference":"invoice 7"}"""))
            .ShouldBe("2.5 USD, reference 'invoice 7'");
        (await WordsAsync("PATCH", path, """{"mode":"prepaid"}""")).ShouldBe("mode showback, now prepaid");
        (await WordsAsync("PATCH", path, """{"mode":"showback"}""")).ShouldBe("mode prepaid, now showback");
    }

    [Fact]
    public async Task Words_are_cut_where_the_column_ends()
    {
        var (first, second) = (new string('a', 255), new string('b', 255));
        var disk = await Mooring.CreateDiskAsync();
        await WordsAsync("PATCH", "/api/v1/disks/" + disk, $$"""{"name":"{{first}}"}""");

        var words = await WordsAsync("PATCH", "/api/v1/disks/" + disk, $$"""{"name":"{{second}}"}""");

        words.ShouldNotBeNull().Length.ShouldBe(AuditEntry.WordsCharactersMost);
        words.ShouldStartWith($"name '{first}', now 'bbb");
    }

    private async Task<string?> WordsAsync(string method, string path, string? body = null) =>
        (await EntryAsync(method, path, body))["words"]?.GetValue<string>();

    private async Task<JsonObject> EntryAsync(string method, string path, string? body = null)
    {
        var reply = await Mooring.SendAsync(method, path, body);
        reply.Status.ShouldBeOneOf(200, 201);
        var id = reply.Headers.GetValues("X-Request-Id").Single();
        // A change is stored together with its entry.
        return (await Mooring.SendAsync("GET", $"{Native}/audit?limit=20")).ShouldBe(200).Data
            .Single(entry => entry["requestId"]!.GetValue<string>() == id);
    }
}
