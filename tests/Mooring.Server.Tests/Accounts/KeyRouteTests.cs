using Mooring.Server.Accounts;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>/api/mooring/v1/keys: making, listing and revoking API keys.</summary>
public sealed class KeyRouteTests : IAsyncLifetime
{
    private const string Path = "/api/mooring/v1/keys";
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync();

    public async ValueTask DisposeAsync() => await Mooring.DisposeAsync();

    [Fact]
    public async Task A_key_is_made_with_what_was_asked_for_and_its_text_is_shown_once()
    {
        var made = (await CreateAsync("""{"name":"ci","permissions":["disks:write","availability:read"]}""")).Object;

        var text = made["key"]!.GetValue<string>();
        var prefix = made["prefix"]!.GetValue<string>();
        text.ShouldStartWith($"mrg_{prefix}_");
        made["permissions"]!.AsArray().Select(one => one!.GetValue<string>())
            .ShouldBe(["availability:read", "disks:read", "disks:write"]);
        (await Mooring.PostAsync("/disks/", """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""", text))
            .ShouldBe(201);
        (await Mooring.GetAsync("/pods/", text)).ShouldRefuse(403, "Instances: read");
        (await Mooring.SendAsync("GET", Path, key: text)).ShouldRefuse(403, "Keys: read");
        var list = (await Mooring.SendAsync("GET", Path)).ShouldBe(200);
        list.Text.ShouldNotContain(text);
        var row = list.Data.Single(row => row["prefix"]!.GetValue<string>() == prefix);
        // Written beside the requests.
        (row["lastUsedAt"], row["lastUsedFrom"]) = (null, null);
        row.ToJsonString().ShouldBe(
            $$"""
            {"prefix":"{{prefix}}","name":"ci","userId":"{{made["userId"]}}","teamId":null,
            "permissions":["availability:read","disks:read","disks:write"],"createdAt":"2025-11-07T21:07:15.183000",
            "expiresAt":null,"revokedAt":null,"disabledAt":null,"lastUsedAt":null,"lastUsedFrom":null}
            """.Replace("\n", "", StringComparison.Ordinal));
        Mooring.Log.All.ShouldAllBe(line => !line.Contains(text));
    }

    [Fact]
    public async Task Without_a_choice_it_has_all_that_the_key_which_asks_has()
    {
        var narrow = await Mooring.MintKeyAsync(
            ApiKey.Permit((Section.Keys, Access.Read | Access.Write), (Section.Disks, Access.Read)));

        Permissions(await CreateAsync("""{"name":"all"}""")).ShouldBe(Sections.Permissions);
        Permissions(await CreateAsync("""{"name":"all of it","permissions":null}""", narrow))
            .ShouldBe(["disks:read", "keys:read", "keys:write"]);

        static IEnumerable<string> Permissions(Reply reply) =>
            reply.Object["permissions"]!.AsArray().Select(one => one!.GetValue<string>());
    }

    [Theory]
    [InlineData("disks:write", "Disks: read and write")]
    [InlineData("billing:read", "Billing: read")]
    [InlineData("ssh_keys:read", "SSH keys: read")]
    public async Task A_key_gives_no_more_than_it_has(string permission, string words)
    {
        var narrow = await Mooring.MintKeyAsync(
            ApiKey.Permit((Section.Keys, Access.Read | Access.Write), (Section.Disks, Access.Read)));
        var before = await Mooring.SnapshotAsync();

        (await Mooring.SendAsync("POST", Path, $$"""{"name":"more","permissions":["{{permission}}"]}""", narrow))
            .ShouldRefuse(403, words);

        (await Mooring.SnapshotAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_key_that_ends_makes_none_that_lives_longer()
    {
        var end = Mooring.Time.Now().AddDays(2);
        var ending = await Mooring.MintKeyAsync(ApiKey.AllPermissions, key => key with { ExpiresAt = end });

        (await CreateAsync("""{"name":"a"}""", ending)).Object["expiresAt"]!.GetValue<string>()
            .ShouldBe("2025-11-09T21:07:15.183000");
        (await CreateAsync("""{"name":"b","expiresAt":"2025-11-08T00:00:00+01:00"}""", ending))
            .Object["expiresAt"]!.GetValue<string>().ShouldBe("2025-11-07T23:00:00.000000");
        (await Mooring.SendAsync("POST", Path, """{"name":"c","expiresAt":"2025-11-10T00:00:00"}""", ending))
            .ShouldFault("expiresAt");
        (await CreateAsync("""{"name":"d"}""")).Object["expiresAt"].ShouldBeNull();
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"n","permissions":[]}""", "permissions")]
    [InlineData("""{"name":"n","permissions":["disks"]}""", "permissions.0")]
    [InlineData("""{"name":"n","permissions":["disks:read","Disks:write",null]}""", "permissions.1", "permissions.2")]
    [InlineData("""{"name":"n","permissions":"disks:read"}""", "permissions")]
    [InlineData("""{"name":"n","expiresAt":"2025-11-07T21:07:15.183000"}""", "expiresAt")]
    [InlineData("""{"name":"n","expiresAt":"tomorrow"}""", "expiresAt")]
    [InlineData("""{"name":"n","expiresAt":1762549635}""", "expiresAt")]
    public async Task What_breaks_a_rule_of_form_is_422(string body, params string[] where) =>
        (await Mooring.SendAsync("POST", Path, body)).ShouldFault(where);

    [Fact]
    public async Task A_revoked_key_is_refused_from_the_next_request_on_and_stays_in_the_list()
    {
        var made = (await CreateAsync("""{"name":"old"}""")).Object;
        var (key, prefix) = (made["key"]!.GetValue<string>(), made["prefix"]!.GetValue<string>());
        (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);

        var revoked = (await Mooring.SendAsync("DELETE", $"{Path}/{prefix}")).ShouldBe(200);

        (await Mooring.GetAsync("/disks/", key)).ShouldRefuse(401);
        Mooring.Time.Advance(TimeSpan.FromMinutes(1));
        (await Mooring.SendAsync("DELETE", $"{Path}/{prefix}")).ShouldBe(200).Text.ShouldBe(revoked.Text);
        revoked.Text.ShouldBe($$"""{"prefix":"{{prefix}}","revokedAt":"2025-11-07T21:07:15.183000"}""");
        (await Mooring.SendAsync("GET", Path)).Data[^1]["revokedAt"]!.GetValue<string>()
            .ShouldBe("2025-11-07T21:07:15.183000");
    }

    [Fact]
    public async Task A_key_may_revoke_itself_but_not_the_last_that_lets_anybody_in()
    {
        var first = ApiKey.PrefixOf(Mooring.AdminKey);
        // These are no way back in: one may make nothing, the other ends by itself.
        await CreateAsync("""{"name":"reads","permissions":["disks:read","admin:read"]}""");
        await CreateAsync("""{"name":"ends","expiresAt":"2026-01-01T00:00:00"}""");
        (await Mooring.SendAsync("DELETE", $"{Path}/{first}")).ShouldRefuse(409, first!);

        var second = (await CreateAsync("""{"name":"second","permissions":["admin:write","keys:write"]}"""))
            .Object["key"]!.GetValue<string>();
        (await Mooring.SendAsync("DELETE", $"{Path}/{first}")).ShouldBe(200);

        (await Mooring.SendAsync("GET", Path)).ShouldRefuse(401);
        (await Mooring.SendAsync("DELETE", $"{Path}/{ApiKey.PrefixOf(second)}", key: second)).ShouldRefuse(409);
        (await Mooring.SendAsync("GET", Path, key: second)).ShouldBe(200);
    }

    [Fact]
    public async Task Anothers_keys_are_not_to_be_seen_or_revoked()
    {
        var stranger = await Mooring.MintStrangerAsync();

        (await Mooring.SendAsync("GET", Path, key: stranger)).Data.Select(row => row["prefix"]!.GetValue<string>())
            .ShouldBe([ApiKey.PrefixOf(stranger)!]);
        (await Mooring.SendAsync("DELETE", $"{Path}/{ApiKey.PrefixOf(Mooring.AdminKey)}", key: stranger))
            .ShouldRefuse(404, "GET /api/mooring/v1/keys");
        (await Mooring.SendAsync("DELETE", $"{Path}/000000000000")).ShouldRefuse(404);
        (await Mooring.SendAsync("DELETE", $"{Path}/x")).ShouldRefuse(404);
        (await Mooring.GetAsync("/disks/")).ShouldBe(200);
    }

    [Fact]
    public async Task A_disabled_key_is_refused_until_it_is_enabled_again()
    {
        var made = (await CreateAsync("""{"name":"ci","permissions":["disks:read"]}""")).Object;
        var (key, path) = (made["key"]!.GetValue<string>(), $"{Path}/{made["prefix"]}");
        (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);

        var disabled = (await Mooring.SendAsync("PATCH", path, """{"isDisabled":true,"name":"old ci"}"""))
            .ShouldBe(200);

        disabled.Object["disabledAt"]!.GetValue<string>().ShouldBe("2025-11-07T21:07:15.183000");
        (await Mooring.GetAsync("/disks/", key)).ShouldRefuse(401);
        (await Mooring.SendAsync("PATCH", path, """{"isDisabled":false}""")).Object["name"]!.GetValue<string>()
            .ShouldBe("old ci");
        (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);
        (await Mooring.SendAsync("PATCH", $"{Path}/{ApiKey.PrefixOf(Mooring.AdminKey)}", """{"isDisabled":true}"""))
            .ShouldRefuse(409);
    }

    [Fact]
    public async Task It_is_told_when_and_from_where_a_key_was_last_used_to_the_minute()
    {
        var key = (await CreateAsync("""{"name":"ci"}""")).Object["key"]!.GetValue<string>();
        await UseAsync();
        await SeenAsync("2025-11-07T21:07:15.183000");
        Mooring.Time.Advance(TimeSpan.FromSeconds(59));
        await UseAsync();
        Mooring.Time.Advance(TimeSpan.FromSeconds(1));
        await UseAsync();
        await SeenAsync("2025-11-07T21:08:15.183000");

        (await RowAsync())["lastUsedFrom"]!.GetValue<string>().ShouldBe("127.0.0.1");

        async Task UseAsync() => (await Mooring.GetAsync("/disks/", key)).ShouldBe(200);

        async Task<System.Text.Json.Nodes.JsonObject> RowAsync() =>
            (await Mooring.SendAsync("GET", Path)).Data.Single(row => row["name"]!.GetValue<string>() == "ci");

        Task SeenAsync(string at) => Persistence.Eventually.HoldsAsync(
            async () => (await RowAsync())["lastUsedAt"]?.GetValue<string>() == at, $"the key was last used at {at}");
    }

    [Fact]
    public async Task A_teams_key_is_for_that_team_and_makes_keys_of_that_team_alone()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var team = await Mooring.MakeTeamAsync(ada);
        var key = (await CreateAsync($$"""{"name":"ci","teamId":"{{team}}"}""", ada.Key)).Object["key"]!
            .GetValue<string>();
        var disk = await Mooring.CreateDiskAsync(key: key);
        (await Mooring.GetAsync("/disks/" + disk, ada.Key)).Object["teamId"]!.GetValue<string>().ShouldBe(team);

        (await CreateAsync("""{"name":"second"}""", key)).Object["teamId"]!.GetValue<string>().ShouldBe(team);
        (await Mooring.SendAsync("GET", Path, key: key)).Data
            .ShouldAllBe(row => row["teamId"]!.GetValue<string>() == team);
        (await Mooring.SendAsync("DELETE", $"{Path}/{ApiKey.PrefixOf(ada.Key)}", key: key)).ShouldRefuse(404);
        var other = await Mooring.MakeTeamAsync(ada);
        (await Mooring.SendAsync("POST", Path, $$"""{"name":"n","teamId":"{{other}}"}""", key))
            .ShouldRefuse(403, other);
        (await Mooring.SendAsync(
            "POST", Path, $$"""{"name":"n","teamId":"{{team}}","permissions":["admin:read"]}"""))
            .ShouldRefuse(403, team);
        (await Mooring.SendAsync("POST", Path, $$"""{"name":"n","userId":"{{ada.Id}}","permissions":["admin:read"]}"""))
            .ShouldFault("permissions");
        (await Mooring.SendAsync("POST", Path, $$"""{"name":"n","userId":"{{ada.Id}}"}""", ada.Key)).ShouldBe(201);
        var admin = (await Mooring.GetAsync("/user/whoami")).Object["data"]!["id"];
        (await Mooring.SendAsync("POST", Path, $$"""{"name":"n","userId":"{{admin}}"}""", ada.Key))
            .ShouldRefuse(403, "Admin: read and write");
        (await Mooring.SendAsync("GET", $"{Path}?user_id={ada.Id}")).ShouldBe(200);
        (await Mooring.SendAsync("GET", $"{Path}?user_id={admin}", key: ada.Key)).ShouldRefuse(403);
    }

    [Fact]
    public async Task There_are_500_keys_at_the_most_and_revoking_one_makes_room()
    {
        for (var number = 0; number < KeyChanges.KeysAtMost - 1; number++)
        {
            await Mooring.MintKeyAsync(0);
        }

        (await Mooring.SendAsync("POST", Path, """{"name":"n"}""")).ShouldRefuse(409, "500");
        var one = (await Mooring.SendAsync("GET", Path)).Data.First(row => row["name"]!.GetValue<string>() == "test");
        (await Mooring.SendAsync("DELETE", $"{Path}/{one["prefix"]}")).ShouldBe(200);
        await CreateAsync("""{"name":"n"}""");
    }

    private async Task<Reply> CreateAsync(string body, string? key = null) =>
        (await Mooring.SendAsync("POST", Path, body, key)).ShouldBe(201);
}
