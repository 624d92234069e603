using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// Whoever finds what is wrong, the framework included: the answer says it in words (contract, section 2).
/// </summary>
public sealed class ErrorBodyTests(SharedMooring shared) : IClassFixture<SharedMooring>
{
    private const string Good = """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""";
    private TestMooring Mooring => shared.Mooring;

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api/v1")]
    [InlineData("GET", "/api/v1/diskss")]
    [InlineData("POST", "/api/v2/disks/")]
    [InlineData("GET", "/api/v1/disks/a/b")]
    [InlineData("GET", "/api/v1/billing")]
    [InlineData("GET", "/api/mooring/v1/key")]
    [InlineData("GET", "/api/v1/%F0%9F%92%BE")]
    public async Task An_unknown_route_is_404(string method, string path) =>
        (await Mooring.SendAsync(method, path)).ShouldRefuse(404, "/api/v1/ or /api/mooring/v1/");

    [Theory]
    [InlineData("PUT", "/api/v1/disks/", "GET, POST")]
    [InlineData("POST", "/api/v1/disks/fdb5205fd9b14c9d804d3f70b4c96da0", "DELETE, GET, PATCH")]
    [InlineData("DELETE", "/api/v1/pods/", "GET, POST")]
    [InlineData("POST", "/api/v1/availability/disks", "GET")]
    public async Task A_wrong_method_is_405_and_says_which_are_right(string method, string path, string allowed) =>
        (await Mooring.SendAsync(method, path)).ShouldRefuse(405, method, allowed);

    [Theory]
    [InlineData("", "body")]
    [InlineData("   ", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("\"disk\"", "body")]
    [InlineData("42", "body")]
    [InlineData("{", "body")]
    [InlineData("{\"disk\":", "disk")]
    [InlineData("{\"disk\":{\"size\":1}} {}", "body")]
    [InlineData("{'disk':1}", "body")]
    [InlineData("{\"disk\":{\"size\":1},}", "body")]
    [InlineData("{\"disk\":[],\"provider\":{\"type\":\"hyperstack\"}}", "disk")]
    [InlineData("{\"disk\":{\"size\":1.5},\"provider\":{\"type\":\"hyperstack\"}}", "disk.size")]
    [InlineData("{\"disk\":{\"size\":\"1\"},\"provider\":{\"type\":\"hyperstack\"}}", "disk.size")]
    [InlineData("{\"disk\":{\"size\":1e400},\"provider\":{\"type\":\"hyperstack\"}}", "disk.size")]
    [InlineData("{\"disk\":{\"size\":1,\"colour\":\"red\"},\"provider\":{\"type\":\"hyperstack\"}}", "disk.colour")]
    [InlineData("{\"disk\":{\"size\":1,\"size\":2},\"provider\":{\"type\":\"hyperstack\"}}", "disk.size")]
    [InlineData("{\"disk\":{\"size\":1,\"name\":\"\\ud800\"},\"provider\":{\"type\":\"hyperstack\"}}", "disk.name")]
    public async Task A_malformed_body_is_422_and_says_where(string body, string where) =>
        (await Mooring.PostAsync("/disks/", body)).ShouldFault(where);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task A_foreign_content_type_is_415(string type) =>
        (await Mooring.SendAsync("POST", "/api/v1/disks/", Good, change: As(type)))
            .ShouldRefuse(415, "application/json");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.mooring+json")]
    [InlineData(null)]
    public async Task JSON_under_any_of_its_names_or_none_is_read(string? type) =>
        (await Mooring.SendAsync("POST", "/api/v1/disks/", Good, change: As(type))).ShouldBe(201);

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        var before = await Mooring.ReadAsync(db => db.Disks.CountAsync(TestContext.Current.CancellationToken));
        var body = Good.Replace("hyperstack", new string('x', 1_100_000), StringComparison.Ordinal);

        // Who asks first whether it may send it is not cut off in the middle of it (RFC 9110, 10.1.1).
        (await Mooring.SendAsync(
            "POST", "/api/v1/disks/", body, change: request => request.Headers.ExpectContinue = true))
            .ShouldRefuse(413, "too large");

        (await Mooring.ReadAsync(db => db.Disks.CountAsync(TestContext.Current.CancellationToken))).ShouldBe(before);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_422() =>
        (await Mooring.SendAsync("POST", "/api/v1/disks/", Good, change: request =>
        {
            var bytes = Encoding.ASCII.GetBytes("""{"disk":{"size":1,"name":"?"},"provider":{"type":"hyperstack"}}""");
            bytes[Array.IndexOf(bytes, (byte)'?')] = 0xff;
            request.Content = new ByteArrayContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        })).ShouldFault("disk.name");

    [Fact]
    public async Task Every_fault_of_a_body_is_told_at_once() =>
        (await Mooring.PostAsync("/disks/", """{"disk":{"size":0,"name":""}}"""))
            .ShouldFault("disk.size", "disk.name", "provider.type");

    [Theory]
    [InlineData("{}", "disk", "provider.type")]
    [InlineData("""{"disk":{},"provider":{}}""", "disk.size", "provider.type")]
    [InlineData("""{"disk":{"size":1},"provider":{"type":"nobody"}}""", "provider.type")]
    [InlineData("""{"disk":{"size":1,"dataCenterId":"M"},"provider":{"type":"hyperstack"}}""", "disk.dataCenterId")]
    [InlineData("""{"disk":{"size":1,"cloudId":"x"},"provider":{"type":"hyperstack"}}""", "disk.cloudId")]
    [InlineData("""{"disk":{"size":1,"country":"XX"},"provider":{"type":"hyperstack"}}""", "disk.country")]
    [InlineData("""{"disk":{"size":-1},"provider":{"type":"hyperstack"}}""", "disk.size")]
    [InlineData("""{"disk":{"size":100001},"provider":{"type":"hyperstack"}}""", "disk.size")]
    [InlineData("""{"disk":{"size":2147483647},"provider":{"type":"hyperstack"}}""", "disk.size")]
    [InlineData("""{"disk":{"size":1,"name":"  "},"provider":{"type":"hyperstack"}}""", "disk.name")]
    [InlineData("""{"disk":{"size":1,"name":"a\nb"},"provider":{"type":"hyperstack"}}""", "disk.name")]
    [InlineData("""{"disk":{"size":1,"name":"a\u0000b"},"provider":{"type":"hyperstack"}}""", "disk.name")]
    public async Task A_disk_that_breaks_a_rule_of_form_is_422_and_nothing_is_created(
        string body, params string[] where)
    {
        var before = await Mooring.ReadAsync(db => db.Disks.CountAsync(TestContext.Current.CancellationToken));

        (await Mooring.PostAsync("/disks/", body)).ShouldFault(where);

        (await Mooring.ReadAsync(db => db.Disks.CountAsync(TestContext.Current.CancellationToken))).ShouldBe(before);
    }

    [Fact]
    public async Task The_words_of_a_422_are_those_that_the_contract_gives_as_its_example() =>
        (await Mooring.PostAsync("/disks/", """{"disk":{"size":100001},"provider":{"type":"hyperstack"}}"""))
            .ShouldBeJson("""
                {"detail":[{"loc":["body","disk","size"],"msg":"must be between 1 and 100000","type":"value_error"}],
                 "errors":[{"param":"disk.size","details":"must be between 1 and 100000"}]}
                """);

    [Fact]
    public async Task A_team_that_one_is_not_a_member_of_is_403()
    {
        const string Team = ",\"team\":{\"teamId\":\"cteam\"}}";

        (await Mooring.PostAsync("/disks/", Good.TrimEnd('}') + "}" + Team)).ShouldRefuse(403, "cteam");
        (await Mooring.PostAsync("/pods/", TestMooring.PodBody().TrimEnd('}') + Team)).ShouldRefuse(403, "cteam");
    }

    private static Action<HttpRequestMessage> As(string? type) => request =>
    {
        request.Content!.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
    };
}
