namespace Mooring.Server.Tests.Http;

/// <summary>
/// The vendor's page "Managing Disks", from top to bottom: each of its requests, and each of its answers compared as
/// parsed JSON. Only the host, the key, ids, and times differ.
/// </summary>
public sealed class VendorPageTests
{
    private const string Disk = """
        {"id":"fdb5205fd9b14c9d804d3f70b4c96da0","name":"ml-training-data",
         "createdAt":"2025-11-07T21:07:15.183000","updatedAt":"2025-11-07T21:08:01.934000","terminatedAt":null,
         "status":"ACTIVE","providerType":"hyperstack","size":500,
         "info":{"cloudId":null,"country":"US","isMultinode":false,"dataCenterId":"US-1"},
         "priceHr":0.075,"stoppedPriceHr":0.075,"provisioningPriceHr":0.0,
         "userId":"clvb0itli0000oxevorvgrpfn","teamId":null,"walletId":"clvb0iv0c0004oxev5mnt1xiv",
         "pods":[],"clusters":[]}
        """;

    [Fact]
    public async Task Query_disk_availability()
    {
        await using var mooring = await TestMooring.StartAsync();

        var reply = await mooring.GetAsync("/availability/disks?regions=united_states&page=1&page_size=50");

        reply.ShouldBe(200).ShouldBeJson("""
            [{"cloudId":null,"provider":"hyperstack","dataCenter":"US-1","country":"US","region":"united_states",
              "spec":{"minCount":0,"defaultCount":0,"maxCount":100000,"pricePerUnit":0.00015,"step":1,
                      "defaultIncludedInPrice":false,"additionalInfo":null},
              "stockStatus":"Available","security":"secure_cloud","isMultinode":false}]
            """);
    }

    [Theory]
    [InlineData("training-dataset")]
    [InlineData("ml-training-data")]
    public async Task Creating_a_disk(string name)
    {
        await using var mooring = await TestMooring.StartAsync();

        var reply = await mooring.PostAsync(
            "/disks/",
            $$$"""
            {
              "disk": {
                "size": 500,
                "name": "{{{name}}}",
                "dataCenterId": "US-1"
              },
              "provider": {
                "type": "hyperstack"
              }
            }
            """);

        reply.ShouldBe(201).ShouldBeJson(
            Disk.Replace("ACTIVE", "PROVISIONING", StringComparison.Ordinal)
                .Replace("ml-training-data", name, StringComparison.Ordinal));
        // The page's very times: the server's clock stands at its createdAt.
        reply.Text.ShouldContain("\"createdAt\":\"2025-11-07T21:07:15.183000\"");
        reply.Text.ShouldContain("\"updatedAt\":\"2025-11-07T21:07:15.183000\"");
        reply.Text.ShouldContain("\"priceHr\":0.075,");
        reply.Text.ShouldContain("\"provisioningPriceHr\":0.0,");
        reply.Id.ShouldMatch("^[0-9a-f]{32}$");
        reply.Object["userId"]!.GetValue<string>().ShouldMatch("^c[a-z0-9]{24}$");
        reply.Object["walletId"]!.GetValue<string>().ShouldMatch("^c[a-z0-9]{24}$");
    }

    [Fact]
    public async Task Listing_your_disks()
    {
        await using var mooring = await TestMooring.StartAsync();
        await mooring.CreateDiskAsync("ml-training-data", 500);

        var reply = await mooring.GetAsync("/disks/?limit=50&offset=0");

        // total_count is there for the vendor's own CLI (contract 13, D1).
        reply.ShouldBe(200)
            .ShouldBeJson($$"""{"totalCount":1,"total_count":1,"data":[{{Disk}}],"limit":50,"offset":0}""");
    }

    [Fact]
    public async Task Getting_a_single_disk()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync("ml-training-data", 500);

        var reply = await mooring.GetAsync("/disks/" + id);

        reply.ShouldBe(200).ShouldBeJson(Disk);
        reply.Id.ShouldBe(id);
    }

    [Fact]
    public async Task Updating_a_disk()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync("ml-training-data", 500);

        var reply = await mooring.PatchAsync("/disks/" + id, """
            {
              "name": "updated-training-dataset"
            }
            """);

        reply.ShouldBe(200).ShouldBeJson($$"""{"id":"{{id}}","name":"updated-training-dataset"}""");
        reply.Id.ShouldBe(id);
        (await mooring.GetAsync("/disks/" + id)).Object["name"]!.GetValue<string>()
            .ShouldBe("updated-training-dataset");
    }

    [Fact]
    public async Task Deleting_a_disk()
    {
        await using var mooring = await TestMooring.StartAsync();
        var id = await mooring.CreateDiskAsync("ml-training-data", 500);

        var reply = await mooring.DeleteAsync("/disks/" + id);

        reply.ShouldBe(200).ShouldBeJson("""{"status":"TERMINATED"}""");
        mooring.Disks.Disks.ShouldBeEmpty();
    }
}
