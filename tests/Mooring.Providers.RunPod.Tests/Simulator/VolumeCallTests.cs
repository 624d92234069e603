using System.Net;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests.Simulator;

public class VolumeCallTests
{
    [Fact]
    public async Task A_volume_has_exactly_five_fields()
    {
        await using var played = await Played.StartAsync();
        var id = await played.MakeVolumeAsync(500);
        var (status, body) = await played.CallAsync("GET", $"/v2/network-volumes/{id}");
        status.ShouldBe(HttpStatusCode.OK);
        body!.ToJsonString().ShouldBe(
            $$"""{"id":"{{id}}","name":"v","size":500,"dataCenter":"US-KS-2","type":"STANDARD"}""");
        id.Length.ShouldBe(10);
    }

    [Fact]
    public async Task Names_repeat_and_a_list_shows_all_whatever_is_asked_of_it()
    {
        await using var played = await Played.StartAsync();
        var one = await played.MakeVolumeAsync();
        var other = await played.MakeVolumeAsync();
        var (_, body) = await played.CallAsync("GET", "/v2/network-volumes?name=nobody&page=7");
        body!["networkVolumes"]!.AsArray().Select(volume => volume!["id"]!.GetValue<string>()).ShouldBe([one, other]);
    }

    [Theory]
    [InlineData("""{"name": "v", "size": 10, "dataCenter": "US-KS-2", "labels": {}}""", 422, "'labels' not allowed")]
    [InlineData("""{"name": "v", "size": 10, "dataCenterId": "US-KS-2"}""", 422, "missing property 'dataCenter'")]
    [InlineData("""{"name": "v", "size": 10, "dataCenterId": "US-KS-2"}""", 422, "'size' not allowed")]
    [InlineData("""{"name": "v", "size": "10", "dataCenter": "US-KS-2"}""", 422, "$.size: want integer")]
    [InlineData("""{"name": "v", "size": 9, "dataCenter": "US-KS-2"}""", 422, "from 10 to 4096")]
    [InlineData("""{"name": "v", "size": 4097, "dataCenter": "US-KS-2"}""", 422, "from 10 to 4096")]
    [InlineData("""{"name": "", "size": 10, "dataCenter": "US-KS-2"}""", 422, "$.name")]
    [InlineData("""{"name": "v", "size": 10, "dataCenter": "US-KS-2", "type": null}""", 422, "$.type: got null")]
    [InlineData("""{"name": "v", "size": 10, "dataCenter": "US-KS-2", "type": "FAST"}""", 422, "$.type")]
    [InlineData("""{"name": "v", "size": 10, "dataCenter": "US-TX-3"}""", 400, "US-KS-2, CA-MTL-1")]
    [InlineData("""{"name": "v", "size": 10, "dataCenter": "us-ks-2"}""", 400, "no network volumes")]
    [InlineData("""{"name": "v", "size": 10, "dataCenter": "EU-RO-1", "type": "HIGH_PERFORMANCE"}""", 400, "type")]
    [InlineData("[]", 400, "no JSON object")]
    [InlineData("{", 400, "no JSON object")]
    [InlineData("", 400, "no JSON object")]
    public async Task A_create_that_is_not_as_the_schema_says_is_refused(string order, int status, string words)
    {
        await using var played = await Played.StartAsync();
        using var response = await played.SendAsync("POST", "/v2/network-volumes", order);
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        response.Headers.GetValues("x-request-id").ShouldHaveSingleItem();
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(words);
        played.Books.Volumes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_volume_only_grows()
    {
        await using var played = await Played.StartAsync();
        var path = $"/v2/network-volumes/{await played.MakeVolumeAsync(20)}";
        (await played.CallAsync("PATCH", path, """{"size": 20}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await played.CallAsync("PATCH", path, """{"size": 30, "name": "w"}""")).Body!["size"]!.GetValue<int>()
            .ShouldBe(30);
        (await played.CallAsync("PATCH", path, """{"size": 29}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await played.CallAsync("PATCH", path, "{}")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await played.CallAsync("PATCH", path, """{"type": "STANDARD"}""")).Status
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_delete_is_answered_without_a_body_and_then_there_is_nothing()
    {
        await using var played = await Played.StartAsync();
        var path = $"/v2/network-volumes/{await played.MakeVolumeAsync()}";
        (await played.CallAsync("DELETE", path)).ShouldBe((HttpStatusCode.NoContent, null));
        (await played.CallAsync("DELETE", path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await played.CallAsync("GET", path)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(500)]
    public async Task A_mounted_volume_is_not_deleted_before_its_pod_is(int status)
    {
        await using var played = await Played.StartAsync(
            new SimulatorOptions { Assumptions = new Assumptions { StatusOfDeleteInUse = status } });
        var volume = await played.MakeVolumeAsync();
        var pod = await played.MakePodAsync(volume);
        ((int)(await played.CallAsync("DELETE", $"/v2/network-volumes/{volume}")).Status).ShouldBe(status);
        await played.CallAsync("POST", $"/v2/pods/{pod}/action", """{"action": "stop"}""");
        ((int)(await played.CallAsync("DELETE", $"/v2/network-volumes/{volume}")).Status).ShouldBe(status);
        await played.CallAsync("DELETE", $"/v2/pods/{pod}");
        (await played.CallAsync("DELETE", $"/v2/network-volumes/{volume}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(10, "0.7")]
    [InlineData(1000, "70")]
    [InlineData(4096, "224.8")]
    public async Task A_month_costs_what_the_price_list_says(int size, string usd)
    {
        await using var played = await Played.StartAsync();
        await played.MakeVolumeAsync(size);
        played.Time.Advance(TimeSpan.FromHours(730));
        decimal.Round(played.Books.CostUsd, 12).ShouldBe(decimal.Parse(usd));
    }

    [Fact]
    public async Task What_is_gone_costs_no_more_and_what_grew_costs_more_from_then_on()
    {
        await using var played = await Played.StartAsync();
        var path = $"/v2/network-volumes/{await played.MakeVolumeAsync(100)}";
        played.Time.Advance(TimeSpan.FromHours(365));
        await played.CallAsync("PATCH", path, """{"size": 200}""");
        played.Time.Advance(TimeSpan.FromHours(365));
        await played.CallAsync("DELETE", path);
        played.Time.Advance(TimeSpan.FromHours(365));
        decimal.Round(played.Books.CostUsd, 12).ShouldBe(3.5m + 7m);

        var (_, bill) = await played.CallAsync("GET", "/v2/billing/network-volumes?bucketSize=month&lastN=2");
        bill!["metadata"]!["totals"]!["totalAmount"]!.GetValue<decimal>().ShouldBe(10.5m);
    }
}
