using System.Net;
using Mooring.Simulators.RunPod;

namespace Mooring.Providers.RunPod.Tests.Simulator;

public class FaultTests
{
    private const string Order = """{"name": "v", "size": 10, "dataCenter": "US-KS-2"}""";

    [Theory]
    [InlineData(FaultKind.Refused, HttpStatusCode.BadRequest, 0)]
    [InlineData(FaultKind.OutOfStock, HttpStatusCode.BadRequest, 0)]
    [InlineData(FaultKind.Unauthorized, HttpStatusCode.Unauthorized, 0)]
    [InlineData(FaultKind.Throttled, HttpStatusCode.TooManyRequests, 0)]
    [InlineData(FaultKind.Unreachable, HttpStatusCode.ServiceUnavailable, 0)]
    [InlineData(FaultKind.Duplicate, HttpStatusCode.Created, 2)]
    [InlineData(FaultKind.Garbage, HttpStatusCode.OK, 1)]
    public async Task A_create_that_is_answered_is_done_as_often_as_the_fault_says(
        FaultKind kind, HttpStatusCode status, int made)
    {
        await using var played = await Played.StartAsync(new Fault { Kind = kind, On = ["volumes.create"] });
        using var response = await played.SendAsync("POST", "/v2/network-volumes", Order);
        response.StatusCode.ShouldBe(status);
        played.Books.Volumes.Count.ShouldBe(made);
        played.Books.Faults.ShouldHaveSingleItem().ShouldBe(
            new MetFault(kind, "volumes.create", 1, played.Time.GetUtcNow()));
    }

    [Theory]
    [InlineData(FaultKind.LostReply, 1)]
    [InlineData(FaultKind.LostRequest, 0)]
    [InlineData(FaultKind.Truncated, 1)]
    [InlineData(FaultKind.Late, 0)]
    public async Task A_create_whose_connection_ends_is_done_or_not(FaultKind kind, int made)
    {
        await using var played = await Played.StartAsync(
            new Fault { Kind = kind, On = ["volumes.create"], Seconds = 9 });
        await Should.ThrowAsync<HttpRequestException>(() => played.CallAsync("POST", "/v2/network-volumes", Order));
        played.Books.Volumes.Count.ShouldBe(made);
    }

    [Fact]
    public async Task A_late_create_is_done_at_its_own_time()
    {
        await using var played = await Played.StartAsync(
            new Fault { Kind = FaultKind.Late, On = ["volumes.create"], Seconds = 9 });
        var asked = played.Time.GetUtcNow();
        await Should.ThrowAsync<HttpRequestException>(() => played.CallAsync("POST", "/v2/network-volumes", Order));
        played.Time.Advance(TimeSpan.FromSeconds(60));
        played.Books.Volumes.ShouldHaveSingleItem().CreatedAt.ShouldBe(asked + TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_call_that_stalls_is_done_when_it_goes_on_and_one_that_hangs_before()
    {
        await using var played = await Played.StartAsync(
            new Fault { Kind = FaultKind.Stall, On = ["volumes.create"], Calls = [1], Seconds = 5 },
            new Fault { Kind = FaultKind.Hang, On = ["volumes.create"], Calls = [2], Seconds = 5 });
        var stalled = played.CallAsync("POST", "/v2/network-volumes", Order);
        await UntilAsync(() => played.Books.Faults.Count == 1);
        played.Books.Volumes.ShouldBeEmpty();
        await AdvanceUntilAsync(played, stalled);
        played.Books.Volumes.Count.ShouldBe(1);

        var hanging = played.CallAsync("POST", "/v2/network-volumes", Order);
        await UntilAsync(() => played.Books.Faults.Count == 2);
        played.Books.Volumes.Count.ShouldBe(2);
        hanging.IsCompleted.ShouldBeFalse();
        await AdvanceUntilAsync(played, hanging);
    }

    [Fact]
    public async Task A_pod_ends_fails_or_is_shown_as_something_else()
    {
        await using var played = await Played.StartAsync(
            new Fault { Kind = FaultKind.Ends, On = ["pods.create"], Calls = [1], Seconds = 60 },
            new Fault { Kind = FaultKind.Fails, On = ["pods.create"], Calls = [2], Seconds = 60 },
            new Fault { Kind = FaultKind.WrongStatus, On = ["pods.list"], Calls = [1], Status = "HIBERNATING" },
            new Fault { Kind = FaultKind.Disappears, On = ["pods.list"], Calls = [3] });
        await played.MakePodAsync();
        await played.MakePodAsync();
        (await StatusesAsync()).ShouldBe(["HIBERNATING", "HIBERNATING"]);
        played.Time.Advance(TimeSpan.FromSeconds(60));
        (await StatusesAsync()).ShouldBe(["EXITED", "ERROR"]);
        (await StatusesAsync()).ShouldBe(["ERROR"]);

        async Task<IEnumerable<string>> StatusesAsync() =>
            (await played.CallAsync("GET", "/v2/pods")).Body!["pods"]!.AsArray()
                .Select(pod => pod!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_volume_may_be_stuck_to_a_pod_that_is_gone()
    {
        await using var played = await Played.StartAsync(
            new Fault { Kind = FaultKind.StuckDetach, On = ["pods.delete"], Seconds = 60 });
        var volume = await played.MakeVolumeAsync();
        await played.CallAsync("DELETE", $"/v2/pods/{await played.MakePodAsync(volume)}");
        (await played.CallAsync("DELETE", $"/v2/network-volumes/{volume}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        played.Time.Advance(TimeSpan.FromSeconds(60));
        (await played.CallAsync("DELETE", $"/v2/network-volumes/{volume}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_fault_meets_calls_in_its_time_and_as_often_as_it_may()
    {
        await using var played = await Played.StartAsync(new Fault
        {
            Kind = FaultKind.Refused,
            HttpStatus = 402,
            FromSeconds = 10,
            UntilSeconds = 20,
            Times = 1,
        });
        (await StatusAsync()).ShouldBe(200);
        played.Time.Advance(TimeSpan.FromSeconds(10));
        (await StatusAsync()).ShouldBe(402);
        (await StatusAsync()).ShouldBe(200);

        async Task<int> StatusAsync() => (int)(await played.CallAsync("GET", "/v2/pods")).Status;
    }

    [Fact]
    public async Task The_same_seed_has_the_same_chances_and_another_has_others()
    {
        (await ChancesAsync(1)).ShouldBe(await ChancesAsync(1));
        (await ChancesAsync(1)).ShouldNotBe(await ChancesAsync(2));

        static async Task<List<HttpStatusCode>> ChancesAsync(long seed)
        {
            await using var played = await Played.StartAsync(new SimulatorOptions
            {
                Seed = seed,
                Faults = [new Fault { Kind = FaultKind.Unreachable, Probability = 0.5 }],
            });
            List<HttpStatusCode> statuses = [];
            for (var i = 0; i < 40; i++)
            {
                using var response = await played.SendAsync("GET", "/v2/pods");
                statuses.Add(response.StatusCode);
            }

            statuses.ShouldContain(HttpStatusCode.OK);
            statuses.ShouldContain(HttpStatusCode.ServiceUnavailable);
            return statuses;
        }
    }

    private static async Task AdvanceUntilAsync(Played played, Task call)
    {
        // The call may not have begun to wait yet when its fault is in the books.
        await UntilAsync(() =>
        {
            played.Time.Advance(TimeSpan.FromSeconds(5));
            return call.IsCompleted;
        });
        await call;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(
                TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
