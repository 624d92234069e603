using System.Net;
using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>What is sent once more when its connection breaks, and what is not.</summary>
public sealed class RepeatTests
{
    private const string Key = "Idempotency-Key";

    private static readonly CreateDiskRequest Request = new()
    {
        Disk = new CreateDisk { Size = 1 },
        Provider = new ProviderChoice { Type = "local" },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_POST_whose_connection_breaks_is_sent_once_more_with_the_same_key()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                return LoopbackServer.AnswerAsync(context, Sample.Disk("d1", Statuses.Provisioning), 201);
            }

            context.Abort();
            return Task.CompletedTask;
        });

        (await server.Client.CreateDiskAsync(Request, ct: Ct)).Id.ShouldBe("d1");

        server.Requests.Count.ShouldBe(2);
        var (first, second) = (server.Requests.First(), server.Requests.Last());
        second.Headers[Key].ShouldBe(first.Headers[Key]);
        second.Body.ShouldBe(first.Body);
    }

    [Fact]
    public async Task It_is_sent_once_more_and_not_for_ever()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        await Should.ThrowAsync<MooringConnectionException>(() => server.Client.RetryDiskAsync("d1", Ct));

        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_answer_of_a_first_try_that_still_runs_is_waited_for()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            switch (Interlocked.Increment(ref asked))
            {
                case 1:
                    context.Abort();
                    return Task.CompletedTask;
                case 2 or 3:
                    context.Response.Headers.RetryAfter = "0";
                    return LoopbackServer.AnswerAsync(context, new ErrorBody("still running"), 409);
                default:
                    return LoopbackServer.AnswerAsync(context, Sample.Disk("d1", Statuses.Provisioning), 201);
            }
        });

        (await server.Client.CreateDiskAsync(Request, ct: Ct)).Id.ShouldBe("d1");

        server.Requests.Select(seen => seen.Headers[Key]).Distinct().Count().ShouldBe(1);
        server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_conflict_that_the_first_try_meets_is_told()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "0";
            return LoopbackServer.AnswerAsync(context, new ErrorBody("in use"), 409);
        });

        (await Should.ThrowAsync<MooringApiException>(() => server.Client.CreateDiskAsync(Request, "mine", Ct)))
            .StatusCode.ShouldBe(HttpStatusCode.Conflict);

        server.Requests.ShouldHaveSingleItem().Headers[Key].ShouldBe("mine");
    }

    [Fact]
    public async Task What_has_no_key_is_not_sent_again()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        await Should.ThrowAsync<MooringConnectionException>(() => server.Client.RenameDiskAsync("d1", "n", Ct));

        server.Requests.ShouldHaveSingleItem().Headers.ContainsKey(Key).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_POST_has_a_key_of_its_own()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, Sample.Disk("d1", Statuses.Provisioning), 201));

        await server.Client.CreateDiskAsync(Request, ct: Ct);
        await server.Client.CreateDiskAsync(Request, ct: Ct);

        server.Requests.Select(seen => seen.Headers[Key]).Distinct().Count().ShouldBe(2);
    }
}
