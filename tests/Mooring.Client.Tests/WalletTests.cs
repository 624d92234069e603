using System.Net;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Client.Tests;

/// <summary>What the calls about wallets send, and that their answers are read.</summary>
public sealed class WalletTests
{
    private const string Route = "/api/mooring/v1/wallets";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Walks_the_wallets_that_are_wanted()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            new ListPage<PayingWallet>
            {
                TotalCount = 3,
                Offset = 0,
                Limit = 2,
                Data = (string?)context.Request.Query["offset"] == "0" ? [Wallet("w1"), Wallet("w2")] : [Wallet("w3")],
            }));

        var all = await server.Client
            .ListWalletsAsync(WalletModes.Prepaid, WalletStatuses.Low, all: true, pageSize: 2, ct: Ct)
            .ToListAsync(Ct);

        all.Select(wallet => wallet.Id).ShouldBe(["w1", "w2", "w3"]);
        server.Requests.Select(seen => seen.Target).ShouldBe(
        [
            $"{Route}?offset=0&limit=2&mode=prepaid&status=LOW&all=true",
            $"{Route}?offset=2&limit=2&mode=prepaid&status=LOW&all=true",
        ]);
    }

    [Fact]
    public async Task Asks_for_ones_own_where_nothing_else_is_wanted()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context, new ListPage<PayingWallet> { TotalCount = 1, Offset = 0, Limit = 100, Data = [Wallet("w1")] }));

        (await server.Client.ListWalletsAsync(ct: Ct).ToListAsync(Ct)).Count.ShouldBe(1);

        server.Requests.ShouldHaveSingleItem().Target.ShouldBe($"{Route}?offset=0&limit=100");
    }

    [Fact]
    public async Task Reads_one_to_the_last_digit_and_says_how_it_pays()
    {
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, Wallet("w1")));

        (await server.Client.GetWalletAsync("w1", Ct)).BalanceUsd.ShouldBe(-0.000000000001m);
        (await server.Client.SetWalletModeAsync("w1", WalletModes.Prepaid, Ct)).Mode.ShouldBe(WalletModes.Prepaid);

        server.Requests.Select(seen => (seen.Method, seen.Target, seen.Body)).ShouldBe(
        [
            ("GET", $"{Route}/w1", ""),
            ("PATCH", $"{Route}/w1", """{"mode":"prepaid"}"""),
        ]);
    }

    [Fact]
    public async Task A_booking_has_a_key_of_its_own_or_the_callers()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context, new ToppedUp(Booked(7), Wallet("w1")), status: 201));
        var request = new TopUpRequest { AmountUsd = -0.000000000001m, Reference = "invoice 2026-118" };

        (await server.Client.TopUpWalletAsync("w1", request, ct: Ct)).Credit.Number.ShouldBe(7);
        (await server.Client.TopUpWalletAsync("w1", request, "invoice-118", Ct)).Wallet.Id.ShouldBe("w1");

        server.Requests.ShouldAllBe(seen => seen.Method == "POST" && seen.Target == $"{Route}/w1/credits"
            && seen.Body == """{"amountUsd":-0.000000000001,"reference":"invoice 2026-118"}""");
        var keys = server.Requests.Select(seen => seen.Headers["Idempotency-Key"]).ToList();
        keys[0].Length.ShouldBe(32);
        keys[1].ShouldBe("invoice-118");
    }

    [Fact]
    public async Task Walks_bookings_back_as_far_as_is_wanted()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            (string?)context.Request.Query["before"] is null
                ? new CreditList([Booked(9), Booked(7)], 7)
                : new CreditList([Booked(4)], null)));

        (await server.Client.ListCreditsAsync("w1", 2, Ct).ToListAsync(Ct)).Count.ShouldBe(2);
        var all = await server.Client.ListCreditsAsync("w1", ct: Ct).ToListAsync(Ct);

        all.Select(credit => credit.Number).ShouldBe([9, 7, 4]);
        server.Requests.Select(seen => seen.Target).ShouldBe(
        [
            $"{Route}/w1/credits?limit=2",
            $"{Route}/w1/credits?limit=1000",
            $"{Route}/w1/credits?before=7&limit=1000",
        ]);
    }

    [Fact]
    public async Task Walks_a_history_to_its_end()
    {
        await using var server = await LoopbackServer.StartAsync(context => LoopbackServer.AnswerAsync(
            context,
            (string?)context.Request.Query["after"] == "3"
                ? new HistoryPage { Data = [Happened(5), Happened(8)], Next = 8 }
                : new HistoryPage { Data = [Happened(9)], Next = null }));

        var all = await server.Client.ListWalletEventsAsync("w1", after: 3, pageSize: 2, ct: Ct).ToListAsync(Ct);

        all.Select(happened => happened.Number).ShouldBe([5, 8, 9]);
        server.Requests.Select(seen => seen.Target)
            .ShouldBe([$"{Route}/w1/events?after=3&limit=2", $"{Route}/w1/events?after=8&limit=2"]);
    }

    [Fact]
    public async Task What_a_balance_does_not_cover_is_told_in_the_servers_words()
    {
        const string words = "Wallet w1 has 0.10 USD left, which has to cover an hour of all it pays for.";
        await using var server = await LoopbackServer.StartAsync(
            context => LoopbackServer.AnswerAsync(context, new ErrorBody(words), 402));

        var refusal = await Should.ThrowAsync<MooringApiException>(() => server.Client.CreateDiskAsync(
            new CreateDiskRequest { Disk = new CreateDisk { Size = 1 }, Provider = new ProviderChoice() }, ct: Ct));

        (refusal.StatusCode, refusal.Detail, refusal.IsTransient)
            .ShouldBe((HttpStatusCode.PaymentRequired, words, false));
    }

    private static PayingWallet Wallet(string id) => new()
    {
        Id = id,
        UserId = null,
        TeamId = "t1",
        Name = "vision",
        Mode = WalletModes.Prepaid,
        Status = WalletStatuses.Empty,
        CreditUsd = 100,
        SpentUsd = 100.000000000001m,
        BalanceUsd = -0.000000000001m,
        ReservedUsd = 0.15m,
        SpendPerHour = 0,
        RunsOutAt = null,
        EmptySince = Sample.Created,
        ReclaimedFrom = Sample.Created.AddDays(14),
        WarningsGiven = 1,
    };

    private static Credit Booked(long number) => new()
    {
        Number = number,
        At = Sample.Created,
        AmountUsd = 100,
        Reference = "invoice 2026-118",
        UserId = "u1",
    };

    private static HistoryEvent Happened(long number) => new()
    {
        Number = number,
        At = Sample.Created,
        What = "CREDITED",
        Status = WalletStatuses.Funded,
        Words = null,
        PriceHr = null,
    };
}
