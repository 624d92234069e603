using Microsoft.AspNetCore.Http;
using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>Walks over lists end, and bring each row once, whatever the totals say.</summary>
public sealed class PagingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(9, 3)]
    public async Task Brings_every_row_and_asks_for_no_page_too_many(int rows, int requests)
    {
        await using var server = await LoopbackServer.StartAsync(context => AnswerDisksAsync(context, rows, rows));

        (await IdsAsync(server.Client, pageSize: 4)).ShouldBe(Enumerable.Range(0, rows).Select(row => $"d{row}"));

        server.Requests.Count.ShouldBe(requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1_000_000)]
    public async Task Brings_every_row_and_ends_though_the_total_lies(int total)
    {
        await using var server = await LoopbackServer.StartAsync(context => AnswerDisksAsync(context, 9, total));

        (await IdsAsync(server.Client, pageSize: 4)).Count.ShouldBe(9);

        server.Requests.Count.ShouldBeInRange(3, 4);
    }

    [Fact]
    public async Task Ends_at_a_server_that_answers_every_page_with_the_first()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            new DiskList
            {
                TotalCount = 1_000_000,
                Data = [Sample.Disk("d0"), Sample.Disk("d1")],
                Limit = 2,
                Offset = 0,
            }));

        (await IdsAsync(server.Client, pageSize: 2)).ShouldBe(["d0", "d1"]);

        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Follows_the_limit_that_the_server_applied()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => AnswerDisksAsync(context, 5, total: 5, limitMax: 2));

        (await IdsAsync(server.Client, pageSize: 200)).Count.ShouldBe(5);

        server.Requests.Select(seen => seen.Target).ShouldBe(
        [
            "/api/v1/disks/?offset=0&limit=200",
            "/api/v1/disks/?offset=2&limit=200",
            "/api/v1/disks/?offset=4&limit=200",
        ]);
    }

    [Fact]
    public async Task Brings_a_row_once_though_it_moves_to_the_next_page_meanwhile()
    {
        var first = true;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            var ids = first ? new[] { "d1", "d2" } : ["d2", "d3"];
            var rows = (first || context.Request.Query["offset"] == "2" ? ids : []).Select(id => Sample.Disk(id));
            first = false;
            return LoopbackServer.AnswerAsync(
                context,
                new DiskList { TotalCount = 4, Data = [.. rows], Limit = 2, Offset = 0 });
        });

        (await IdsAsync(server.Client, pageSize: 2)).ShouldBe(["d1", "d2", "d3"]);
    }

    [Fact]
    public async Task Walks_offers_by_page_number_and_can_be_walked_twice()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            var number = int.Parse(context.Request.Query["page"]!);
            var all = Enumerable.Range(0, 150).Select(n => Sample.GpuOffer($"c{n}"));
            var page = all.Skip((number - 1) * 100).Take(100);
            return LoopbackServer.AnswerAsync(context, new OfferPage<GpuOffer>([.. page], 1_000_000));
        });
        var offers = server.Client.ListGpuOffersAsync(ct: Ct);

        (await offers.CountAsync(Ct)).ShouldBe(150);
        (await offers.CountAsync(Ct)).ShouldBe(150);

        server.Requests.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_walk_left_early_asks_no_more()
    {
        await using var server = await LoopbackServer.StartAsync(context => AnswerDisksAsync(context, 9, total: 9));

        await foreach (var disk in server.Client.ListDisksAsync(4, Ct))
        {
            if (disk.Id == "d1")
            {
                break;
            }
        }

        server.Requests.Count.ShouldBe(1);
    }

    private static async Task<List<string>> IdsAsync(MooringClient client, int pageSize) =>
        await client.ListDisksAsync(pageSize, Ct).Select(disk => disk.Id).ToListAsync(Ct);

    private static Task AnswerDisksAsync(HttpContext context, int rows, int total, int limitMax = 200)
    {
        var offset = int.Parse(context.Request.Query["offset"]!);
        var limit = Math.Min(limitMax, int.Parse(context.Request.Query["limit"]!));
        var page = Enumerable.Range(0, rows).Skip(offset).Take(limit).Select(row => Sample.Disk($"d{row}"));
        return LoopbackServer.AnswerAsync(
            context,
            new DiskList { TotalCount = total, Data = [.. page], Limit = limit, Offset = offset });
    }
}
