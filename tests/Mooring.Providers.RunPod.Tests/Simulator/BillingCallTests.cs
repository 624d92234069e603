using System.Net;
using System.Text.Json.Nodes;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests.Simulator;

public class BillingCallTests
{
    private const string Volumes = "/v2/billing/network-volumes";
    private const string Pods = "/v2/billing/pods";

    [Fact]
    public async Task A_bill_has_a_record_for_each_volume_and_bucket_in_which_it_cost()
    {
        await using var played = await Played.StartAsync();
        var id = await played.MakeVolumeAsync(730);
        played.Time.Advance(TimeSpan.FromHours(36));
        var (status, bill) = await played.CallAsync("GET", Volumes);
        status.ShouldBe(HttpStatusCode.OK);
        // 730 GB for 0.07 USD a month of 730 hours.
        JsonNode.DeepEquals(bill, JsonNode.Parse(
            """
            {"records": [
              {"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-09-02T00:00:00Z", "networkVolumeId": "ID",
               "totalAmount": 1.68, "standardAmount": 1.68, "highPerformanceAmount": 0},
              {"startTime": "2026-09-02T00:00:00Z", "endTime": "2026-09-03T00:00:00Z", "networkVolumeId": "ID",
               "totalAmount": 0.84, "standardAmount": 0.84, "highPerformanceAmount": 0}],
             "metadata": {
               "query": {
                 "startTime": "2026-08-03T00:00:00Z", "endTime": "2026-09-03T00:00:00Z", "bucketSize": "day"},
               "recordCount": 2, "uniqueNetworkVolumeCount": 1,
               "totals": {"totalAmount": 2.52, "standardAmount": 2.52, "highPerformanceAmount": 0}}}
            """.Replace("ID", id))).ShouldBeTrue(bill!.ToJsonString());
    }

    [Theory]
    [InlineData("hour", 50)]
    [InlineData("day", 3)]
    [InlineData("week", 1)]
    [InlineData("month", 1)]
    [InlineData("year", 1)]
    public async Task Any_buckets_add_up_to_the_books_to_the_last_digit(string size, int records)
    {
        await using var played = await Played.StartAsync();
        // A Tuesday, at no round time.
        played.Time.Advance(new TimeSpan(0, 20, 7, 13, 501));
        await played.MakeVolumeAsync(123);
        var path = $"/v2/pods/{await played.MakePodAsync()}";
        played.Time.Advance(TimeSpan.FromHours(5) + TimeSpan.FromTicks(7));
        await played.CallAsync("POST", $"{path}/action", """{"action": "stop"}""");
        played.Time.Advance(TimeSpan.FromHours(40));
        await played.CallAsync("POST", $"{path}/action", """{"action": "start"}""");
        played.Time.Advance(new TimeSpan(0, 3, 59, 59, 999));
        var books = played.Books;

        var volumes = await RecordsAsync(played, $"{Volumes}?bucketSize={size}");
        volumes.Count.ShouldBe(records);
        Total(volumes).ShouldBe(decimal.Round(books.Volumes[0].CostUsd, 12));
        var pods = await RecordsAsync(played, $"{Pods}?bucketSize={size}");
        Total(pods).ShouldBe(decimal.Round(books.Pods[0].CostUsd, 12));
        pods.ShouldAllBe(one => one["gpuAmount"]!.GetValue<decimal>() == one["totalAmount"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_day_that_is_over_costs_what_it_did_whatever_comes_after()
    {
        await using var played = await Played.StartAsync();
        var path = $"/v2/network-volumes/{await played.MakeVolumeAsync(100)}";
        played.Time.Advance(TimeSpan.FromDays(1));
        const string FirstDay = $"{Volumes}?startTime=2026-09-01T00:00:00Z&endTime=2026-09-02T00:00:00Z";
        var before = Total(await RecordsAsync(played, FirstDay));
        before.ShouldBe(decimal.Round(played.Books.CostUsd, 12));

        await played.CallAsync("PATCH", path, """{"size": 200}""");
        played.Time.Advance(TimeSpan.FromDays(1));
        await played.CallAsync("DELETE", path);
        played.Time.Advance(TimeSpan.FromDays(1));
        Total(await RecordsAsync(played, FirstDay)).ShouldBe(before);
        Total(await RecordsAsync(played, FirstDay.Replace("09-02", "09-03").Replace("09-01", "09-02")))
            .ShouldBe(2 * before, tolerance: 1e-12m);
        (await RecordsAsync(played, FirstDay.Replace("09-02", "09-04").Replace("09-01", "09-03"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_time_is_widened_to_whole_buckets()
    {
        await using var played = await Played.StartAsync();
        await played.MakeVolumeAsync();
        played.Time.Advance(TimeSpan.FromDays(3));
        const string Query = "?startTime=2026-09-01T17:30:00.5Z&endTime=2026-09-02T02:00:01%2B02:00&bucketSize=day";
        (await RecordsAsync(played, Volumes + Query)).Select(one => one["startTime"]!.GetValue<string>())
            .ShouldBe(["2026-09-01T00:00:00Z", "2026-09-02T00:00:00Z"]);
    }

    [Theory]
    [InlineData("lastN=2", 2)]
    [InlineData("lastN=1&bucketSize=month", 1)]
    [InlineData("lastN=10000&bucketSize=year", 1)]
    [InlineData("networkVolumeId=nobodys", 0)]
    [InlineData("startTime=2026-09-03T00:00:00Z", 1)]
    [InlineData("endTime=2026-09-02T00:00:00Z&nobodyKnows=this", 1)]
    public async Task What_is_asked_for_comes(string query, int records)
    {
        await using var played = await Played.StartAsync();
        await played.MakeVolumeAsync();
        played.Time.Advance(TimeSpan.FromHours(60));
        (await RecordsAsync(played, $"{Volumes}?{query}")).Count.ShouldBe(records);
    }

    [Theory]
    [InlineData("lastN=2&startTime=2026-09-01T00:00:00Z")]
    [InlineData("lastN=2&endTime=2026-09-01T00:00:00Z")]
    [InlineData("lastN=0")]
    [InlineData("lastN=-1")]
    [InlineData("lastN=many")]
    [InlineData("bucketSize=minute")]
    [InlineData("bucketSize=Day")]
    [InlineData("startTime=2026-09-01")]
    [InlineData("startTime=2026-09-01T00:00:00")]
    [InlineData("endTime=now")]
    [InlineData("endTime=9999-12-31T23:59:59Z")]
    [InlineData("startTime=2026-09-02T00:00:00Z&endTime=2026-09-02T00:00:00Z")]
    public async Task What_makes_no_sense_is_refused(string query)
    {
        await using var played = await Played.StartAsync();
        foreach (var path in (string[])[Volumes, Pods])
        {
            (await played.CallAsync("GET", $"{path}?{query}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData("billing.volumes", Volumes)]
    [InlineData("billing.pods", Pods)]
    public async Task Things_go_wrong_here_as_elsewhere(string route, string path)
    {
        await using var played = await Played.StartAsync(new Fault { Kind = FaultKind.Unreachable, On = [route] });
        using var answer = await played.SendAsync("GET", path);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        played.Books.Calls[route].ShouldBe(1);
    }

    private static async Task<IReadOnlyList<JsonNode>> RecordsAsync(Played played, string path)
    {
        var (status, bill) = await played.CallAsync("GET", path);
        status.ShouldBe(HttpStatusCode.OK, bill?.ToJsonString());
        var records = bill!["records"]!.AsArray().Select(record => record!).ToList();
        bill["metadata"]!["recordCount"]!.GetValue<int>().ShouldBe(records.Count);
        bill["metadata"]!["totals"]!["totalAmount"]!.GetValue<decimal>().ShouldBe(Total(records));
        return records;
    }

    private static decimal Total(IEnumerable<JsonNode> records) =>
        records.Sum(record => record["totalAmount"]!.GetValue<decimal>());
}
