using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>The simulator as whoever rehearses with it sees it: its limits, its money, its operator's door.</summary>
public class SimulatorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_than_500_requests_in_a_minute_are_throttled_until_it_is_over()
    {
        var time = new FakeTimeProvider();
        await using var cloud = await HyperstackSimulator.StartAsync(new SimulatorOptions(), time, Ct);
        using var client = Client("any");
        for (var call = 0; call < 500; call++)
        {
            (await client.GetAsync(new Uri(cloud.Address, "core/regions"), Ct)).EnsureSuccessStatusCode();
        }

        var answer = await client.GetAsync(new Uri(cloud.Address, "core/regions"), Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter.ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(60));
        (await client.GetAsync(new Uri(cloud.Address, "core/regions"), Ct)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_wrong_key_opens_nothing()
    {
        var options = new SimulatorOptions { ApiKey = "right" };
        await using var cloud = await HyperstackSimulator.StartAsync(options, TimeProvider.System, Ct);
        using var right = Client("right");
        using var wrong = Client("wrong");
        (await right.GetAsync(new Uri(cloud.Address, "core/volumes"), Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await wrong.GetAsync(new Uri(cloud.Address, "core/volumes"), Ct)).StatusCode
            .ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_a_disk_and_a_machine_cost_is_exact()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.RunAsync(House.Machine(2), Ct);
        var since = house.Cloud.Books.Machines[0].Since;
        house.Time.Advance(TimeSpan.FromHours(2) - (house.Time.GetUtcNow() - since));
        var books = house.Cloud.Books;
        books.Machines[0].CostUsd.ShouldBe(2 * 1.90m);
        var minutes = (decimal)Math.Ceiling((house.Time.GetUtcNow() - books.Volumes[0].Since).TotalMinutes);
        books.Volumes[0].CostUsd.ShouldBe(minutes * 0.000096774m * 10 / 60);

        await house.Provider.Instances.EnsureDeletedAsync(new(House.Name(2), null), Ct);
        house.Time.Advance(TimeSpan.FromHours(5));
        house.Cloud.Books.Machines[0].CostUsd.ShouldBe(2 * 1.90m);
    }

    [Fact]
    public async Task The_operators_door_adds_and_clears_faults_and_shows_the_books()
    {
        await using var house = await House.OpenAsync(Ct);
        using var client = Client("none");
        var faults = new Uri(house.Cloud.AdminAddress, "_admin/faults");
        using var script = new StringContent(
            """[{ "fault": "refused", "on": ["volumes.create"], "words": "Not today.", "times": 3 }]""");
        (await client.PostAsync(faults, script, Ct)).EnsureSuccessStatusCode();
        await house.Provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct);
        (await Should.ThrowAsync<RefusedException>(() => house.Provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct)))
            .Message.ShouldBe("Hyperstack: Not today.");

        (await client.DeleteAsync(faults, Ct)).EnsureSuccessStatusCode();
        await house.MakeAsync(House.Disk(1), Ct);
        var books = JsonNode.Parse(
            await client.GetStringAsync(new Uri(house.Cloud.AdminAddress, "_admin/books"), Ct))!;
        books["volumes"]![0]!["name"]!.GetValue<string>().ShouldBe(House.Name(1));
        books["faults"]![0]!["kind"]!.GetValue<string>().ShouldBe("Refused");
        books["calls"]!["volumes.create"]!.GetValue<long>().ShouldBe(2);
    }

    [Fact]
    public async Task The_operators_door_is_closed_to_other_machines() =>
        await Should.ThrowAsync<ArgumentException>(() => HyperstackSimulator.StartAsync(
            new SimulatorOptions { AdminListen = new IPEndPoint(IPAddress.Any, 0) }, TimeProvider.System, Ct));

    [Fact]
    public async Task The_operators_door_is_not_on_the_apis_side()
    {
        await using var house = await House.OpenAsync(Ct);
        using var client = Client("none");
        (await client.GetAsync(new Uri(house.Cloud.Address, "/_admin/books"), Ct)).StatusCode
            .ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{ "faults": [{ "fault": "raining", "on": ["*"] }] }""")]
    [InlineData("""{ "faults": [{ "fault": "slow" }] }""")]
    [InlineData("""{ "faults": [{ "fault": "slow", "on": ["*"], "second": 5 }] }""")]
    [InlineData("""{ "delay": {} }""")]
    [InlineData("null")]
    [InlineData("{")]
    public void A_script_that_is_none_is_told_so(string json) =>
        Should.Throw<FormatException>(() => Script.Parse(json)).Message.ShouldNotBeNullOrWhiteSpace();

    [Fact]
    public void A_script_is_read()
    {
        var script = Script.Parse(
            """
            {
              // Comments are allowed.
              "faults": [
                { "fault": "lostReply", "on": ["vms.*"], "probability": 0.5, "untilSeconds": 60, "calls": [1] },
              ],
              "delays": { "machineCreate": 90 },
              "assumptions": { "namesPerEnvironment": true },
            }
            """);
        script.Faults.ShouldHaveSingleItem().Kind.ShouldBe(FaultKind.LostReply);
        (script.Delays.MachineCreate, script.Delays.VolumeCreate).ShouldBe((90, 4));
        script.Assumptions.NamesPerEnvironment.ShouldBeTrue();
    }

    [Fact]
    public async Task A_get_of_what_is_not_there_is_missing_and_a_volume_in_use_is_not_deleted()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.RunAsync(House.Machine(2, House.Disk(1)), Ct);
        using var client = Client("any");
        var volume = new Uri(house.Cloud.Address, $"core/volumes/{house.Cloud.Books.Volumes[0].Id}");
        (await client.GetAsync(new Uri(house.Cloud.Address, "core/volumes/1"), Ct)).StatusCode
            .ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync(volume, Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await client.DeleteAsync(volume, Ct);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(Ct)).ShouldContain("attached to VM");
    }

    [Fact]
    public async Task A_call_that_hangs_is_done_when_its_time_is_over()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.Provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct);
        house.Cloud.AddFaults(new Fault { Kind = FaultKind.Hang, On = ["volumes.create"], Seconds = 30 });
        var create = house.Provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct);
        await UntilAsync(() => house.Cloud.CallsHeld == 1);
        house.Cloud.Books.Volumes.ShouldBeEmpty();
        house.Time.Advance(TimeSpan.FromSeconds(30));
        (await create).RemoteId.ShouldBe($"{house.Cloud.Books.Volumes.ShouldHaveSingleItem().Id}");
    }

    [Fact]
    public async Task A_price_that_changes_is_offered_and_what_exists_costs_as_before()
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        house.Cloud.AddFaults(new Fault { Kind = FaultKind.PriceChange, On = ["pricebook.get"], Factor = 1.5m });
        (await house.Provider.Disks.ListOffersAsync(Ct)).ShouldAllBe(
            offer => offer.PricePerGiBHour == Money.FromUsd(0.000145161m));
        house.Time.Advance(TimeSpan.FromHours(1) - (house.Time.GetUtcNow() - house.Cloud.Books.Volumes[0].Since));
        house.Cloud.Books.Volumes[0].CostUsd.ShouldBe(0.00096774m);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }
    }

    private static HttpClient Client(string key)
    {
        var client = new HttpClient(new SocketsHttpHandler());
        client.DefaultRequestHeaders.Add("api_key", key);
        return client;
    }
}
