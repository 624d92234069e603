using System.Net;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>
/// How far a key reaches that somebody has stolen, or whose user has left: ways around what it may do.
/// </summary>
public sealed class ReachTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private const string Keys = "/api/mooring/v1/keys";

    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public async Task A_teams_key_changes_nothing_of_its_user()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var key = await TeamKeyAsync(ada, await Mooring.MakeTeamAsync(ada));

        (await Mooring.PostAsync("/ssh_keys/", SshKeyRouteTests.Body("thief", ContractRoutes.SshKeyLine), key))
            .ShouldRefuse(403, "SSH keys");
        (await Mooring.GetAsync("/ssh_keys/", key)).ShouldRefuse(403, "SSH keys");
        (await Mooring.PatchAsync("/user/slug", """{"slug":"thief"}""", key)).ShouldRefuse(403, "Keys");
    }

    [Fact]
    public async Task An_instance_holds_disks_of_its_own_account_alone()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var (one, other) = (await Mooring.MakeTeamAsync(ada), await Mooring.MakeTeamAsync(ada));
        var (own, ones) = (
            await Mooring.CreateDiskAsync(key: ada.Key), await Mooring.CreateDiskAsync(key: ada.Key, team: one));
        var before = await Mooring.SnapshotAsync();

        (await CreatePodAsync(ones, null)).ShouldRefuse(409, ones, $"\"teamId\":\"{one}\"");
        (await CreatePodAsync(own, one)).ShouldRefuse(409, own, "Leave 'team' out");
        (await CreatePodAsync(ones, other)).ShouldRefuse(409, one, other);

        (await Mooring.SnapshotAsync()).ShouldBe(before);
        var pod = (await CreatePodAsync(ones, one)).ShouldBe(200).Id;
        await Mooring.ShowsAsync("/pods/" + pod, "ACTIVE", ada.Key);
        (await Mooring.DeleteAsync("/pods/" + pod, ada.Key)).ShouldBe(200);
        await Mooring.ShowsAsync("/pods/" + pod, "TERMINATED", ada.Key);

        Task<Reply> CreatePodAsync(string disk, string? team) => Mooring.PostAsync(
            "/pods/",
            TestMooring.PodBody(disk).TrimEnd()[..^1]
                + (team is null ? "}" : $$$""","team":{"teamId":"{{{team}}}"}}"""),
            ada.Key);
    }

    [Fact]
    public async Task A_narrow_key_enables_no_broader_one_and_none_that_outlives_it()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var narrow = await MintAsync(ada, """{"name":"n","permissions":["keys:write"]}""");
        var ending = await MintAsync(ada, """{"name":"e","expiresAt":"2999-01-01T00:00:00"}""");
        var path = $"{Keys}/{ApiKey.PrefixOf(ada.Key)}";
        (await Mooring.SendAsync("PATCH", path, """{"isDisabled":true}""", narrow)).ShouldBe(200);

        (await Mooring.SendAsync("PATCH", path, """{"isDisabled":false}""", narrow)).ShouldRefuse(403, "Availability");
        (await Mooring.SendAsync("PATCH", path, """{"isDisabled":false}""", ending)).ShouldRefuse(403, "ends later");
        (await Mooring.SendAsync("PATCH", path, """{"name":"still off"}""", narrow)).ShouldBe(200);
        (await Mooring.GetAsync("/disks/", ada.Key)).ShouldRefuse(401);
        (await Mooring.SendAsync("PATCH", path, """{"isDisabled":false}""")).ShouldBe(200);
        (await Mooring.GetAsync("/disks/", ada.Key)).ShouldBe(200);
    }

    [Fact]
    public async Task A_repeat_by_a_key_that_means_another_account_is_another_request()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var team = await TeamKeyAsync(ada, await Mooring.MakeTeamAsync(ada));

        (await SendAsync(ada.Key)).ShouldBe(201);
        (await SendAsync(team)).ShouldBe(422).Text.ShouldContain("Idempotency-Key");
        (await SendAsync(ada.Key)).Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);

        Task<Reply> SendAsync(string key) => Mooring.SendAsync(
            "POST",
            "/api/v1/disks/",
            """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""",
            key,
            request => request.Headers.Add("Idempotency-Key", "data-disk-1"));
    }

    [Fact]
    public async Task Whoever_is_disabled_is_let_into_no_new_instance_of_a_team()
    {
        var (ada, leaver) = (await Mooring.MintUserAsync("ada"), await Mooring.MintUserAsync("leaver"));
        var team = await Mooring.MakeTeamAsync(ada, leaver);
        (await Mooring.PostAsync(
            "/ssh_keys/", SshKeyRouteTests.Body("k", ContractRoutes.SshKeyLine), leaver.Key)).ShouldBe(200);
        (await Mooring.SendAsync("PATCH", "/api/mooring/v1/users/" + leaver.Id, """{"isDisabled":true}"""))
            .ShouldBe(200);

        var pod = (await Mooring.PostAsync(
            "/pods/",
            TestMooring.PodBody().TrimEnd()[..^1] + $$""","team":{"teamId":"{{team}}"},"sharedWithTeam":true}""",
            ada.Key)).ShouldBe(200).Id;

        (await Mooring.ReadAsync(async db => (await db.Pods.FindAsync(new PodId(pod)))!.AuthorizedKeys))
            .ShouldBeEmpty();
        (await Mooring.DeleteAsync("/pods/" + pod, ada.Key)).ShouldBe(200);
        await Mooring.ShowsAsync("/pods/" + pod, "TERMINATED", ada.Key);
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_its_requests_body_dribbles_in_does_nothing_more()
    {
        await using var mooring = await TestMooring.StartAsync();
        var thief = await mooring.MintKeyAsync(ApiKey.AllPermissions);
        using var body = new SlowContent("""{"name":"another"}""");
        var sending = mooring.SendAsync("POST", Keys, key: thief, change: request => request.Content = body);
        await body.HasBegun;

        (await mooring.SendAsync("DELETE", $"{Keys}/{ApiKey.PrefixOf(thief)}")).ShouldBe(200);
        mooring.Time.Advance(TimeSpan.FromSeconds(2));
        body.Finish();

        var reply = await sending;
        reply.ShouldRefuse(401, "Authorization: Bearer");
        reply.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await mooring.SendAsync("GET", Keys)).Data
            .ShouldNotContain(key => key["name"]!.GetValue<string>() == "another");
    }

    private async Task<string> MintAsync(TestUser user, string body) =>
        (await Mooring.SendAsync("POST", Keys, body, user.Key)).ShouldBe(201).Object["key"]!.GetValue<string>();

    private Task<string> TeamKeyAsync(TestUser user, string team) =>
        MintAsync(user, $$"""{"name":"team","teamId":"{{team}}"}""");

    /// <summary>JSON whose last character comes when it is told to.</summary>
    private sealed class SlowContent : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowContent(string json)
        {
            _bytes = System.Text.Encoding.UTF8.GetBytes(json);
            Headers.ContentType = new("application/json");
        }

        /// <summary>The headers and all but the end have been sent.</summary>
        public Task HasBegun => _begun.Task;

        public void Finish() => _finish.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes.AsMemory(0, _bytes.Length - 1));
            await stream.FlushAsync();
            _begun.SetResult();
            await _finish.Task;
            await stream.WriteAsync(_bytes.AsMemory(_bytes.Length - 1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
