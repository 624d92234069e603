using System.Net;
using System.Net.Sockets;
using Mooring.Providers.Disks;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>Each failure of the vendor's "Errors" and "Rate Limits" pages, as it looks on the wire.</summary>
public class ErrorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        400,
        """
        {"status": false, "message": "Insufficient balance to create the resource", "error_reason": "bad_request"}
        """,
        typeof(RefusedException))]
    [InlineData(400, """{"status": false, "message": "size must be 1 or more"}""", typeof(RefusedException))]
    [InlineData(
        400,
        """{"status": false, "message": "There is not enough capacity in CANADA-1", "error_reason": "bad_request"}""",
        typeof(OutOfStockException))]
    [InlineData(
        401,
        """{"status": false, "message": "Unauthorized", "error_reason": "unauthorized"}""",
        typeof(UnauthorizedException))]
    [InlineData(402, """{"status": false, "message": "Payment required"}""", typeof(RefusedException))]
    [InlineData(
        403,
        """{"status": false, "message": "Not permitted", "error_reason": "forbidden"}""",
        typeof(UnauthorizedException))]
    [InlineData(
        405,
        """{"status": false, "message": "Method not allowed", "error_reason": "not_allowed"}""",
        typeof(RefusedException))]
    [InlineData(406, """{"status": false, "message": "Not acceptable"}""", typeof(RefusedException))]
    [InlineData(422, """{"status": false, "message": "size: not an integer"}""", typeof(RefusedException))]
    [InlineData(429, """{"status": false, "message": "Too many requests"}""", typeof(ThrottledException))]
    [InlineData(429, "<html>Too many requests</html>", typeof(ThrottledException))]
    [InlineData(
        500,
        """{"status": false, "message": "Server error", "error_reason": "server_error"}""",
        typeof(UnknownOutcomeException))]
    [InlineData(500, """{"message":"Internal Server Error"}""", typeof(UnknownOutcomeException))]
    [InlineData(502, "<html>Bad gateway</html>", typeof(UnknownOutcomeException))]
    [InlineData(400, "<html>Bad request</html>", typeof(UnknownOutcomeException))]
    [InlineData(404, "<html>Not found</html>", typeof(UnknownOutcomeException))]
    [InlineData(302, "", typeof(UnknownOutcomeException))]
    [InlineData(200, "", typeof(UnknownOutcomeException))]
    [InlineData(200, "<html>Welcome</html>", typeof(UnknownOutcomeException))]
    [InlineData(200, "{}", typeof(UnknownOutcomeException))]
    [InlineData(200, "null", typeof(UnknownOutcomeException))]
    [InlineData(
        200,
        """{"status": false, "message": "We can process with only available volumes."}""",
        typeof(RefusedException))]
    public async Task A_change_that_fails_becomes_one_typed_error(int status, string body, Type type)
    {
        using var network = Canned.Answering(status, body);
        using var client = network.Client(TimeProvider.System);
        var failure = await Record.ExceptionAsync(() => new Machines(client, 100).AttachAsync(7, 8, Ct));
        failure.ShouldNotBeNull().ShouldBeOfType(type);
        failure.Message.ShouldNotBeNullOrWhiteSpace();
        network.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(404, """{"status": false, "message": "Not found", "error_reason": "not_found"}""", 1)]
    [InlineData(400, """{"status": false, "message": "Not found", "error_reason": "not_found"}""", 1)]
    [InlineData(409, """{"status": false, "message": "Name exists", "error_reason": "already_exist"}""", 2)]
    [InlineData(400, """{"status": false, "message": "Name exists", "error_reason": "already_exist"}""", 2)]
    [InlineData(400, """{"status": false, "message": "Key pair x already exists"}""", 2)]
    [InlineData(200, """{"status": true, "message": "Volume deleted"}""", 0)]
    public async Task A_change_may_be_done_missing_or_taken(int status, string body, int verdict)
    {
        using var network = Canned.Answering(status, body);
        using var client = network.Client(TimeProvider.System);
        (await new Volumes(client, 100).DeleteAsync(7, Ct)).Verdict.ShouldBe((Verdict)verdict);
    }

    [Theory]
    [InlineData(400, """{"status": false, "message": "Bad page"}""", typeof(UnreachableException))]
    [InlineData(401, """{"status": false, "message": "Bad key"}""", typeof(UnauthorizedException))]
    [InlineData(403, """{"status": false, "message": "Forbidden"}""", typeof(UnauthorizedException))]
    [InlineData(404, """{"status": false, "message": "Not found"}""", typeof(UnreachableException))]
    [InlineData(429, "", typeof(ThrottledException))]
    [InlineData(500, """{"message":"Internal Server Error"}""", typeof(UnreachableException))]
    [InlineData(503, "<html></html>", typeof(UnreachableException))]
    [InlineData(301, "", typeof(UnreachableException))]
    [InlineData(200, """{"status": false, "message": "No"}""", typeof(UnreachableException))]
    [InlineData(200, """{"status": true, "message": "Success"}""", typeof(UnreachableException))]
    [InlineData(200, """{"status": true, "volumes": null}""", typeof(UnreachableException))]
    [InlineData(200, """{"volumes": []}""", typeof(UnreachableException))]
    [InlineData(200, """{"status": true, "volumes": [""", typeof(UnreachableException))]
    [InlineData(200, """{"status": true, "volumes": [{"id": "x"}]}""", typeof(UnreachableException))]
    public async Task A_look_that_fails_proves_nothing(int status, string body, Type type)
    {
        using var network = Canned.Answering(status, body);
        using var client = network.Client(TimeProvider.System);
        var disk = new DiskRef("mrg-x", null);
        (await Record.ExceptionAsync(() => new Volumes(client, 100).FindCertainlyAsync(disk, Ct)))
            .ShouldNotBeNull().ShouldBeOfType(type);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, typeof(UnreachableException))]
    [InlineData(HttpRequestError.ConnectionError, typeof(UnreachableException))]
    [InlineData(HttpRequestError.SecureConnectionError, typeof(UnreachableException))]
    [InlineData(HttpRequestError.ResponseEnded, typeof(UnknownOutcomeException))]
    [InlineData(HttpRequestError.Unknown, typeof(UnknownOutcomeException))]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, typeof(UnknownOutcomeException))]
    public async Task A_change_is_of_unknown_outcome_unless_it_was_never_sent(HttpRequestError error, Type type)
    {
        using var network = Canned.Failing(new HttpRequestException(error));
        using var client = network.Client(TimeProvider.System);
        (await Record.ExceptionAsync(() => new Machines(client, 100).StopAsync(7, Ct)))
            .ShouldNotBeNull().ShouldBeOfType(type);
        (await Record.ExceptionAsync(() => new Machines(client, 100).FindAsync("mrg-x", Ct)))
            .ShouldNotBeNull().ShouldBeOfType<UnreachableException>();
        network.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_breaks_once_it_is_made_is_a_typed_error_too()
    {
        using var network = Canned.Failing(new SocketException(107));
        using var client = network.Client(TimeProvider.System);
        (await Record.ExceptionAsync(() => new Machines(client, 100).StopAsync(7, Ct)))
            .ShouldBeOfType<UnknownOutcomeException>();
        (await Record.ExceptionAsync(() => new Machines(client, 100).FindAsync("mrg-x", Ct)))
            .ShouldBeOfType<UnreachableException>();
    }

    [Fact]
    public async Task A_throttled_call_waits_as_long_as_it_is_told_or_a_minute()
    {
        const string Body = """{"status": false, "message": "Too many requests"}""";
        using var silent = Canned.Answering(429, Body);
        using var told = new Canned(_ =>
        {
            var answer = Canned.Answer(429, Body);
            answer.Headers.Add("Retry-After", "9");
            return Task.FromResult(answer);
        });
        foreach (var (network, wait) in ((Canned, int)[])[(silent, 60), (told, 9)])
        {
            using var client = network.Client(TimeProvider.System);
            (await Should.ThrowAsync<ThrottledException>(() => new Volumes(client, 100).DeleteAsync(1, Ct)))
                .RetryAfter.ShouldBe(TimeSpan.FromSeconds(wait));
        }
    }

    [Fact]
    public async Task Words_are_the_clouds_short_and_without_our_key()
    {
        using var network = Canned.Answering(
            400, $$"""{"status": false, "message": "Key {{Canned.Key}}\n\u0007 {{new string('x', 5000)}}"}""");
        using var client = network.Client(TimeProvider.System);
        var refused = await Should.ThrowAsync<RefusedException>(() => new Volumes(client, 100).DeleteAsync(1, Ct));
        refused.Message.ShouldStartWith("Hyperstack: Key …   xxx");
        refused.Message.Length.ShouldBeLessThan(330);
        refused.ToString().ShouldNotContain(Canned.Key);
    }
}
