using Mooring.Server.Accounts;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>Users and teams, and who may change them.</summary>
public sealed class TeamTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private const string Users = "/api/mooring/v1/users/";
    private const string Teams = "/api/mooring/v1/teams/";

    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public async Task A_user_is_made_and_gets_in_with_the_first_key_that_an_operator_makes()
    {
        var email = NewEmail();
        var user = (await Mooring.SendAsync("POST", Users, $$"""{"name":"Grace","email":"{{email}}"}"""))
            .ShouldBe(201).Object;
        var id = user["id"]!.GetValue<string>();

        var key = (await Mooring.SendAsync(
            "POST", "/api/mooring/v1/keys", $$"""{"name":"first","userId":"{{id}}"}""")).ShouldBe(201).Object;

        key["permissions"]!.AsArray().Select(one => one!.GetValue<string>())
            .ShouldNotContain(one => one.StartsWith("admin", StringComparison.Ordinal));
        var text = key["key"]!.GetValue<string>();
        (await Mooring.GetAsync("/user/whoami", text)).Object["data"]!["email"]!.GetValue<string>().ShouldBe(email);
        var disk = await Mooring.CreateDiskAsync(key: text);
        (await Mooring.GetAsync("/disks/" + disk, text)).Object["walletId"]!.GetValue<string>()
            .ShouldBe(user["walletId"]!.GetValue<string>());
        (await Mooring.SendAsync("POST", Users, $$"""{"name":"x","email":"{{email}}"}""")).ShouldRefuse(409, email);
    }

    [Fact]
    public async Task A_team_pays_for_what_is_made_for_it_and_its_members_see_its_wallet()
    {
        var (ada, grace) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"));
        var team = await Mooring.MakeTeamAsync(ada, grace);
        var disk = await Mooring.CreateDiskAsync(key: ada.Key, team: team);

        var wallet = (await Mooring.GetAsync("/billing/wallet?teamId=" + team, grace.Key)).ShouldBe(200).Object;

        wallet["team_id"]!.GetValue<string>().ShouldBe(team);
        var shown = (await Mooring.GetAsync("/disks/" + disk, grace.Key)).Object;
        shown["walletId"]!.GetValue<string>().ShouldBe(wallet["wallet_id"]!.GetValue<string>());
        shown["teamId"]!.GetValue<string>().ShouldBe(team);
        shown["userId"]!.GetValue<string>().ShouldBe(ada.Id);
        var stranger = await Mooring.MintStrangerAsync();
        (await Mooring.GetAsync("/billing/wallet?teamId=" + team, stranger)).ShouldRefuse(404, team);
        (await Mooring.PostAsync("/disks/", Body(team), stranger)).ShouldRefuse(403, team);
        (await Mooring.GetAsync($"/teams/{team}/members", stranger)).ShouldRefuse(404, team);
        (await Mooring.GetAsync("/user/teams", grace.Key)).Data.Single()["role"]!.GetValue<string>()
            .ShouldBe("MEMBER");
        (await Mooring.GetAsync($"/teams/{team}/members", grace.Key)).Data
            .Select(row => row["userName"]!.GetValue<string>()).ShouldBe(["ada", "grace"], ignoreOrder: true);
    }

    [Fact]
    public async Task Only_a_teams_admins_and_operators_change_it_and_one_admin_always_stays()
    {
        var (ada, grace) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"));
        var newcomer = await Mooring.MintUserAsync("newcomer");
        var team = await Mooring.MakeTeamAsync(ada, grace);
        var (path, member) = (Teams + team, $"{Teams}{team}/members/");

        (await Mooring.SendAsync("PATCH", path, """{"name":"x"}""", grace.Key)).ShouldRefuse(403, "admin");
        (await Mooring.SendAsync("DELETE", path, key: grace.Key)).ShouldRefuse(403);
        (await Mooring.SendAsync("PUT", member + newcomer.Id, "{}", grace.Key)).ShouldRefuse(403);
        (await Mooring.SendAsync("DELETE", member + ada.Id, key: grace.Key)).ShouldRefuse(403);
        (await Mooring.SendAsync("PATCH", path, """{"name":"x"}""", newcomer.Key)).ShouldRefuse(404, team);
        (await Mooring.SendAsync("DELETE", member + ada.Id, key: ada.Key)).ShouldRefuse(409, "no admin left");
        (await Mooring.SendAsync("PUT", member + ada.Id, """{"role":"MEMBER"}""", ada.Key)).ShouldRefuse(409);

        (await Mooring.SendAsync("PUT", member + grace.Id, """{"role":"ADMIN"}""", ada.Key)).ShouldBe(200);
        (await Mooring.SendAsync("DELETE", member + ada.Id, key: ada.Key)).ShouldBe(200);
        (await Mooring.SendAsync("PATCH", path, """{"name":"speech"}""", grace.Key)).ShouldBe(200)
            .Object["name"]!.GetValue<string>().ShouldBe("speech");
        (await Mooring.SendAsync("PUT", member + newcomer.Id, "{}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_teams_admin_lets_a_user_in_by_exact_mail_address_and_finds_nobody_by_another()
    {
        var (ada, grace) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"));
        var members = $"{Teams}{await Mooring.MakeTeamAsync(ada)}/members/";
        var address = $"{grace.Id}@localhost";

        (await Mooring.SendAsync("GET", Users, key: ada.Key)).ShouldRefuse(403, "Admin: read");
        foreach (var other in new[]
        {
            address.ToUpperInvariant(), address[..^1], address[1..], address + "x", "%25@localhost", "_@localhost",
            "@localhost", $"%20{address}",
        })
        {
            (await Mooring.SendAsync("PUT", members + other, "{}", ada.Key)).ShouldRefuse(404, "exact mail address");
        }

        var member = (await Mooring.SendAsync("PUT", members + Uri.EscapeDataString(address), "{}", ada.Key))
            .ShouldBe(200).Object;

        member["userId"]!.GetValue<string>().ShouldBe(grace.Id);
        member["role"]!.GetValue<string>().ShouldBe("MEMBER");
        (await Mooring.SendAsync("PUT", members + address, """{"role":"ADMIN"}""", ada.Key)).ShouldBe(200)
            .Object["role"]!.GetValue<string>().ShouldBe("ADMIN");
        (await Mooring.GetAsync("/user/teams", grace.Key)).Data.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_is_no_admin_of_the_team_does_not_learn_whether_an_address_is_a_users()
    {
        var (ada, grace) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"));
        var (outsider, there) = (await Mooring.MintUserAsync("o"), await Mooring.MintUserAsync("there"));
        var team = await Mooring.MakeTeamAsync(ada, grace);

        foreach (var (key, status) in new[] { (grace.Key, 403), (outsider.Key, 404) })
        {
            var found = await Mooring.SendAsync("PUT", Path(there.Id), "{}", key);
            var absent = await Mooring.SendAsync("PUT", Path("nobody"), "{}", key);

            found.ShouldRefuse(status, team);
            (absent.Status, absent.Text).ShouldBe((found.Status, found.Text));
        }

        (await Mooring.GetAsync($"/teams/{team}/members", ada.Key)).Data.Count.ShouldBe(2);

        string Path(string name) => $"{Teams}{team}/members/{name}@localhost";
    }

    [Fact]
    public async Task A_team_with_something_left_is_not_deleted_and_its_keys_end_with_it()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var team = await Mooring.MakeTeamAsync(ada);
        var key = (await Mooring.SendAsync(
            "POST", "/api/mooring/v1/keys", $$"""{"name":"ci","teamId":"{{team}}"}""", ada.Key)).ShouldBe(201)
            .Object["key"]!.GetValue<string>();
        var disk = await Mooring.CreateDiskAsync(key: key);
        (await Mooring.SendAsync("DELETE", Teams + team, key: ada.Key)).ShouldRefuse(409, "1 disks");

        (await Mooring.DeleteAsync("/disks/" + disk, key)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk, "TERMINATED", ada.Key);
        (await Mooring.SendAsync("DELETE", Teams + team, key: ada.Key)).ShouldBe(200);

        (await Mooring.GetAsync("/disks/", key)).ShouldRefuse(401);
        (await Mooring.GetAsync("/user/teams", ada.Key)).Data.ShouldBeEmpty();
        (await Mooring.SendAsync("DELETE", Teams + team)).ShouldRefuse(404);
    }

    [Fact]
    public async Task The_last_operator_stays_one()
    {
        await using var mooring = await TestMooring.StartAsync();
        var first = (await mooring.GetAsync("/user/whoami")).Object["data"]!["id"]!.GetValue<string>();

        (await mooring.SendAsync("PATCH", Users + first, """{"role":"USER"}""")).ShouldRefuse(409, "last operator");
        (await mooring.SendAsync("PATCH", Users + first, """{"isDisabled":true}""")).ShouldRefuse(409);
        var second = await mooring.MintUserAsync("second", UserRoles.Admin);
        (await mooring.SendAsync("PATCH", Users + first, """{"isDisabled":true}""")).ShouldBe(200);

        (await mooring.GetAsync("/disks/")).ShouldRefuse(401);
        (await mooring.SendAsync("PATCH", Users + first, """{"isDisabled":false,"role":"USER"}""", second.Key))
            .ShouldBe(200);
        // The key is what it was; its user is an operator no more.
        (await mooring.GetAsync("/disks/")).ShouldBe(200);
        (await mooring.SendAsync("GET", Users)).ShouldRefuse(403, "Admin: read");
        (await mooring.GetAsync("/user/whoami")).Object["data"]!["scope"]!["admin"]!["read"]!.GetValue<bool>()
            .ShouldBeFalse();
    }

    [Fact]
    public async Task An_instance_is_shared_with_the_members_that_are_named_or_with_all()
    {
        var (ada, grace, joan) = (
            await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"), await Mooring.MintUserAsync("j"));
        var team = await Mooring.MakeTeamAsync(ada, grace, joan);
        foreach (var user in new[] { ada, grace, joan })
        {
            (await Mooring.PostAsync(
                "/ssh_keys/", SshKeyRouteTests.Body(user.Id, ContractRoutes.SshKeyLine[..^9] + user.Id), user.Key))
                .ShouldBe(200);
        }

        var withAll = await KeysOfAsync($$"""{"teamId":"{{team}}"},"sharedWithTeam":true""");
        var withOne = await KeysOfAsync($$"""{"teamId":"{{team}}"},"team_member_ids":["{{joan.Id}}"]""");
        var withNone = await KeysOfAsync($$"""{"teamId":"{{team}}"}""");

        withAll.ShouldBe([ada.Id, grace.Id, joan.Id], ignoreOrder: true);
        withOne.ShouldBe([ada.Id, joan.Id], ignoreOrder: true);
        withNone.ShouldBe([ada.Id]);
        var stranger = await Mooring.MintUserAsync("stranger");
        (await Mooring.PostAsync(
            "/pods/", PodFor($$"""{"teamId":"{{team}}"},"teamMemberIds":["{{stranger.Id}}"]"""), ada.Key))
            .ShouldRefuse(404, stranger.Id);

        async Task<IReadOnlyList<string>> KeysOfAsync(string forWhom)
        {
            await Mooring.EndPodsAsync();
            var id = (await Mooring.PostAsync("/pods/", PodFor(forWhom), ada.Key)).ShouldBe(200).Id;
            await Mooring.ShowsAsync("/pods/" + id, "ACTIVE", ada.Key);
            var keys = await Mooring.ReadAsync(async db =>
                (await db.Pods.FindAsync(new PodId(id)))!.AuthorizedKeys);
            (await Mooring.DeleteAsync("/pods/" + id, ada.Key)).ShouldBe(200);
            await Mooring.ShowsAsync("/pods/" + id, "TERMINATED", ada.Key);
            return [.. keys.Select(line => line[(line.LastIndexOf(' ') + 1)..])];
        }

        static string PodFor(string forWhom) => TestMooring.PodBody().TrimEnd()[..^1] + $",\"team\":{forWhom}}}";
    }

    private static string NewEmail() => Path.GetRandomFileName() + "@localhost";

    private static string Body(string team) =>
        $$$"""{"disk":{"size":1},"provider":{"type":"hyperstack"},"team":{"teamId":"{{{team}}}"}}""";
}
