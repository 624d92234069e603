using System.Net.Sockets;
using Mooring.Providers.Disks;

namespace Mooring.Providers.RunPod.Tests;

/// <summary>Each failure that RunPod can answer with, and the one typed error that it becomes.</summary>
public class ErrorTests
{
    private static readonly DiskSpec Spec =
        new(Canned.Name(1), ByteSize.FromGiB(500), "STANDARD", "US-KS-2", IsMultinode: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A create call's answers: status, body, the error, and what its words must say.</summary>
    public static TheoryData<int, string, Type, string> Changes => new()
    {
        {
            400,
            """{"title": "Bad Request", "status": 400, "detail": "size can't be combined with this type."}""",
            typeof(RefusedException),
            "size can't be combined"
        },
        {
            400,
            """
            {"title": "Bad Request", "status": 400,
             "detail": "There are no longer any instances available with the requested specifications."}
            """,
            typeof(OutOfStockException),
            "no longer any instances"
        },
        {
            400,
            """
            {"title": "Bad Request", "status": 400,
             "detail": "Data center US-TX-3 has no network volumes. These are available: US-KS-2, EU-RO-1."}
            """,
            typeof(RefusedException),
            "US-KS-2"
        },
        {
            401,
            """{"title": "Unauthorized", "status": 401, "detail": "Invalid API key."}""",
            typeof(UnauthorizedException),
            "Invalid API key"
        },
        {
            402,
            """{"title": "Payment Required", "status": 402, "detail": "Your balance is too low."}""",
            typeof(RefusedException),
            "balance is too low"
        },
        {
            403,
            """{"title": "Forbidden", "status": 403, "detail": "The key lacks this scope."}""",
            typeof(UnauthorizedException),
            "lacks this scope"
        },
        {
            404,
            """{"title": "Not Found", "status": 404, "detail": "No such resource."}""",
            typeof(RefusedException),
            "No such resource"
        },
        {
            405,
            """{"title": "Method Not Allowed", "status": 405, "detail": "Not this way."}""",
            typeof(RefusedException),
            "Not this way"
        },
        {
            408,
            """{"title": "Request Timeout", "status": 408, "detail": "Too slow."}""",
            typeof(UnknownOutcomeException),
            "Too slow"
        },
        {
            409,
            """{"title": "Conflict", "status": 409, "detail": "The pod belongs to a cluster."}""",
            typeof(RefusedException),
            "belongs to a cluster"
        },
        {
            422,
            """
            {"title": "Unprocessable Entity", "status": 422, "detail": "Request validation failed.",
             "errors": ["$: missing property 'dataCenter'", "$: additional properties 'dataCenterId' not allowed"]}
            """,
            typeof(RefusedException),
            "missing property 'dataCenter'"
        },
        {
            429,
            """{"title": "Too Many Requests", "status": 429, "detail": "Slow down."}""",
            typeof(ThrottledException),
            "Slow down"
        },
        {
            500,
            """{"title": "Internal Server Error", "status": 500, "detail": "Something broke."}""",
            typeof(UnknownOutcomeException),
            "Something broke"
        },
        { 502, "<html><body>502 Bad Gateway</body></html>", typeof(UnknownOutcomeException), "HTTP 502" },
        { 503, "", typeof(UnknownOutcomeException), "HTTP 503" },
        { 302, "", typeof(UnknownOutcomeException), "HTTP 302" },
        { 201, "{\"id\": \"2q9m7x", typeof(UnknownOutcomeException), "can't be read" },
        { 201, """{"name": "without an id"}""", typeof(UnknownOutcomeException), "can't be read" },
        { 201, "null", typeof(UnknownOutcomeException), "can't be read" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_that_fails_is_told_as_what_it_is(int status, string body, Type error, string words)
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Canned.NoVolumes).Then(status, body).Open();
        var failure = await Record.ExceptionAsync(() => provider.Disks.EnsureCreatedAsync(Spec, Ct));
        failure.ShouldBeOfType(error);
        failure.Message.ShouldContain(words);
        canned.Asked.Count.ShouldBe(2, "a failed change is not made again");
    }

    [Theory]
    [InlineData(400, typeof(UnreachableException))]
    [InlineData(401, typeof(UnauthorizedException))]
    [InlineData(403, typeof(UnauthorizedException))]
    [InlineData(404, typeof(UnreachableException))]
    [InlineData(422, typeof(UnreachableException))]
    [InlineData(429, typeof(ThrottledException))]
    [InlineData(500, typeof(UnreachableException))]
    [InlineData(503, typeof(UnreachableException))]
    [InlineData(302, typeof(UnreachableException))]
    public async Task A_look_that_fails_proves_nothing(int status, Type error)
    {
        using var canned = new Canned();
        using var provider = canned.Then(status, "").Open();
        var look = () => provider.Disks.ObserveAsync(new DiskRef(Canned.Name(1), null), Ct);
        (await Record.ExceptionAsync(look)).ShouldBeOfType(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"networkVolumes": null}""")]
    [InlineData("""{"volumes": []}""")]
    [InlineData("""{"networkVolumes": [null]}""")]
    [InlineData("""{"networkVolumes": [{"id": null, "name": "x", "size": 10, "dataCenter": "US-KS-2"}]}""")]
    public async Task A_list_that_is_none_is_not_empty(string body)
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, body).Open();
        await Should.ThrowAsync<UnreachableException>(
            () => provider.Disks.ObserveAsync(new DiskRef(Canned.Name(1), null), Ct));
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, typeof(UnreachableException))]
    [InlineData(HttpRequestError.ConnectionError, typeof(UnreachableException))]
    [InlineData(HttpRequestError.SecureConnectionError, typeof(UnreachableException))]
    [InlineData(HttpRequestError.ResponseEnded, typeof(UnknownOutcomeException))]
    [InlineData(HttpRequestError.InvalidResponse, typeof(UnknownOutcomeException))]
    [InlineData(HttpRequestError.Unknown, typeof(UnknownOutcomeException))]
    public async Task Only_what_was_never_sent_certainly_changed_nothing(HttpRequestError how, Type error)
    {
        using var canned = new Canned();
        using var provider = canned.Then(200, Canned.NoVolumes).ThenFail(new HttpRequestException(how, "no")).Open();
        (await Record.ExceptionAsync(() => provider.Disks.EnsureCreatedAsync(Spec, Ct))).ShouldBeOfType(error);
    }

    [Fact]
    public async Task A_connection_that_breaks_once_it_is_made_is_a_typed_error_too()
    {
        using var canned = new Canned();
        using var provider = canned.ThenFail(new SocketException(107)).Then(200, Canned.NoVolumes)
            .ThenFail(new SocketException(107)).Open();
        (await Record.ExceptionAsync(() => provider.Disks.EnsureCreatedAsync(Spec, Ct)))
            .ShouldBeOfType<UnreachableException>();
        (await Record.ExceptionAsync(() => provider.Disks.EnsureCreatedAsync(Spec, Ct)))
            .ShouldBeOfType<UnknownOutcomeException>();
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Tue, 01 Sep 2026 12:00:09 GMT", 9)]
    [InlineData(null, null)]
    [InlineData("soon", null)]
    public async Task A_throttled_call_says_when_to_come_again(string? header, int? seconds)
    {
        using var canned = new Canned();
        using var provider = canned
            .Then(429, "", header is null ? [] : [("Retry-After", header)]).Open();
        var throttled = await Should.ThrowAsync<ThrottledException>(
            () => provider.Disks.ObserveAsync(new DiskRef(Canned.Name(1), null), Ct));
        throttled.RetryAfter.ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
    }

    [Fact]
    public async Task Words_are_short_and_in_one_line_and_never_hold_the_key()
    {
        using var canned = new Canned();
        var detail = $"line one\\nline two Bearer {Canned.Key} " + new string('x', 100_000);
        using var provider = canned.Then(403, $$"""{"title": "Forbidden", "detail": "{{detail}}"}""").Open();
        var failure = await Should.ThrowAsync<UnauthorizedException>(
            () => provider.Disks.ObserveAsync(new DiskRef(Canned.Name(1), null), Ct));
        failure.Message.Length.ShouldBeLessThan(1000);
        failure.Message.ShouldNotContain('\n');
        failure.ToString().ShouldNotContain("VERYSECRET");
    }

    [Fact]
    public async Task A_delete_of_what_is_gone_is_done()
    {
        using var canned = new Canned();
        const string One = """
            {"networkVolumes": [{"id": "2q9m7x4c1z", "name": "NAME", "size": 500, "dataCenter": "US-KS-2"}]}
            """;
        using var provider = canned
            .Then(200, One.Replace("NAME", Canned.Name(1)))
            .Then(200, Canned.NoPods)
            .Then(404, """{"title": "Not Found", "status": 404, "detail": "No such volume."}""")
            .Then(200, Canned.NoVolumes)
            .Then(404, "")
            .Open();
        (await provider.Disks.EnsureDeletedAsync(new DiskRef(Canned.Name(1), null), Ct))
            .ShouldBe(DiskObservation.Absent);
        canned.Asked[2].ShouldBe(
            new Asked("DELETE", "/v2/network-volumes/2q9m7x4c1z", "Bearer " + Canned.Key, ""));
    }
}
