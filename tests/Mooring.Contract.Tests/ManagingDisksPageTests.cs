using System.Text.Json.Nodes;
using Mooring.Contract.V1;

namespace Mooring.Contract.Tests;

/// <summary>Each JSON example of the vendor's page "Managing Disks", read and written again.</summary>
public sealed class ManagingDisksPageTests
{
    private const string NewDisk = """
        {"id":"fdb5205fd9b14c9d804d3f70b4c96da0","name":"ml-training-data",
         "createdAt":"2025-11-07T21:07:15.183000","updatedAt":"2025-11-07T21:07:15.183000","terminatedAt":null,
         "status":"PROVISIONING","providerType":"hyperstack","size":500,
         "info":{"cloudId":null,"country":"US","isMultinode":false,"dataCenterId":"US-1"},
         "priceHr":0.075,"stoppedPriceHr":0.075,"provisioningPriceHr":0.0,
         "userId":"clvb0itli0000oxevorvgrpfn","teamId":null,"walletId":"clvb0iv0c0004oxev5mnt1xiv",
         "pods":[],"clusters":[]}
        """;

    private const string ActiveDisk = """
        {"id":"fdb5205fd9b14c9d804d3f70b4c96da0","name":"ml-training-data",
         "createdAt":"2025-11-07T21:07:15.183000","updatedAt":"2025-11-07T21:08:01.934000","terminatedAt":null,
         "status":"ACTIVE","providerType":"hyperstack","size":500,
         "info":{"cloudId":null,"country":"US","isMultinode":false,"dataCenterId":"US-1"},
         "priceHr":0.075,"stoppedPriceHr":0.075,"provisioningPriceHr":0.0,
         "userId":"clvb0itli0000oxevorvgrpfn","teamId":null,"walletId":"clvb0iv0c0004oxev5mnt1xiv",
         "pods":[],"clusters":[]}
        """;

    [Fact]
    public void Disk_availability_round_trips()
    {
        const string example = """
            [{"cloudId":null,"provider":"hyperstack","dataCenter":"US-1","country":"US","region":"united_states",
              "spec":{"minCount":0,"defaultCount":0,"maxCount":100000,"pricePerUnit":0.00015,"step":1,
                      "defaultIncludedInPrice":false,"additionalInfo":null},
              "stockStatus":"Available","security":"secure_cloud","isMultinode":false}]
            """;

        Wire.ShouldBe(Wire.RoundTrip<IReadOnlyList<DiskOffer>>(example), example);
    }

    [Theory]
    [InlineData("training-dataset")]
    [InlineData("ml-training-data")]
    public void Creating_request_round_trips_and_reads_absent_members_as_null(string name)
    {
        var example = $$$"""
            {"disk":{"size":500,"name":"{{{name}}}","dataCenterId":"US-1"},"provider":{"type":"hyperstack"}}
            """;

        var written = Wire.RoundTrip<CreateDiskRequest>(example);

        written["disk"]!.AsObject().ContainsKey("cloudId").ShouldBeTrue();
        Wire.ShouldBe(Wire.WithoutNulls(written), example);
    }

    [Fact]
    public void Created_disk_round_trips() => Wire.ShouldBe(Wire.RoundTrip<Disk>(NewDisk), NewDisk);

    [Fact]
    public void Single_disk_round_trips() => Wire.ShouldBe(Wire.RoundTrip<Disk>(ActiveDisk), ActiveDisk);

    [Fact]
    public void Disk_list_round_trips_and_gains_only_the_total_that_the_vendors_CLI_reads()
    {
        const string example = $$"""{"totalCount":1,"data":[{{ActiveDisk}}],"limit":50,"offset":0}""";

        var written = Wire.RoundTrip<DiskList>(example).AsObject();

        written["total_count"]!.GetValue<int>().ShouldBe(1);
        written.Remove("total_count");
        Wire.ShouldBe(written, example);
    }

    [Fact]
    public void Renaming_request_and_answer_round_trip()
    {
        const string request = """{"name":"updated-training-dataset"}""";
        const string answer = """{"id":"fdb5205fd9b14c9d804d3f70b4c96da0","name":"updated-training-dataset"}""";

        Wire.ShouldBe(Wire.RoundTrip<RenameDiskRequest>(request), request);
        Wire.ShouldBe(Wire.RoundTrip<RenamedDisk>(answer), answer);
    }

    [Fact]
    public void Deleting_answer_round_trips() =>
        Wire.ShouldBe(Wire.RoundTrip<StatusOnly>("""{"status":"TERMINATED"}"""), """{"status":"TERMINATED"}""");

    [Fact]
    public void Prices_are_written_as_on_the_page()
    {
        var written = Wire.Write(Wire.Read<Disk>(NewDisk));

        written.ShouldContain("\"priceHr\":0.075,");
        written.ShouldContain("\"provisioningPriceHr\":0.0,");
    }

    [Fact]
    public void Nulls_are_written()
    {
        var written = JsonNode.Parse(Wire.Write(Wire.Read<Disk>(NewDisk)))!.AsObject();

        written.ContainsKey("terminatedAt").ShouldBeTrue();
        written.ContainsKey("teamId").ShouldBeTrue();
        written["info"]!.AsObject().ContainsKey("cloudId").ShouldBeTrue();
    }
}
