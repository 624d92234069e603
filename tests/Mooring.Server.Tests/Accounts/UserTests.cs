using Microsoft.EntityFrameworkCore;
using Mooring.Server.Accounts;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Accounts;

/// <summary>/user and /teams (contract, section 8).</summary>
public sealed class UserTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private TestMooring Mooring => shared.Mooring;

    [Fact]
    public async Task Whoami_shows_the_user_and_what_the_key_may_do()
    {
        var key = await Mooring.MintKeyAsync(ApiKey.Permit(
            (Section.Disks, Access.Read | Access.Write), (Section.SshKeys, Access.Read)));

        var reply = (await Mooring.GetAsync("/user/whoami", key)).ShouldBe(200);

        reply.ShouldBeJson("""
            {"data":{"id":"","role":"ADMIN","createdAt":"","name":"admin","email":"admin@localhost","slug":null,
              "image":null,"emailVerified":null,"hasBetaAccess":false,"isBanned":false,"skipPrepay":false,
              "blacklist":[],
              "scope":{"availability":{"read":false,"write":false},"disks":{"read":true,"write":true},
                "instances":{"read":false,"write":false},"teams":{"read":false,"write":false},
                "billing":{"read":false,"write":false},"ssh_keys":{"read":true,"write":false},
                "admin":{"read":false,"write":false},"keys":{"read":false,"write":false}}},
             "status":null}
            """);
        reply.Object["data"]!["id"]!.GetValue<string>().ShouldMatch("^c[a-z0-9]{24}$");
    }

    [Fact]
    public async Task A_slug_is_chosen_kept_and_belongs_to_one_user()
    {
        await using var mooring = await TestMooring.StartAsync();
        var stranger = await mooring.MintStrangerAsync();

        (await mooring.PatchAsync("/user/slug", """{"slug":"ada-1"}""")).ShouldBe(200).Object["data"]!["slug"]!
            .GetValue<string>().ShouldBe("ada-1");
        (await mooring.PatchAsync("/user/slug", """{"slug":"ada-1"}""", stranger)).ShouldRefuse(409, "ada-1");
        (await mooring.PatchAsync("/user/slug", """{"slug":"ada-1"}""")).ShouldBe(200);
        (await mooring.PatchAsync("/user/slug", """{"slug":"ada-2"}""")).ShouldBe(200);
        (await mooring.PatchAsync("/user/slug", """{"slug":"ada-1"}""", stranger)).ShouldBe(200);

        (await mooring.GetAsync("/user/whoami")).Object["data"]!["slug"]!.GetValue<string>().ShouldBe("ada-2");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"slug":null}""")]
    [InlineData("""{"slug":"ab"}""")]
    [InlineData("""{"slug":"abcdefghijabcdefghijabcdefghija"}""")]
    [InlineData("""{"slug":"Ada"}""")]
    [InlineData("""{"slug":"ada lovelace"}""")]
    [InlineData("""{"slug":"ada\n"}""")]
    [InlineData("""{"slug":7}""")]
    public async Task Another_slug_than_3_to_30_small_letters_digits_and_dashes_is_422(string body) =>
        (await Mooring.PatchAsync("/user/slug", body)).ShouldFault("slug");

    [Fact]
    public async Task There_are_no_teams_and_no_members_of_any()
    {
        (await Mooring.GetAsync("/user/teams?offset=3&limit=7")).ShouldBe(200).Text
            .ShouldBe("""{"total_count":0,"totalCount":0,"offset":3,"limit":7,"data":[]}""");
        (await Mooring.GetAsync("/user/teams?limit=0")).ShouldFault("limit");
        (await Mooring.GetAsync("/teams/clvb0itli0000oxevorvgrpfn/members"))
            .ShouldRefuse(404, "clvb0itli0000oxevorvgrpfn");
        (await Mooring.GetAsync("/teams/x/members?limit=x")).ShouldFault("limit");
    }
}

/// <summary>
/// What two requests at once must not break: rules over all keys of a user, and what is unique. On PostgreSQL they do
/// run at once.
/// </summary>
public abstract class UserRaceTests(Backend backend)
{
    private const int Requests = 16;

    [Fact]
    public async Task Of_keys_that_are_added_at_once_one_is_primary()
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);

        var replies = await AtOnceAsync(n => mooring.PostAsync(
            "/ssh_keys/", SshKeyRouteTests.Body($"key {n}", ContractRoutes.SshKeyLine)));

        replies.ShouldAllBe(reply => reply.Status == 200);
        (await mooring.GetAsync("/ssh_keys/")).Data.Count(row => row["isPrimary"]!.GetValue<bool>()).ShouldBe(1);
    }

    [Fact]
    public async Task Keys_that_are_made_primary_and_deleted_at_once_leave_one_primary()
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);
        var added = await AtOnceAsync(n => mooring.PostAsync(
            "/ssh_keys/", SshKeyRouteTests.Body($"key {n}", ContractRoutes.SshKeyLine)));
        var ids = added.Select(one => one.Id).ToList();

        var replies = await AtOnceAsync(n => n % 2 == 0
            ? mooring.PatchAsync("/ssh_keys/" + ids[n], """{"isPrimary":true}""")
            : mooring.DeleteAsync("/ssh_keys/" + ids[n]));

        replies.ShouldAllBe(reply => reply.Status == 200);
        (await mooring.GetAsync("/ssh_keys/")).Data.Count(row => row["isPrimary"]!.GetValue<bool>()).ShouldBe(1);
    }

    [Fact]
    public async Task One_slug_that_many_choose_at_once_goes_to_one_and_the_others_are_told()
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);
        List<string> strangers = [];
        for (var i = 0; i < Requests; i++)
        {
            strangers.Add(await mooring.MintStrangerAsync());
        }

        var replies = await AtOnceAsync(n => mooring.PatchAsync("/user/slug", """{"slug":"ada"}""", strangers[n]));

        replies.Count(reply => reply.Status == 200).ShouldBe(1);
        replies.Where(reply => reply.Status != 200).ShouldAllBe(reply => reply.ShouldRefuse(409).Contains("ada"));
    }

    [Fact]
    public async Task Two_keys_that_revoke_each_other_do_not_both_succeed()
    {
        await using var mooring = await TestMooring.StartAsync(backend: backend);
        for (var round = 0; round < Requests; round++)
        {
            await mooring.Database.WriteAsync(
                (db, ct) => db.ApiKeys.ExecuteUpdateAsync(
                    set => set.SetProperty(key => key.RevokedAt, mooring.Time.Now()), ct),
                TestContext.Current.CancellationToken);
            string[] keys =
                [await mooring.MintKeyAsync(ApiKey.AllPermissions), await mooring.MintKeyAsync(ApiKey.AllPermissions)];

            var replies = await Task.WhenAll(Enumerable.Range(0, 2).Select(n => mooring.SendAsync(
                "DELETE", $"/api/mooring/v1/keys/{ApiKey.PrefixOf(keys[n])}", key: keys[1 - n])));

            replies.Count(reply => reply.Status == 200).ShouldBe(1);
            replies.ShouldContain(reply => reply.Status == 401 || reply.Status == 409);
        }
    }

    private static Task<Reply[]> AtOnceAsync(Func<int, Task<Reply>> send) =>
        Task.WhenAll(Enumerable.Range(0, Requests).Select(send));
}

public sealed class SqliteUserRaceTests() : UserRaceTests(Backend.Sqlite);

public sealed class PostgresUserRaceTests() : UserRaceTests(Backend.PostgreSql);
