using Mooring.Server.Accounts;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>
/// Every route to a disk or an instance, as the server's own endpoints name them, with each kind of person: its
/// creator, a member of its team, an admin of it, a stranger, a member of another team, a manager and an operator.
/// </summary>
public sealed class VisibilityTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private const string Absent = "0198c0ffee0070008000000000000000";

    // What ends something, or keeps it from being used, is its creator's, a team admin's and the operator's (contract
    // 16.9); the rest that changes something is every member's.
    private static readonly Dictionary<string, bool> Ends = new()
    {
        ["PATCH /api/v1/disks/{id}"] = false,
        ["DELETE /api/v1/disks/{id}"] = true,
        ["DELETE /api/v1/pods/{id}"] = true,
        ["PATCH /api/mooring/v1/disks/{id}"] = false,
        ["POST /api/mooring/v1/disks/{id}/retry"] = false,
        ["POST /api/mooring/v1/disks/{id}/suspend"] = true,
        ["POST /api/mooring/v1/disks/{id}/resume"] = true,
        ["POST /api/mooring/v1/disks/{id}/force-detach"] = true,
        ["POST /api/mooring/v1/pods/{id}/retry"] = false,
    };

    public static TheoryData<string> Routes => [.. ToResources().Select(route => route.ToString())];

    public static TheoryData<string> Changes =>
        [.. ToResources().Where(route => route.Method != "GET").Select(route => route.ToString())];

    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public void Of_every_route_that_changes_something_it_is_known_whose_it_is() =>
        Changes.Select(row => row.Data).ShouldBe(Ends.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task What_is_anothers_answers_as_what_is_not_there(string name)
    {
        var route = Of(name);
        var owner = await Mooring.MintUserAsync("owner");
        var outsider = await Mooring.MintUserAsync("outsider");
        await Mooring.MakeTeamAsync(outsider);
        var stranger = await Mooring.MintStrangerAsync();
        var id = await MakeAsync(route, owner.Key);
        await Mooring.SettleAsync();
        var before = await Mooring.SnapshotAsync();

        foreach (var key in new[] { outsider.Key, stranger })
        {
            var foreign = await SendAsync(route, id, key);
            var absent = await SendAsync(route, Absent, key);

            foreign.ShouldRefuse(404, id);
            foreign.Text.Replace(id, Absent, StringComparison.Ordinal).ShouldBe(absent.Text);
            absent.Status.ShouldBe(404);
        }

        (await Mooring.SnapshotAsync()).ShouldBe(before);
        await EndAsync(route, id);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task What_is_a_teams_is_seen_by_its_members_and_ended_by_its_creator_its_admins_and_operators(
        string name)
    {
        var route = Of(name);
        var (creator, member, admin) = (
            await Mooring.MintUserAsync("creator"),
            await Mooring.MintUserAsync("member"),
            await Mooring.MintUserAsync("admin"));
        var team = await Mooring.MakeTeamAsync(admin, creator, member);
        var teamKey = await TeamKeyAsync(creator, team);
        var id = await MakeAsync(route, creator.Key, team);

        // Whoever may not end it first: it is still there for the others then.
        var ends = Ends.GetValueOrDefault(name);
        var byMember = await SendAsync(route, id, member.Key);
        var byManager = await SendAsync(route, id, (await Mooring.MintUserAsync("m", UserRoles.Manager)).Key);
        if (ends)
        {
            byMember.ShouldRefuse(403, "an admin of the team");
        }
        else
        {
            byMember.Status.ShouldNotBeOneOf([401, 403, 404], byMember.Text);
        }

        // Looks at everything, and changes nothing.
        byManager.Status.ShouldBe(route.Method == "GET" ? 200 : 403, byManager.Text);
        foreach (var key in new[] { creator.Key, teamKey, admin.Key, Mooring.AdminKey })
        {
            var reply = await SendAsync(route, id, key);
            reply.Status.ShouldNotBeOneOf([401, 403, 404], reply.Text);
        }

        await EndAsync(route, id);
    }

    [Fact]
    public async Task Any_member_may_forbid_a_deletion_and_who_may_delete_lifts_that()
    {
        var (ada, grace) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"));
        var team = await Mooring.MakeTeamAsync(ada, grace);
        var disk = "/api/mooring/v1/disks/" + await Mooring.CreateDiskAsync(key: ada.Key, team: team);

        (await Mooring.SendAsync("PATCH", disk, """{"forbidDeletion":true}""", grace.Key)).ShouldBe(200);
        (await Mooring.SendAsync("PATCH", disk, """{"forbidDeletion":false}""", grace.Key)).ShouldRefuse(403);
        (await Mooring.SendAsync("GET", disk + "/deletion", key: grace.Key)).Object["refusal"]!.GetValue<string>()
            .ShouldContain("not yours");
        (await Mooring.SendAsync("PATCH", disk, """{"forbidDeletion":false}""", ada.Key)).ShouldBe(200);
    }

    [Fact]
    public async Task A_list_has_what_is_ones_own_and_ones_teams_and_nothing_else()
    {
        var (ada, grace) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"));
        var both = await Mooring.MakeTeamAsync(ada, grace);
        var others = await Mooring.MakeTeamAsync(ada);
        List<string> disks = [];
        foreach (var (key, team) in new[]
        {
            (ada.Key, null), (grace.Key, null), (ada.Key, both), (grace.Key, both), (ada.Key, others),
        })
        {
            disks.Add(await Mooring.CreateDiskAsync(key: key, team: team));
            Mooring.Time.Advance(TimeSpan.FromSeconds(1));
        }

        (await IdsAsync("/disks/", ada.Key)).ShouldBe([disks[4], disks[3], disks[2], disks[0]]);
        (await IdsAsync("/disks/", grace.Key)).ShouldBe([disks[3], disks[2], disks[1]]);
        (await IdsAsync("/disks/", await TeamKeyAsync(grace, both))).ShouldBe([disks[3], disks[2]]);
        (await Mooring.GetAsync("/disks/?limit=1", ada.Key)).Object["totalCount"]!.GetValue<int>().ShouldBe(4);

        // A page of several accounts, from either end.
        for (var offset = 0; offset < 5; offset++)
        {
            (await IdsAsync($"/disks/?offset={offset}&limit=2", ada.Key))
                .ShouldBe(new[] { disks[4], disks[3], disks[2], disks[0] }.Skip(offset).Take(2));
        }
    }

    [Fact]
    public async Task Whoever_leaves_a_team_sees_its_things_no_more_from_the_next_request_on()
    {
        var (ada, grace) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("grace"));
        var team = await Mooring.MakeTeamAsync(ada, grace);
        var disk = await Mooring.CreateDiskAsync(key: grace.Key, team: team);
        var teamKey = await TeamKeyAsync(grace, team);
        (await Mooring.GetAsync("/disks/" + disk, teamKey)).ShouldBe(200);

        (await Mooring.SendAsync("DELETE", $"/api/mooring/v1/teams/{team}/members/{grace.Id}", key: grace.Key))
            .ShouldBe(200);

        (await Mooring.GetAsync("/disks/" + disk, grace.Key)).ShouldRefuse(404);
        (await Mooring.GetAsync("/disks/" + disk, teamKey)).ShouldRefuse(401);
        (await Mooring.GetAsync("/disks/" + disk, ada.Key)).ShouldBe(200).Object["teamId"]!.GetValue<string>()
            .ShouldBe(team);
    }

    private static IEnumerable<ServedRoute> ToResources() => ServedRoutes.All.Where(route =>
        route.Pattern.Contains("/disks/{id}", StringComparison.Ordinal)
        || route.Pattern.Contains("/pods/{id}", StringComparison.Ordinal));

    private static ServedRoute Of(string name) => ServedRoutes.All.Single(route => route.ToString() == name);

    private static bool IsOfPod(ServedRoute route) => route.Pattern.Contains("/pods/", StringComparison.Ordinal);

    private Task<Reply> SendAsync(ServedRoute route, string id, string key) =>
        route.Pattern.EndsWith("/stream", StringComparison.Ordinal)
            ? Mooring.FirstEventAsync(route.PathWith(id) + "?after=0", key)
            : Mooring.SendAsync(
                route.Method, route.PathWith(id), route.Body is { } body ? HostileValueTests.Good[body] : null, key);

    private async Task<string> MakeAsync(ServedRoute route, string key, string? team = null)
    {
        if (!IsOfPod(route))
        {
            return await Mooring.CreateDiskAsync(key: key, team: team);
        }

        await Mooring.EndPodsAsync();
        return await Mooring.CreatePodForAsync(key, team);
    }

    // A host of ours has room for few.
    private async Task EndAsync(ServedRoute route, string id)
    {
        if (IsOfPod(route))
        {
            (await Mooring.DeleteAsync("/pods/" + id)).ShouldBe(200);
            await Mooring.ShowsAsync("/pods/" + id, "TERMINATED");
        }
    }

    private async Task<string> TeamKeyAsync(TestUser user, string team) => (await Mooring.SendAsync(
        "POST", "/api/mooring/v1/keys", $$"""{"name":"team","teamId":"{{team}}"}""", user.Key)).ShouldBe(201)
        .Object["key"]!.GetValue<string>();

    private async Task<IReadOnlyList<string>> IdsAsync(string path, string key) =>
        [.. (await Mooring.GetAsync(path, key)).Data.Select(row => row["id"]!.GetValue<string>())];
}
