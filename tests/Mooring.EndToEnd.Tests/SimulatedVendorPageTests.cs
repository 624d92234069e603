using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// The command lines of the vendor's page "Managing Disks" as they stand there, with nothing changed but the server's
/// address, the key and the disk's id, on empty data with a simulated <c>hyperstack</c> and this machine switched off:
/// what they print is what the page prints, ids and times aside.
/// </summary>
public sealed partial class SimulatedVendorPageTests
{
    private const string PageServer = "https://api.primeintellect.ai";
    private const string PageKey = "your_api_key";
    private const string PageDisk = "fdb5205fd9b14c9d804d3f70b4c96da0";

    private const string QueryAvailability = """
        curl --request GET \
          --url 'https://api.primeintellect.ai/api/v1/availability/disks?regions=united_states&page=1&page_size=50' \
          --header 'Authorization: Bearer your_api_key'
        """;

    private const string Availability = """
        [
            {
                "cloudId": null,
                "provider": "hyperstack",
                "dataCenter": "US-1",
                "country": "US",
                "region": "united_states",
                "spec": {
                    "minCount": 0,
                    "defaultCount": 0,
                    "maxCount": 100000,
                    "pricePerUnit": 0.00015,
                    "step": 1,
                    "defaultIncludedInPrice": false,
                    "additionalInfo": null
                },
                "stockStatus": "Available",
                "security": "secure_cloud",
                "isMultinode": false
            }
        ]
        """;

    private const string Create = """
        curl --request POST \
          --url https://api.primeintellect.ai/api/v1/disks/ \
          --header 'Authorization: Bearer your_api_key' \
          --header 'Content-Type: application/json' \
          --data '{
          "disk": {
            "size": 500,
            "name": "ml-training-data",
            "dataCenterId": "US-1"
          },
          "provider": {
            "type": "hyperstack"
          }
        }'
        """;

    private const string Created = """
        {
          "id": "fdb5205fd9b14c9d804d3f70b4c96da0",
          "name": "ml-training-data",
          "createdAt": "2025-11-07T21:07:15.183000",
          "updatedAt": "2025-11-07T21:07:15.183000",
          "terminatedAt": null,
          "status": "PROVISIONING",
          "providerType": "hyperstack",
          "size": 500,
          "info": {
            "cloudId": null,
            "country": "US",
            "isMultinode": false,
            "dataCenterId": "US-1"
          },
          "priceHr": 0.075,
          "stoppedPriceHr": 0.075,
          "provisioningPriceHr": 0.0,
          "userId": "clvb0itli0000oxevorvgrpfn",
          "teamId": null,
          "walletId": "clvb0iv0c0004oxev5mnt1xiv",
          "pods": [],
          "clusters": []
        }
        """;

    private const string List = """
        curl --request GET \
          --url 'https://api.primeintellect.ai/api/v1/disks/?limit=50&offset=0' \
          --header 'Authorization: Bearer your_api_key'
        """;

    private const string Get = """
        curl --request GET \
          --url https://api.primeintellect.ai/api/v1/disks/fdb5205fd9b14c9d804d3f70b4c96da0 \
          --header 'Authorization: Bearer your_api_key'
        """;

    private const string Rename = """
        curl --request PATCH \
          --url https://api.primeintellect.ai/api/v1/disks/fdb5205fd9b14c9d804d3f70b4c96da0 \
          --header 'Authorization: Bearer your_api_key' \
          --header 'Content-Type: application/json' \
          --data '{
          "name": "updated-training-dataset"
        }'
        """;

    private const string Delete = """
        curl --request DELETE \
          --url https://api.primeintellect.ai/api/v1/disks/fdb5205fd9b14c9d804d3f70b4c96da0 \
          --header 'Authorization: Bearer your_api_key'
        """;

    // Of a disk that is ready and was not renamed yet.
    private static string Ready => Created
        .Replace("PROVISIONING", "ACTIVE", StringComparison.Ordinal)
        .Replace("""updatedAt": "2025-11-07T21:07:15.183000""", """updatedAt": "2025-11-07T21:08:01.934000""",
            StringComparison.Ordinal);

    [Fact]
    public async Task Pages_command_lines_unchanged_print_what_the_page_prints()
    {
        await using var installation = Simulating.Prepare("hyperstack.json");
        await installation.StartAsync();
        Directory.Exists(Path.Combine(installation.Data, "engine")).ShouldBeFalse("no engine is started");

        AssertPrints(await RunAsync(installation, QueryAvailability), Availability);
        ShortId((JsonObject)JsonNode.Parse(Availability)!.AsArray()[0]!).ShouldBe("a869c3");

        var created = (JsonObject)await RunAsync(installation, Create);
        var id = Text(created, "id");
        AssertPrints(created, Created);

        JsonNode shown = created;
        await Until.HoldsAsync(
            async () => Text(shown = await RunAsync(installation, Get, id), "status") == "ACTIVE",
            "the disk is ACTIVE");
        AssertPrints(shown, Ready);
        Text(shown, "createdAt").ShouldBe(Text(created, "createdAt"));
        string.CompareOrdinal(Text(shown, "updatedAt"), Text(created, "updatedAt")).ShouldBeGreaterThan(0);

        var listed = (JsonObject)await RunAsync(installation, List);
        listed["total_count"]!.GetValue<int>().ShouldBe(1);
        listed.Remove("total_count");
        AssertPrints(listed, $$"""{"totalCount": 1, "data": [{{Ready}}], "limit": 50, "offset": 0}""");

        AssertPrints(
            await RunAsync(installation, Rename, id),
            $$"""{"id": "{{PageDisk}}", "name": "updated-training-dataset"}""");
        AssertPrints(await RunAsync(installation, Delete, id), """{"status": "TERMINATED"}""");
        new SimulatedBooks(installation.Data, "hyperstack", "rehearsal").Disks.ShouldBeEmpty();
    }

    // By the shell, as a reader of the page would: it is the line itself that is tried.
    private static async Task<JsonNode> RunAsync(Installation installation, string line, string id = PageDisk)
    {
        line.ShouldContain(PageServer);
        line.ShouldContain(PageKey);
        line = line.Replace(PageServer, installation.Server.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace(PageKey, installation.ApiKey, StringComparison.Ordinal)
            .Replace(PageDisk, id, StringComparison.Ordinal);
        var environment = new Dictionary<string, string?> { ["no_proxy"] = "*", ["NO_PROXY"] = "*" };
        var ran = await Tool.RunAsync("bash", ["-eu", "-c", line], "", environment);
        return JsonNode.Parse(ran.OrFail(line).Output)!;
    }

    private static void AssertPrints(JsonNode printed, string onThePage)
    {
        var ours = Mask(printed.DeepClone());
        var theirs = Mask(JsonNode.Parse(onThePage)!);
        JsonNode.DeepEquals(ours, theirs).ShouldBeTrue($"{ours}\nis not\n{theirs}");
    }

    // What differs from run to run is held to its form, and then taken out.
    private static JsonNode Mask(JsonNode node)
    {
        switch (node)
        {
            case JsonArray array:
                array.ToList().ForEach(one => Mask(one!));
                break;
            case JsonObject members:
                foreach (var (name, form) in Forms)
                {
                    if (members[name] is { } value)
                    {
                        form.IsMatch(value.GetValue<string>()).ShouldBeTrue($"{name}: {value}");
                        members[name] = "masked";
                    }
                }

                members.Select(member => member.Value).OfType<JsonArray>().ToList().ForEach(one => Mask(one));
                break;
        }

        return node;
    }

    /// <summary>Contract 14.6: what the vendor's command line calls an offer by.</summary>
    private static string ShortId(JsonObject offer)
    {
        string Part(string name) => offer[name]?.GetValue<string>() ?? "None";
        var text = $"{Part("provider")}-{Part("cloudId")}-{Part("dataCenter")}-{Part("country")}-{Part("region")}-"
            + $"{offer["spec"]!["defaultCount"]!.GetValue<int>()}-";
#pragma warning disable CA5351 // The vendor's client uses MD5 as a name, not to protect anything.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)))[..6];
#pragma warning restore CA5351
    }

    private static readonly Dictionary<string, Regex> Forms = new()
    {
        ["id"] = Id(),
        ["userId"] = Cuid(),
        ["walletId"] = Cuid(),
        ["createdAt"] = Time(),
        ["updatedAt"] = Time(),
    };

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    [GeneratedRegex(@"\A[0-9a-f]{32}\z", RegexOptions.None, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"\Ac[a-z0-9]{24}\z", RegexOptions.None, 1000)]
    private static partial Regex Cuid();

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\z", RegexOptions.None, 1000)]
    private static partial Regex Time();
}
