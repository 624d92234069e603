using System.Net;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests.Simulator;

/// <summary>Keys, rate limits, scripts, and what whoever rehearses may do.</summary>
public class DoorTests
{
    public static TheoryData<string, string> Unusable => new()
    {
        { "", "JSON" },
        { "[]", "JSON" },
        { """{"faults": [{"kind": "earthquake"}]}""", "faults[0].kind" },
        { """{"faults": [{"on": ["*"]}]}""", "kind" },
        { """{"faults": [{"kind": "slow", "of": 1}]}""", "of" },
        { """{"faults": [{"kind": "slow", "on": ["disks.create"]}]}""", "faults[0]: 'on' names routes" },
        { """{"faults": [{"kind": "slow"}, {"kind": "slow", "probability": 2}]}""", "faults[1]: 'probability'" },
        { """{"faults": [{"kind": "slow", "seconds": 5, "secondsMost": 1}]}""", "'secondsMost'" },
        { """{"faults": [{"kind": "slow", "fromSeconds": 5, "untilSeconds": 1}]}""", "after it begins" },
        { """{"faults": [{"kind": "refused", "httpStatus": 200}]}""", "'httpStatus'" },
        { """{"faults": [{"kind": "slow", "calls": [0]}]}""", "counts from 1" },
    };

    [Fact]
    public async Task Without_a_key_nobody_comes_in()
    {
        await using var played = await Played.StartAsync(new SimulatorOptions { ApiKey = "another" });
        (await played.CallAsync("GET", "/v2/pods")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        played.SignOff();
        using var response = await played.SendAsync("GET", "/v2/pods");
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.Contains("RateLimit").ShouldBeFalse();
    }

    [Fact]
    public async Task Every_answer_tells_what_is_left_and_then_there_is_nothing_left()
    {
        await using var played = await Played.StartAsync(new SimulatorOptions
        {
            RateLimits = [new("minute", 2, TimeSpan.FromMinutes(1)), new("hour", 100, TimeSpan.FromHours(1))],
        });
        played.Time.Advance(TimeSpan.FromSeconds(48));
        using var first = await played.SendAsync("GET", "/v2/pods");
        first.Headers.GetValues("RateLimit").ShouldBe(["\"minute\";r=1;t=12, \"hour\";r=99;t=3552"]);
        first.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"minute\";q=2;w=60, \"hour\";q=100;w=3600"]);
        using var second = await played.SendAsync("GET", "/v2/pods");
        using var third = await played.SendAsync("GET", "/v2/pods");
        third.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        third.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(12));
        played.Time.Advance(TimeSpan.FromSeconds(12));
        (await played.CallAsync("GET", "/v2/pods")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/v2/nonsense", 404)]
    [InlineData("PUT", "/v2/pods", 405)]
    public async Task What_is_not_there_is_told_like_any_failure(string method, string path, int status)
    {
        await using var played = await Played.StartAsync();
        using var response = await played.SendAsync(method, path);
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        response.Content.Headers.Allow.ShouldBe(status == 405 ? ["GET", "POST"] : []);
    }

    [Fact]
    public void A_script_says_what_goes_wrong_and_when() => FaultScript.Parse(
        """
        {
          // Twice in the first minute.
          "faults": [{ "kind": "lostReply", "on": ["volumes.create"], "times": 2, "untilSeconds": 60 }],
        }
        """).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            fault => fault.Kind.ShouldBe(FaultKind.LostReply),
            fault => fault.On.ShouldBe(["volumes.create"]),
            fault => fault.Times.ShouldBe(2),
            fault => fault.Probability.ShouldBe(1),
            fault => fault.UntilSeconds.ShouldBe(60));

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_script_that_cannot_be_used_says_where_and_why(string script, string words) =>
        Should.Throw<FaultScriptException>(() => FaultScript.Parse(script)).Message.ShouldContain(words);

    [Fact]
    public async Task Whoever_rehearses_reads_the_books_and_lets_things_go_wrong()
    {
        await using var played = await Played.StartAsync(
            new SimulatorOptions { AdminListen = new IPEndPoint(IPAddress.Loopback, 0) });
        var admin = played.Simulator.AdminAddress.ShouldNotBeNull();
        await played.MakeVolumeAsync();

        var (_, faults) = await played.CallAsync(
            "POST", "/_admin/faults", """{"faults": [{"kind": "unauthorized", "on": ["pods.list"]}]}""", admin);
        faults!["faults"]!.AsArray().Count.ShouldBe(1);
        (await played.CallAsync("GET", "/v2/pods")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await played.CallAsync("DELETE", "/_admin/faults", null, admin)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await played.CallAsync("GET", "/v2/pods")).Status.ShouldBe(HttpStatusCode.OK);

        var (_, books) = await played.CallAsync("GET", "/_admin/books", null, admin);
        books!["volumes"]!.AsArray().ShouldHaveSingleItem()!["sizeGb"]!.GetValue<int>().ShouldBe(10);
        books["calls"]!["pods.list"]!.GetValue<int>().ShouldBe(2);
        books["faults"]!.AsArray().ShouldHaveSingleItem()!["kind"]!.GetValue<string>().ShouldBe("unauthorized");

        using var unusable = await played.SendAsync("POST", "/_admin/faults", "{}", admin);
        unusable.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var elsewhere = await played.SendAsync("GET", "/_admin/books");
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
