using System.Text.Json.Nodes;
using Mooring.Server.Tests.Http;

namespace Mooring.Server.Tests.Accounts;

/// <summary>/ssh_keys (contract, section 11), and what of a key may reach an authorized_keys file.</summary>
public sealed class SshKeyRouteTests
{
    private const string Line =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl user@host";

    [Fact]
    public async Task A_key_is_added_listed_made_primary_and_deleted()
    {
        await using var mooring = await TestMooring.StartAsync();
        var first = await AddAsync(mooring, "first");
        mooring.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await AddAsync(mooring, "second");

        (await mooring.PatchAsync("/ssh_keys/" + second, """{"isPrimary":true}""")).ShouldBe(200)
            .Object["updated_fields"]!.AsArray().Select(field => field!.GetValue<string>()).ShouldBe(["isPrimary"]);
        var list = await mooring.GetAsync("/ssh_keys/");
        list.Data.Select(row => (row["id"]!.GetValue<string>(), row["isPrimary"]!.GetValue<bool>()))
            .ShouldBe([(first, false), (second, true)]);
        (await mooring.DeleteAsync("/ssh_keys/" + first)).ShouldBe(200).Object["message"]!.GetValue<string>()
            .ShouldNotBeEmpty();

        (await mooring.GetAsync("/ssh_keys")).Data.Select(row => row["id"]!.GetValue<string>()).ShouldBe([second]);
        (await mooring.DeleteAsync("/ssh_keys/" + first)).ShouldRefuse(404, first);
        (await mooring.PatchAsync("/ssh_keys/" + first, """{"isPrimary":true}""")).ShouldRefuse(404, first);
    }

    [Fact]
    public async Task When_the_primary_key_is_deleted_the_oldest_that_is_left_becomes_it()
    {
        await using var mooring = await TestMooring.StartAsync();
        var first = await AddAsync(mooring, "first");
        mooring.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await AddAsync(mooring, "second");
        mooring.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await AddAsync(mooring, "third");

        (await mooring.DeleteAsync("/ssh_keys/" + first)).ShouldBe(200);

        (await mooring.GetAsync("/ssh_keys/")).Data
            .Select(row => (row["id"]!.GetValue<string>(), row["isPrimary"]!.GetValue<bool>()))
            .ShouldBe([(second, true), (third, false)]);
        (await mooring.DeleteAsync("/ssh_keys/" + third)).ShouldBe(200);
        (await mooring.DeleteAsync("/ssh_keys/" + second)).ShouldBe(200);
        (await mooring.GetAsync("/ssh_keys/")).Data.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_is_as_the_contract_has_it()
    {
        await using var mooring = await TestMooring.StartAsync();

        var added = (await mooring.PostAsync("/ssh_keys/", Body("laptop", "  " + Line + "  "))).ShouldBe(200);

        added.ShouldBeJson($$"""
            {"id":"","userId":"","name":"laptop","publicKey":"{{Line}}","isPrimary":true,"isUserKey":true,
             "createdAt":"","updatedAt":""}
            """);
        added.Object["createdAt"]!.GetValue<string>().ShouldBe("2025-11-07T21:07:15.183000");
        (await mooring.GetAsync("/ssh_keys/")).ShouldBeJson(
            $$"""{"total_count":1,"totalCount":1,"offset":0,"limit":100,"data":[{{added.Text}}]}""");
    }

    [Fact]
    public async Task Other_faults_of_form_are_422()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await AddAsync(mooring, "key");

        (await mooring.PostAsync("/ssh_keys/", "{}")).ShouldFault("name", "publicKey");
        (await mooring.PostAsync("/ssh_keys/", Body("", Line))).ShouldFault("name");
        (await mooring.PostAsync("/ssh_keys/", Body("key", "ssh-rsa " + new string('A', 20_000))))
            .ShouldFault("publicKey");
        (await mooring.PatchAsync("/ssh_keys/" + id, "{}")).ShouldFault("isPrimary");
        (await mooring.PatchAsync("/ssh_keys/" + id, """{"isPrimary":false}""")).ShouldFault("isPrimary");
        (await mooring.PatchAsync("/ssh_keys/" + id, """{"isPrimary":"yes"}""")).ShouldFault("isPrimary");
    }

    [Fact]
    public async Task There_are_a_hundred_keys_at_the_most()
    {
        await using var mooring = await TestMooring.StartAsync();
        foreach (var number in Enumerable.Range(0, 100))
        {
            await AddAsync(mooring, $"key {number}");
        }

        (await mooring.PostAsync("/ssh_keys/", Body("one more", Line))).ShouldRefuse(409, "100");
        (await mooring.GetAsync("/ssh_keys/")).Object["totalCount"]!.GetValue<int>().ShouldBe(100);
    }

    [Fact]
    public async Task Anothers_keys_are_not_to_be_seen_or_touched()
    {
        await using var mooring = await TestMooring.StartAsync();
        var mine = await AddAsync(mooring, "mine");
        var stranger = await mooring.MintStrangerAsync();

        (await mooring.GetAsync("/ssh_keys/", stranger)).Data.ShouldBeEmpty();
        (await mooring.DeleteAsync("/ssh_keys/" + mine, stranger)).ShouldRefuse(404);
        (await mooring.PatchAsync("/ssh_keys/" + mine, """{"isPrimary":true}""", stranger)).ShouldRefuse(404);
        (await mooring.GetAsync("/ssh_keys/")).Data.Count.ShouldBe(1);
    }

    private static async Task<string> AddAsync(TestMooring mooring, string name) =>
        (await mooring.PostAsync("/ssh_keys/", Body(name, Line))).ShouldBe(200).Id;

    internal static string Body(string name, string line) =>
        new JsonObject { ["name"] = name, ["publicKey"] = line }.ToJsonString();
}
