using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Mooring.Contract.V1;
using Mooring.Server.Accounts;
using Mooring.Server.Http;
using Mooring.Server.Tests.ProviderAccounts;

namespace Mooring.Server.Tests.Http;

/// <summary>What is refused because it is too much: too often, too long, too large, too deep.</summary>
public sealed class LimitTests
{
    private const string Disks = "/api/v1/disks/";
    private const string DiskBody = """{"disk":{"size":1},"provider":{"type":"hyperstack"}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_again()
    {
        await using var mooring = await StartAsync(new RequestLimits { PerKey = 1, PerAddress = 0, BurstSeconds = 1 });
        var other = await mooring.MintKeyAsync(ApiKey.AllPermissions);
        using var counted = new Counted("mooring.http.refused");

        var replies = await AskAsync(mooring, 40, "198.51.100.1");

        replies[0].ShouldBe(200);
        var refused = replies.First(reply => reply.Status != 200);
        refused.ShouldRefuse(429, "this API key", "Nothing was done");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        counted.Tags.ShouldContain("limit=key");
        (await AskAsync(mooring, 1, "198.51.100.1", other))[0].ShouldBe(200);
    }

    [Fact]
    public async Task An_address_that_asks_too_often_is_refused_before_its_keys_are_looked_at()
    {
        await using var mooring = await StartAsync(new RequestLimits { PerKey = 0, PerAddress = 1, BurstSeconds = 1 });
        using var counted = new Counted("mooring.http.refused");

        var replies = await AskAsync(mooring, 40, "198.51.100.1", "mrg_0123456789ab_guessed-and-guessed");

        replies[0].ShouldRefuse(401);
        replies.First(reply => reply.Status != 401).ShouldRefuse(429, "this address");
        replies.ShouldAllBe(reply => reply.Headers.Contains("X-Request-Id"));
        counted.Tags.ShouldContain("limit=address");
    }

    [Fact]
    public async Task A_trusted_proxy_says_who_asks_and_nobody_else_does()
    {
        var limits = new RequestLimits { PerKey = 0, PerAddress = 1, BurstSeconds = 1 };
        await using var trusting =
            await StartAsync(limits with { TrustedProxies = [new IPNetwork(IPAddress.Loopback, 32)] });
        (await AskAsync(trusting, 40, "198.51.100.1")).ShouldContain(reply => reply.Status == 429);
        // A client's own word stands before the proxy's, and is not the last.
        (await AskAsync(trusting, 40, "203.0.113.7, 198.51.100.1")).ShouldContain(reply => reply.Status == 429);
        (await AskAsync(trusting, 1, "198.51.100.1, 203.0.113.77"))[0].ShouldBe(200);

        await using var plain = await StartAsync(limits);
        List<Reply> replies = [];
        for (var i = 0; i < 40; i++)
        {
            replies.AddRange(await AskAsync(plain, 1, $"198.51.100.{i}"));
        }

        replies.ShouldContain(reply => reply.Status == 429);
    }

    [Fact]
    public async Task What_comes_from_this_machine_is_not_counted()
    {
        await using var mooring = await StartAsync(new RequestLimits { PerKey = 1, PerAddress = 1, BurstSeconds = 1 });

        (await AskAsync(mooring, 40, null)).ShouldAllBe(reply => reply.Status == 200);
    }

    [Fact]
    public async Task Zero_is_no_limit()
    {
        await using var mooring = await StartAsync(
            new RequestLimits { PerKey = 0, PerAddress = 0, RequestTime = TimeSpan.Zero });

        (await AskAsync(mooring, 300, "198.51.100.1")).ShouldAllBe(reply => reply.Status == 200);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_given_up_in_words_and_frees_its_key()
    {
        using var counted = new Counted("mooring.http.refused");
        var entered = 0;
        await using var mooring = await TestMooring.StartAsync(
            one => one.Options = one.Options with
            {
                Limits = new RequestLimits { RequestTime = TimeSpan.FromSeconds(3) },
            },
            map: app => app.MapPost("/api/test/long", async (CancellationToken ct) =>
            {
                if (Interlocked.Increment(ref entered) == 1)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                }

                return (Answer<StatusOnly>)new StatusOnly("done");
            }).RequirePermission(Section.Admin));

        var reply = await PostAsync(mooring, "/api/test/long", "k1");

        reply.ShouldRefuse(503, "took longer than 3 s", "Idempotency-Key");
        reply.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        counted.Tags.ShouldContain("limit=time");
        mooring.Log.Errors.ShouldBeEmpty();
        (await PostAsync(mooring, "/api/test/long", "k1")).ShouldBe(200);
    }

    [Fact]
    public async Task A_route_may_say_that_its_answer_goes_on()
    {
        var limit = TimeSpan.FromMilliseconds(100);
        await using var mooring = await TestMooring.StartAsync(
            one => one.Options = one.Options with { Limits = new RequestLimits { RequestTime = limit } },
            map: app => app.MapGet("/api/test/stream", async (HttpContext context) =>
            {
                await Task.Delay(4 * limit, TimeProvider.System, context.RequestAborted);
                return (Answer<StatusOnly>)new StatusOnly("done");
            }).RequirePermission(Section.Admin).DisableRequestTimeout());

        (await mooring.SendAsync("GET", "/api/test/stream")).ShouldBe(200);
    }

    [Fact]
    public async Task A_body_that_is_nested_too_deeply_is_told_so()
    {
        await using var mooring = await StartAsync(new RequestLimits());
        var body = $$"""{"disk":{{new string('[', 40)}}{{new string(']', 40)}},"provider":null}""";

        (await mooring.SendAsync("POST", Disks, body)).ShouldBe(422);
        var unknown = await mooring.SendAsync("POST", Disks, body.Replace("disk", "x", StringComparison.Ordinal));

        unknown.ShouldBe(422);
        unknown.Text.ShouldContain("32 levels");
    }

    [Fact]
    public async Task Of_very_many_faults_the_first_hundred_are_told()
    {
        await using var mooring = await StartAsync(new RequestLimits());
        var settings = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"s{i}\":\"v\""));

        var reply = await mooring.SendAsync(
            "POST",
            "/api/mooring/v1/providers/",
            $$$"""{"type":"{{{ScriptedCloud.Type}}}","name":"n","credential":"c","settings":{{{{settings}}}}}""");

        reply.ShouldBe(422);
        reply.Object["errors"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(RequestLimits.FaultsAtMost);
    }

    [Theory]
    [InlineData(413, 1_048_577, 1, 10)]
    [InlineData(414, 1, 1, 9_000)]
    [InlineData(431, 1, 101, 10)]
    [InlineData(431, 33_000, -1, 10)]
    public async Task What_is_too_large_for_the_HTTP_server_is_refused(int status, int bytes, int headers, int line)
    {
        await using var mooring = await StartAsync(new RequestLimits());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(mooring.App.Urls.Single()).Port, Ct);
        var request = new StringBuilder($"POST /{new string('x', line)} HTTP/1.1\r\nHost: h\r\n");
        request.Append(headers == -1
            ? $"X-Long: {new string('x', bytes)}\r\n"
            : string.Concat(Enumerable.Range(0, headers).Select(i => $"X-{i}: 1\r\n")));
        request.Replace($"/{new string('x', line)}", status == 413 ? Disks : $"/{new string('x', line)}");
        request.Append($"Authorization: Bearer {mooring.AdminKey}\r\nContent-Length: {bytes}\r\n\r\n");

        await socket.SendAsync(Encoding.ASCII.GetBytes(request.ToString()), Ct);

        var answer = new byte[4_096];
        var length = await socket.ReceiveAsync(answer, Ct);
        Encoding.ASCII.GetString(answer, 0, length).ShouldStartWith($"HTTP/1.1 {status} ");
    }

    private static Task<TestMooring> StartAsync(RequestLimits limits) =>
        TestMooring.StartAsync(mooring => mooring.Options = mooring.Options with { Limits = limits });

    // What says that it was forwarded is not from this machine.
    private static async Task<List<Reply>> AskAsync(TestMooring mooring, int times, string? from, string? key = null)
    {
        List<Reply> replies = [];
        for (var i = 0; i < times; i++)
        {
            replies.Add(await mooring.SendAsync("GET", Disks, key: key, change: request =>
            {
                if (from is not null)
                {
                    request.Headers.Add("X-Forwarded-For", from);
                }
            }));
        }

        return replies;
    }

    private static Task<Reply> PostAsync(TestMooring mooring, string path, string key) => mooring.SendAsync(
        "POST", path, DiskBody, change: request => request.Headers.Add(Idempotency.Header, key));
}
