using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// The command lines of the vendor's page "Managing Disks", run by the system's curl with nothing changed but host, key,
/// offer and size; what they print is the page's JSON, member by member.
/// </summary>
[Collection(HouseGroup.Name)]
public sealed partial class VendorPageTests(House house)
{
    private static readonly string Place = Environment.MachineName;

    [Fact]
    public async Task Pages_command_lines_print_what_the_page_prints()
    {
        await house.EnterAsync();

        var offers = await CurlAsync("GET", "availability/disks?regions=united_states&page=1&page_size=50");
        AssertEqual(offers, OffersJson(((JsonArray)offers)[0]!["spec"]!["maxCount"]!.GetValue<int>()));

        var created = await CurlAsync("POST", "disks/", $$"""
            {
              "disk": {
                "size": 5,
                "name": "ml-training-data",
                "cloudId": "block",
                "dataCenterId": "{{Place}}"
              },
              "provider": {
                "type": "local"
              }
            }
            """);
        var id = created["id"]!.GetValue<string>();
        Id().IsMatch(id).ShouldBeTrue(id);
        var made = Text(created, "createdAt");
        var user = Text(created, "userId");
        var wallet = Text(created, "walletId");
        Cuid().IsMatch(user).ShouldBeTrue(user);
        Cuid().IsMatch(wallet).ShouldBeTrue(wallet);
        AssertEqual(created, DiskJson(id, "ml-training-data", made, made, "PROVISIONING", user, wallet));

        JsonNode shown = created;
        await Until.HoldsAsync(
            async () => Text(shown = await CurlAsync("GET", $"disks/{id}"), "status") == "ACTIVE", "the disk is ACTIVE");
        var active = DiskJson(id, "ml-training-data", made, Text(shown, "updatedAt"), "ACTIVE", user, wallet);
        AssertEqual(shown, active);
        AssertEqual(await CurlAsync("GET", "disks/?limit=50&offset=0"), $$"""
            {"totalCount": 1, "total_count": 1, "data": [{{active}}], "limit": 50, "offset": 0}
            """);

        AssertEqual(
            await CurlAsync("PATCH", $"disks/{id}", """
                {
                  "name": "updated-training-dataset"
                }
                """),
            $$"""{"id": "{{id}}", "name": "updated-training-dataset"}""");
        AssertEqual(await CurlAsync("DELETE", $"disks/{id}"), """{"status": "TERMINATED"}""");
        AssertEqual(
            await CurlAsync("GET", "disks/?limit=50&offset=0"),
            """{"totalCount": 0, "total_count": 0, "data": [], "limit": 50, "offset": 0}""");
    }

    private static string OffersJson(int room) => $"""
        [
        {OfferJson("block", "One instance at a time.", room, "false")},
        {OfferJson("shared", "Any number of this host's instances at once.", room, "true")}
        ]
        """;

    private static string OfferJson(string cloudId, string holders, int room, string isMultinode) => $$"""
        {
            "cloudId": "{{cloudId}}",
            "provider": "local",
            "dataCenter": "{{Place}}",
            "country": "US",
            "region": "united_states",
            "spec": {
                "minCount": 1,
                "defaultCount": 0,
                "maxCount": {{room}},
                "pricePerUnit": 0.00015,
                "step": 1,
                "defaultIncludedInPrice": false,
                "additionalInfo": "{{holders}} An ext4 file system; 1 GB is 2^30 bytes."
            },
            "stockStatus": "Available",
            "security": "secure_cloud",
            "isMultinode": {{isMultinode}}
        }
        """;

    private static string DiskJson(
        string id, string name, string createdAt, string updatedAt, string status, string user, string wallet) => $$"""
        {
          "id": "{{id}}",
          "name": "{{name}}",
          "createdAt": "{{createdAt}}",
          "updatedAt": "{{updatedAt}}",
          "terminatedAt": null,
          "status": "{{status}}",
          "providerType": "local",
          "size": 5,
          "info": {
            "cloudId": "block",
            "country": "US",
            "isMultinode": false,
            "dataCenterId": "{{Place}}"
          },
          "priceHr": 0.00075,
          "stoppedPriceHr": 0.00075,
          "provisioningPriceHr": 0.0,
          "userId": "{{user}}",
          "teamId": null,
          "walletId": "{{wallet}}",
          "pods": [],
          "clusters": []
        }
        """;

    private async Task<JsonNode> CurlAsync(string method, string path, string? body = null)
    {
        var server = house.Installation.Server;
        List<string> arguments =
        [
            "--silent", "--show-error", "--fail-with-body", "--noproxy", "*",
            "--request", method,
            "--url", $"{server}api/v1/{path}",
            "--header", $"Authorization: Bearer {house.Installation.ApiKey}",
        ];
        if (body is not null)
        {
            arguments.AddRange(["--header", "Content-Type: application/json", "--data", body]);
        }

        var answer = (await Tool.RunAsync("curl", arguments, "")).OrFail($"{method} {path}");
        return JsonNode.Parse(answer.Output)!;
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    private static void AssertEqual(JsonNode printed, string onThePage) =>
        JsonNode.DeepEquals(printed, JsonNode.Parse(onThePage)).ShouldBeTrue($"{printed}\nis not\n{onThePage}");

    [GeneratedRegex(@"\A[0-9a-f]{32}\z", RegexOptions.None, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\Ac[a-z0-9]{24}\z", RegexOptions.None, 1000)]
    private static partial Regex Cuid();
}
