using System.Text.Json;
using Mooring.Contract.V1;

namespace Mooring.Contract.Tests;

/// <summary>Bodies as today's CLI sends them (contract 14.3), and what a creating request may not hold.</summary>
public sealed class CliRequestTests
{
    [Fact]
    public void Disk_request_with_nulls_round_trips()
    {
        const string sent = """
            {"disk":{"size":500,"name":null,"country":null,"cloudId":null,"dataCenterId":"US-1"},
             "provider":{"type":"hyperstack"},"team":null}
            """;

        Wire.ShouldBe(Wire.RoundTrip<CreateDiskRequest>(sent), sent);
    }

    [Fact]
    public void Pod_request_round_trips()
    {
        const string sent = """
            {"pod":{"name":"my-pod","cloudId":"n3-H100x1","gpuType":"H100_80GB","socket":"PCIe","gpuCount":1,
                    "diskSize":100,"vcpus":180,"memory":180,"image":"ubuntu_22_cuda_12","dataCenterId":"CANADA-1",
                    "maxPrice":null,"country":null,"security":null,"jupyterPassword":null,"autoRestart":false,
                    "customTemplateId":null,"envVars":[]},
             "provider":{"type":"hyperstack"},"disks":["d1","d2"],"team":null}
            """;

        var request = Wire.Read<CreatePodRequest>(sent);

        request.Disks.ShouldBe(["d1", "d2"]);
        Wire.ShouldBe(
            Wire.WithoutNulls(Wire.RoundTrip<CreatePodRequest>(sent)),
            """
            {"pod":{"name":"my-pod","cloudId":"n3-H100x1","gpuType":"H100_80GB","socket":"PCIe","gpuCount":1,
                    "diskSize":100,"vcpus":180,"memory":180,"image":"ubuntu_22_cuda_12","dataCenterId":"CANADA-1",
                    "autoRestart":false,"envVars":[]},
             "provider":{"type":"hyperstack"},"disks":["d1","d2"]}
            """);
    }

    [Theory]
    [InlineData("""{"team":null,"sharedWithTeam":true,"teamMemberIds":["u1"]}""")]
    [InlineData("""{"team":null,"shared_with_team":true,"team_member_ids":["u1"]}""")]
    public void Both_spellings_of_sharing_are_read(string sent)
    {
        var request = Wire.Read<CreatePodRequest>(sent);

        (request.SharedWithTeam ?? request.SharedWithTeamOpenApi).ShouldBe(true);
        (request.TeamMemberIds ?? request.TeamMemberIdsOpenApi).ShouldBe(["u1"]);
    }

    [Theory]
    [InlineData("500", 500)]
    [InlineData("500.0", 500)]
    [InlineData("5e2", 500)]
    [InlineData("-1", -1)]
    [InlineData("2147483647", int.MaxValue)]
    public void Whole_sizes_are_read_however_they_are_written(string size, int expected) =>
        Wire.Read<CreateDiskRequest>($$$"""{"disk":{"size":{{{size}}}}}""").Disk!.Size.ShouldBe(expected);

    [Theory]
    [InlineData("1.5", "must be a whole number")]
    [InlineData("\"500\"", "must be a whole number")]
    [InlineData("true", "must be a whole number")]
    [InlineData("2147483648", "is too large")]
    [InlineData("1e400", "is too large")]
    public void Other_sizes_are_refused_with_words_and_the_place(string size, string words)
    {
        var refusal = Should.Throw<JsonException>(
            () => Wire.Read<CreateDiskRequest>($$$"""{"disk":{"size":{{{size}}}}}"""));

        refusal.Message.ShouldContain(words);
        refusal.Path.ShouldBe("$.disk.size");
    }

    [Theory]
    [InlineData("""{"disk":{"size":1,"sizeGb":1}}""")]
    [InlineData("""{"disk":{"size":1,"Name":"case matters"}}""")]
    public void Unknown_members_of_disk_are_refused(string sent) =>
        Should.Throw<JsonException>(() => Wire.Read<CreateDiskRequest>(sent));

    [Fact]
    public void Unknown_members_of_pod_are_refused() =>
        Should.Throw<JsonException>(() => Wire.Read<CreatePodRequest>("""{"pod":{"cloudId":"c","gpu":1}}"""));

    [Fact]
    public void Unknown_members_outside_disk_are_ignored() =>
        Wire.Read<CreateDiskRequest>("""{"disk":{"size":1},"client":"x"}""").Disk!.Size.ShouldBe(1);

    [Fact]
    public void Doubled_members_are_refused() =>
        Should.Throw<JsonException>(() => Wire.Read<CreateDiskRequest>("""{"disk":{"size":1,"size":2}}"""));
}
