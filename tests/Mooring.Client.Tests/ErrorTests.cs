using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>Every failure comes as one of the client's exceptions, with words.</summary>
public sealed class ErrorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(402, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(409, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task Carries_the_status_and_the_detail(int status, bool transient)
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, new ErrorBody("the disk is attached"), status));

        var error = await Should.ThrowAsync<MooringApiException>(() => server.Client.DeleteDiskAsync("d1", Ct));

        error.StatusCode.ShouldBe((HttpStatusCode)status);
        error.Detail.ShouldBe("the disk is attached");
        error.Message.ShouldBe($"The server answered {status}: the disk is attached");
        error.Faults.ShouldBeEmpty();
        error.IsTransient.ShouldBe(transient);
    }

    [Fact]
    public async Task A_connection_that_breaks_once_it_is_made_gave_no_answer()
    {
        using var http = new HttpClient(new Breaking());
        var client = new MooringClient(http, new Uri("http://127.0.0.1:7070"), "key");

        (await Should.ThrowAsync<MooringConnectionException>(() => client.GetDiskAsync("d1", Ct)))
            .InnerException.ShouldBeOfType<SocketException>();
    }

    [Fact]
    public async Task Reads_the_faults_of_a_refused_request()
    {
        var body = new ValidationErrorBody(
            [
                new ValidationDetail(["body", "disk", "size"], "must be between 1 and 100000", "value_error"),
                new ValidationDetail(["query", "limit"], "must be at most 200", "value_error"),
            ],
            [new ParamError("disk.size", "must be between 1 and 100000")]);
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, body, 422));

        var error = await Should.ThrowAsync<MooringApiException>(() => server.Client.GetDiskAsync("d1", Ct));

        error.Faults.ShouldBe(["disk.size: must be between 1 and 100000", "query.limit: must be at most 200"]);
        error.Detail.ShouldBe("disk.size: must be between 1 and 100000; query.limit: must be at most 200");
    }

    [Theory]
    [InlineData("""{"errors":[{"param":"disk.size","details":"must be 1"}]}""", "disk.size: must be 1")]
    [InlineData("""{"detail":["must be 1"]}""", "must be 1")]
    [InlineData("""{"detail":[{"loc":["body","envVars",0,"key"],"msg":"is bad"}]}""", "envVars.0.key: is bad")]
    [InlineData("""{"detail":{"odd":1}}""", "Unprocessable Entity")]
    [InlineData("""{"detail":""}""", "Unprocessable Entity")]
    [InlineData("""["detail"]""", "Unprocessable Entity")]
    [InlineData("<html>a proxy's page</html>", "Unprocessable Entity")]
    [InlineData("", "Unprocessable Entity")]
    public async Task Has_words_for_any_body(string body, string detail)
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerTextAsync(context, body, 422));

        var error = await Should.ThrowAsync<MooringApiException>(() => server.Client.GetDiskAsync("d1", Ct));

        error.Detail.ShouldBe(detail);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Fri, 07 Nov 2025 21:08:15 GMT", 60)]
    [InlineData("Fri, 07 Nov 2025 21:00:00 GMT", 0)]
    [InlineData("soon", null)]
    public async Task Reads_how_long_to_wait(string retryAfter, int? seconds)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.Date = "Fri, 07 Nov 2025 21:07:15 GMT";
            context.Response.Headers.RetryAfter = retryAfter;
            return LoopbackServer.AnswerAsync(context, new ErrorBody("slow down"), 429);
        });

        var error = await Should.ThrowAsync<MooringApiException>(() => server.Client.GetDiskAsync("d1", Ct));

        error.RetryAfter.ShouldBe(seconds is { } whole ? TimeSpan.FromSeconds(whole) : null);
    }

    [Fact]
    public async Task Follows_no_redirect_and_tells_where_it_pointed()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect("https://elsewhere.example/");
            return Task.CompletedTask;
        });

        var error = await Should.ThrowAsync<MooringApiException>(() => server.Client.GetDiskAsync("d1", Ct));

        error.Detail.ShouldContain("https://elsewhere.example/");
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"id":"d1"}""")]
    public async Task Tells_an_answer_that_is_no_disk(string body)
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerTextAsync(context, body, 200));

        var error = await Should.ThrowAsync<MooringResponseException>(() => server.Client.GetDiskAsync("d1", Ct));

        error.Message.ShouldStartWith("The answer to GET /api/v1/disks/d1 can't be read");
        error.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Tells_a_null_where_the_contract_allows_none()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerTextAsync(
            context,
            """{"totalCount":0,"data":null,"limit":50,"offset":0}""",
            200));

        await Should.ThrowAsync<MooringResponseException>(() => server.Client.ListDisksPageAsync(0, 50, Ct));
    }

    [Fact]
    public async Task Tells_a_server_that_is_not_there()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"http://{listener.LocalEndPoint}");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        // Bound but not listening: the port is ours, and refuses.
        var error = await Should.ThrowAsync<MooringConnectionException>(
            () => new MooringClient(http, address, "key").GetDiskAsync("d1", Ct));

        error.Message.ShouldStartWith($"{address} gave no answer: ");
        error.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task Tells_a_server_that_hangs_up()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        await Should.ThrowAsync<MooringConnectionException>(() => server.Client.GetDiskAsync("d1", Ct));
    }

    [Fact]
    public async Task Tells_a_server_that_stays_silent()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => WaitForHangUpAsync(context.RequestAborted),
            timeLimit: TimeSpan.FromMilliseconds(200));

        var error = await Should.ThrowAsync<MooringConnectionException>(() => server.Client.GetDiskAsync("d1", Ct));

        error.Message.ShouldEndWith("gave no answer within 0.2 s.");
    }

    [Fact]
    public async Task Tells_a_body_that_stops_half_way()
    {
        await using var server = await LoopbackServer.StartAsync(
            async context =>
            {
                await context.Response.WriteAsync("""{"id":""");
                await context.Response.Body.FlushAsync();
                await WaitForHangUpAsync(context.RequestAborted);
            },
            timeLimit: TimeSpan.FromMilliseconds(200));

        await Should.ThrowAsync<MooringConnectionException>(() => server.Client.GetDiskAsync("d1", Ct));
    }

    [Fact]
    public async Task Is_cancelled_by_the_callers_token_and_by_no_other_name()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var hungUp = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            await stop.CancelAsync();
            await WaitForHangUpAsync(context.RequestAborted);
            hungUp.SetResult();
        });

        await Should.ThrowAsync<OperationCanceledException>(() => server.Client.GetDiskAsync("d1", stop.Token));

        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct);
    }

    private static async Task WaitForHangUpAsync(CancellationToken hangUp)
    {
        var gone = new TaskCompletionSource();
        await using var registration = hangUp.Register(gone.SetResult);
        await gone.Task;
    }

    private sealed class Breaking : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
            throw new SocketException(107);
    }
}
