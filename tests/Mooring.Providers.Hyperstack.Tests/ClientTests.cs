using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>How requests are sent: once, with the key, in time, and no further than to the cloud.</summary>
public class ClientTests
{
    private const string Empty = """{"status": true, "message": "Success", "volumes": []}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_is_in_its_own_header_and_nowhere_else()
    {
        using var network = Canned.Answering(200, Empty);
        using var client = network.Client(TimeProvider.System);
        await new Volumes(client, 100).FindAsync("mrg-x", Ct);
        network.Last!.Headers.GetValues("api_key").ShouldBe([Canned.Key]);
        network.Last.Headers.Authorization.ShouldBeNull();
        network.Last.RequestUri!.AbsoluteUri.ShouldBe(
            "https://infrahub-api.nexgencloud.com/v1/core/volumes?search=mrg-x&page=1&pageSize=100");
    }

    [Fact]
    public async Task What_takes_too_long_is_given_up_and_proves_nothing()
    {
        var time = new FakeTimeProvider();
        using var network = new Canned(async _ =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            return Canned.Answer(200, Empty);
        });
        using var client = network.Client(time);
        var change = new Volumes(client, 100).DeleteAsync(1, Ct);
        var look = new Volumes(client, 100).FindAsync("mrg-x", Ct);
        time.Advance(TimeSpan.FromSeconds(16));
        await Should.ThrowAsync<UnknownOutcomeException>(() => change);
        await Should.ThrowAsync<UnreachableException>(() => look);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_was_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var options = new HyperstackOptions { BaseAddress = new Uri($"http://127.0.0.1:{port}/v1") };
        using var client = new HyperstackClient(options, Canned.Key, null, TimeProvider.System);
        await Should.ThrowAsync<UnreachableException>(() => new Volumes(client, 100).DeleteAsync(1, Ct));
    }

    [Fact]
    public async Task A_change_whose_connection_ends_is_sent_once_whatever_its_method()
    {
        await using var server = new CuttingServer();
        using var client = new HyperstackClient(
            new HyperstackOptions { BaseAddress = server.Address }, Canned.Key, null, TimeProvider.System);
        Func<Task>[] changes =
        [
            () => new Volumes(client, 100).DeleteAsync(1, Ct),
            () => new Machines(client, 100).StopAsync(1, Ct),
            () => new Machines(client, 100).DeleteAsync(1, Ct),
            () => new Machines(client, 100).UnprotectAsync(1, Ct),
            () => new Machines(client, 100).AttachAsync(1, 2, Ct),
        ];
        foreach (var change in changes)
        {
            var before = server.Requests;
            await Should.ThrowAsync<UnknownOutcomeException>(change);
            (server.Requests - before).ShouldBe(1);
        }
    }

    // When this fails, .NET has stopped to do so, and a change needs no empty body any more.
    [Fact]
    public async Task Without_a_body_dotnet_itself_sends_again()
    {
        await using var server = new CuttingServer();
        using var client = new HttpClient(new SocketsHttpHandler());
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri(server.Address, "x"), Ct));
        server.Requests.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_wait_for_its_turn_is_paced_and_a_long_one_refused()
    {
        var time = new FakeTimeProvider();
        var pace = new Pace(callsPerMinute: 60, burst: 2, patience: TimeSpan.FromSeconds(3), time);
        await pace.TakeAsync(Ct);
        await pace.TakeAsync(Ct);
        Task[] waiting = [pace.TakeAsync(Ct), pace.TakeAsync(Ct), pace.TakeAsync(Ct)];
        (await Should.ThrowAsync<ThrottledException>(() => pace.TakeAsync(Ct)))
            .RetryAfter.ShouldBe(TimeSpan.FromSeconds(4));

        foreach (var one in waiting)
        {
            one.IsCompleted.ShouldBeFalse();
            time.Advance(TimeSpan.FromSeconds(1));
            await one.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Ct);
        }

        time.Advance(TimeSpan.FromHours(1));
        await pace.TakeAsync(Ct);
        await pace.TakeAsync(Ct);
        pace.TakeAsync(Ct).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Accounts_of_one_process_are_paced_together_and_those_of_another_place_apart()
    {
        var time = new FakeTimeProvider();
        var paces = new HyperstackPaces(time);
        var options = new HyperstackOptions { CallBurst = 2 };
        var elsewhere = options with { BaseAddress = new Uri("http://127.0.0.1:9/v1") };
        using var network = Canned.Answering(200, """{"status": true, "message": "", "volumes": []}""");
        using var one = Open(options);
        using var other = Open(options);
        using var simulated = Open(elsewhere);
        await one.Disks.ListAsync(Ct).ToListAsync(Ct);

        var third = other.Disks.ListAsync(Ct).ToListAsync(Ct);
        third.IsCompleted.ShouldBeFalse();
        await simulated.Disks.ListAsync(Ct).ToListAsync(Ct);
        time.Advance(TimeSpan.FromMinutes(1));
        await third;

        HyperstackProvider Open(HyperstackOptions of) => HyperstackProvider.Open(
            of, Canned.Key, Canned.Installation, time, NullLogger.Instance, network, paces);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        using var network = Canned.Answering(200, new string(' ', (16 << 20) + 1));
        using var client = network.Client(TimeProvider.System);
        await Should.ThrowAsync<UnreachableException>(() => new Volumes(client, 100).FindAsync("mrg-x", Ct));
    }
}
