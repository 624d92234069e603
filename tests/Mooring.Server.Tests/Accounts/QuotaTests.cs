using System.Text.Json.Nodes;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Accounts;

/// <summary>What users and teams may have at the most, on both databases.</summary>
public abstract class QuotaTests(Backend backend) : IAsyncLifetime
{
    private const int Requests = 32;
    private TestMooring? _mooring;

    private TestMooring Mooring => _mooring!;

    public async ValueTask InitializeAsync() => _mooring = await TestMooring.StartAsync(backend: backend);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"disks":5}""", "disks", "5", 5)]
    [InlineData("""{"sizeGb":14}""", "sizeGb", "14 GB", 7)]
    // A disk of 2 GB costs 0.0003 USD an hour.
    [InlineData("""{"spendPerHour":0.0010}""", "spendPerHour", "0.001 USD per hour", 3)]
    public async Task Of_32_disks_at_once_no_more_are_made_than_the_quota_allows(
        string quota, string name, string limit, int fit)
    {
        var user = await Mooring.MintUserAsync();
        await SetAsync($"users/{user.Id}", quota);

        var replies = await AtOnceAsync(() => CreateDiskAsync(2, user.Key));

        replies.Count(reply => reply.Status == 201).ShouldBe(fit);
        replies.Where(reply => reply.Status != 201)
            .ShouldAllBe(reply => reply.ShouldRefuse(403, $"'{name}'", limit) != "");
        (await UseAsync(user.Key))["disks"]!.GetValue<int>().ShouldBe(fit);
        (await UseAsync(user.Key))["sizeGb"]!.GetValue<int>().ShouldBe(fit * 2);
        (await UseAsync(user.Key))["spendPerHour"]!.GetValue<decimal>().ShouldBe(fit * 0.0003m);
    }

    [Fact]
    public async Task Of_instances_at_once_no_more_are_made_than_the_quota_allows()
    {
        var user = await Mooring.MintUserAsync();
        await SetAsync($"users/{user.Id}", """{"instances":2}""");

        var replies = await AtOnceAsync(() => Mooring.PostAsync("/pods/", TestMooring.PodBody(), user.Key));

        replies.Count(reply => reply.Status == 200).ShouldBe(2);
        // The host is full after four, whichever of the two a request meets first.
        replies.Where(reply => reply.Status != 200)
            .ShouldAllBe(reply => reply.Status == 403 || reply.Status == 409);
        (await UseAsync(user.Key))["instances"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task What_is_gone_makes_room_and_what_is_refused_takes_none()
    {
        var user = await Mooring.MintUserAsync();
        await SetAsync($"users/{user.Id}", """{"disks":1,"sizeGb":10}""");
        var disk = await Mooring.CreateDiskAsync(size: 4, key: user.Key);
        (await CreateDiskAsync(7, user.Key)).ShouldRefuse(403, "1 are in use");

        (await Mooring.DeleteAsync("/disks/" + disk, user.Key)).ShouldBe(200);
        await Mooring.ShowsAsync("/disks/" + disk, "TERMINATED", user.Key);

        (await CreateDiskAsync(11, user.Key)).ShouldRefuse(403, "'sizeGb'", "10 GB", "11 more");
        (await CreateDiskAsync(10, user.Key)).ShouldBe(201);
        (await UseAsync(user.Key))["sizeGb"]!.GetValue<int>().ShouldBe(10);
    }

    [Fact]
    public async Task A_team_has_a_quota_of_its_own_and_a_lifted_one_holds_no_more()
    {
        var ada = await Mooring.MintUserAsync("ada");
        var team = await Mooring.MakeTeamAsync(ada);
        await SetAsync($"teams/{team}", """{"disks":0}""");

        (await CreateDiskAsync(1, ada.Key, team)).ShouldRefuse(403, $"team {team}", "'disks'");
        (await CreateDiskAsync(1, ada.Key)).ShouldBe(201);
        await SetAsync($"teams/{team}", "{}");
        (await CreateDiskAsync(1, ada.Key, team)).ShouldBe(201);

        var quotas = (await Mooring.SendAsync("GET", "/api/mooring/v1/quotas", key: ada.Key)).ShouldBe(200).Data;
        quotas.Select(row => row["teamId"]?.GetValue<string>()).ShouldBe([null, team]);
        quotas.ShouldAllBe(row => row["limits"]!["disks"] == null);
        quotas.ShouldAllBe(row => row["inUse"]!["disks"]!.GetValue<int>() == 1);
    }

    [Fact]
    public async Task A_team_that_is_deleted_while_disks_are_made_for_it_is_left_with_none()
    {
        for (var round = 0; round < 8; round++)
        {
            var ada = await Mooring.MintUserAsync("ada");
            var team = await Mooring.MakeTeamAsync(ada);

            var creates = Enumerable.Range(0, 4).Select(_ => CreateDiskAsync(1, ada.Key, team));
            var replies = await Task.WhenAll(
                [.. creates, Mooring.SendAsync("DELETE", "/api/mooring/v1/teams/" + team, key: ada.Key)]);

            if (replies[^1].Status == 200)
            {
                replies[..^1].ShouldAllBe(reply => reply.Status == 403);
                (await CreateDiskAsync(1, ada.Key, team)).ShouldRefuse(403, team);
            }
            else
            {
                replies[^1].ShouldRefuse(409, team, "disks");
                replies[..^1].ShouldContain(reply => reply.Status == 201);
            }
        }
    }

    [Theory]
    [InlineData("""{"disks":-1}""", "disks")]
    [InlineData("""{"sizeGb":-1}""", "sizeGb")]
    [InlineData("""{"instances":-1}""", "instances")]
    [InlineData("""{"spendPerHour":-0.1}""", "spendPerHour")]
    [InlineData("""{"spendPerHour":1000001}""", "spendPerHour")]
    [InlineData("""{"spendPerHour":0.0000000000001}""", "spendPerHour")]
    public async Task A_limit_that_is_none_is_422(string quota, string member)
    {
        var user = await Mooring.MintUserAsync();

        (await Mooring.SendAsync("PUT", $"/api/mooring/v1/users/{user.Id}/quota", quota)).ShouldFault(member);
    }

    private static Task<Reply[]> AtOnceAsync(Func<Task<Reply>> send) =>
        Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => send()));

    private async Task SetAsync(string whose, string quota) =>
        (await Mooring.SendAsync("PUT", $"/api/mooring/v1/{whose}/quota", quota)).ShouldBe(200);

    private Task<Reply> CreateDiskAsync(int size, string key, string? team = null) => Mooring.PostAsync(
        "/disks/",
        $$$"""
        {"disk":{"size":{{{size}}}},"provider":{"type":"hyperstack"},
         "team":{{{(team is null ? "null" : $$"""{"teamId":"{{team}}"}""")}}}}
        """,
        key);

    private async Task<JsonNode> UseAsync(string key) =>
        (await Mooring.SendAsync("GET", "/api/mooring/v1/quotas", key: key)).ShouldBe(200).Data[0]["inUse"]!;
}

public sealed class SqliteQuotaTests() : QuotaTests(Backend.Sqlite);

public sealed class PostgresQuotaTests() : QuotaTests(Backend.PostgreSql);
