using System.Net;
using Microsoft.AspNetCore.Http;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>What the calls about costs send, and that their answers are read.</summary>
public sealed class CostsTests
{
    private static readonly DateOnly First = new(2026, 11, 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asks_for_rows_of_some_days()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            new Costs
            {
                GroupBy = "team",
                From = First,
                To = First,
                Currency = "USD",
                TotalUsd = 0.000000000001m,
                ForecastUsd = 2,
                TotalCount = 0,
                Offset = 0,
                Limit = 5,
                Data = [],
            }));

        var costs = await server.Client.ReadCostsAsync("team", First, First, all: true, limit: 5, ct: Ct);

        costs.TotalUsd.ShouldBe(0.000000000001m);
        server.Requests.ShouldHaveSingleItem().Target.ShouldBe(
            "/api/mooring/v1/costs?group_by=team&from=2026-11-01&to=2026-11-01&all=true&offset=0&limit=5");
    }

    [Fact]
    public async Task Reads_comma_separated_values_as_they_are()
    {
        const string Text = "id,name\r\nd1,\"Zoë, \"\"x\"\"\"\r\n";
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            return context.Response.WriteAsync(Text);
        });

        (await server.Client.ReadCostsCsvAsync(ct: Ct)).ShouldBe(Text);

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe(
            "/api/mooring/v1/costs?group_by=disk&format=csv&offset=0&limit=1000");
    }

    [Fact]
    public async Task A_refusal_is_one_whatever_was_to_be_read()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsJsonAsync(new ErrorBody("Not with this key."));
        });

        var refusal = await Should.ThrowAsync<MooringApiException>(server.Client.ReadCostsCsvAsync(ct: Ct));

        (refusal.StatusCode, refusal.Message.Contains("Not with this key.", StringComparison.Ordinal))
            .ShouldBe((HttpStatusCode.Forbidden, true));
    }
}
