using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Mooring.Contract.Native;

namespace Mooring.Cli.Tests.Commands;

/// <summary>How wallets stand, what was put into them and what happened to them, as it is shown.</summary>
public sealed class WalletReadingTests : IAsyncLifetime
{
    private readonly CommandLine _line = new() { Time = new FakeTimeProvider(WalletRows.Now) };
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.On($"GET {WalletRows.Route}", WalletRows.Page(WalletRows.Grace, WalletRows.Vision));
        Show(WalletRows.Vision);
        Book(WalletRows.Booked(7));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Fact]
    public async Task A_list_says_how_far_each_reaches()
    {
        _server.On(
            $"GET {WalletRows.Route}",
            WalletRows.Page(
                WalletRows.Grace,
                WalletRows.Vision,
                WalletRows.Empty with { Id = "cbrokenwallet", Name = "broken", BalanceUsd = -2 }));

        (await _line.RunAsync("wallets", "list")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            """
            ID             WHOSE        MODE      STATUS  BALANCE USD  USD/H  RUNS OUT  DISKS GONE  AT
            cgracewallet   user Grace   showback  FUNDED        -1.25  0.075  -         -           -
            cvisionwallet  team vision  prepaid   LOW            5.70  0.075  in 3d4h   -           2026-11-28 06:45:28Z
            cbrokenwallet  team broken  prepaid   EMPTY         -2.00   0.00  -         in 3d       2026-11-28 02:45:28Z

            """);
        _server.Requests.Last().Route.ShouldBe($"GET {WalletRows.Route}?offset=0&limit=100");
    }

    [Fact]
    public async Task A_list_is_of_what_was_asked_for()
    {
        _server.On($"GET {WalletRows.Route}", WalletRows.Page<PayingWallet>());

        (await _line.RunAsync("wallets", "list", "--all", "--mode", "prepaid", "--status", "EMPTY"))
            .ShouldBe(ExitCode.Done);

        _line.Output.ShouldBeEmpty();
        _line.Error.ShouldBe("There is no such wallet.\n");
        _server.Requests.Last().Route
            .ShouldBe($"GET {WalletRows.Route}?offset=0&limit=100&mode=prepaid&status=EMPTY&all=true");
        (await _line.RunAsync("wallets", "list", "--status", "BROKE")).ShouldBe(ExitCode.Usage);
        (await _line.RunAsync("wallets", "list", "--mode", "credit")).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task A_low_one_is_shown_with_when_it_runs_out_and_what_was_put_in_last()
    {
        const string next = "Its balance is used up in 3d4h if all goes on as it is; then its instances are ended, and "
            + "its disks STOPPED. Topped up before, all goes on: mooring wallets top-up cvisionwallet --amount USD "
            + "--reference TEXT (an operator does that).";
        Book(WalletRows.Booked(9, -20, "paid\u001btwice"), WalletRows.Booked(7, 120));

        (await _line.RunAsync("wallets", "show", "cvisionwallet")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            $$"""
            id        cvisionwallet
            whose     team vision (cvision)
            mode      prepaid
            status    LOW
            balance   5.70 USD
            booked    100.00 USD
            spent     94.30 USD
            reserved  0.075 USD
            spends    0.075 USD/h
            runs out  2026-11-28 06:45:28Z (in 3d4h)
            next      {{next}}

            NO  AT                       USD  BY     REFERENCE
             9  2026-11-25 02:45:28Z  -20.00  croot  paid?twice
             7  2026-11-25 02:45:28Z  120.00  croot  invoice 2026-118

            """);
        _line.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_one_is_shown_with_until_when_its_disks_are_kept()
    {
        Show(WalletRows.Empty);

        (await _line.RunAsync("wallets", "show", "cvisionwallet")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain("\nbalance           -0.000000000001 USD\n");
        _line.Output.ShouldContain("\nempty since       2026-11-14 02:45:28Z (11d ago)\n");
        _line.Output.ShouldContain("\ndisks kept until  2026-11-28 02:45:28Z (in 3d)\n");
        _line.Output.ShouldContain("\nwarnings given    2 of 3\n");
        _line.Output.ShouldContain(
            "\nnext              Its instances are ended, and its disks STOPPED: they are kept until "
            + "2026-11-28 02:45:28Z (in 3d) at the least, then all of them are deleted, also those whose deletion is "
            + "forbidden. Topped up above nothing, its disks are used again: mooring wallets top-up cvisionwallet ");
    }

    [Theory]
    [InlineData(3, "STOPPED: their time is over, and all of them are deleted. ")]
    [InlineData(1, "STOPPED: they are kept until all warnings are given. ")]
    public async Task After_the_time_that_disks_are_kept_it_is_said_whether_they_are_deleted(int warnings, string words)
    {
        Show(WalletRows.Empty with { ReclaimedFrom = WalletRows.Now, WarningsGiven = warnings });

        (await _line.RunAsync("wallets", "show", "cvisionwallet")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain(words);
    }

    [Fact]
    public async Task An_empty_one_without_disks_has_none_to_warn_of()
    {
        Show(WalletRows.Empty with { ReclaimedFrom = null, WarningsGiven = 0 });

        (await _line.RunAsync("wallets", "show", "cvisionwallet")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain(
            "Its instances are ended, and it pays for no disk. Topped up above nothing, it pays for new ones: ");
        _line.Output.ShouldNotContain("warnings");
    }

    [Fact]
    public async Task A_low_one_that_nothing_is_drawn_from_lasts()
    {
        Show(WalletRows.Vision with { SpendPerHour = 0, RunsOutAt = null });

        (await _line.RunAsync("wallets", "show", "cvisionwallet")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldNotContain("runs out");
        _line.Output.ShouldContain("\nnext      Its balance lasts if all goes on as it is; where it is used up, ");
    }

    [Fact]
    public async Task Ones_own_is_shown_where_none_is_named_and_has_nothing_to_say_while_funded()
    {
        Show(WalletRows.Grace);
        Book();

        (await _line.RunAsync("wallets", "show")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            """
            id       cgracewallet
            whose    user Grace (cgrace)
            mode     showback
            status   FUNDED
            balance  -1.25 USD
            booked   0.00 USD
            spent    1.25 USD
            spends   0.075 USD/h

            """);
        _line.Error.ShouldBe("Nothing was put in.\n");
    }

    [Fact]
    public async Task A_teams_key_has_the_teams_and_one_that_sees_several_teams_alone_must_name_one()
    {
        _server.On($"GET {WalletRows.Route}", WalletRows.Page(WalletRows.Vision));
        (await _line.RunAsync("wallets", "show", "-o", "json")).ShouldBe(ExitCode.Done);
        JsonDocument.Parse(_line.Output).RootElement.GetProperty("id").GetString().ShouldBe("cvisionwallet");

        _server.On($"GET {WalletRows.Route}", WalletRows.Page(
            WalletRows.Vision, WalletRows.Vision with { Id = "cother", TeamId = "cteam" }));
        (await _line.RunAsync("wallets", "show")).ShouldBe(ExitCode.Usage);
        _line.Error.ShouldContain("name one");
    }

    [Fact]
    public async Task In_json_a_wallet_is_the_servers_object_and_bookings_are_another_verb()
    {
        (await _line.RunAsync("wallets", "show", "cvisionwallet", "-o", "json")).ShouldBe(ExitCode.Done);

        var wallet = JsonDocument.Parse(_line.Output).RootElement;
        wallet.GetProperty("balanceUsd").GetDecimal().ShouldBe(5.7m);
        wallet.GetProperty("emptySince").ValueKind.ShouldBe(JsonValueKind.Null);
        _server.Requests.Select(asked => asked.Route).ShouldBe([$"GET {WalletRows.Route}/cvisionwallet"]);

        (await _line.RunAsync("wallets", "credits", "cvisionwallet", "--limit", "5", "-o", "json"))
            .ShouldBe(ExitCode.Done);
        JsonDocument.Parse(_line.Output).RootElement[0].GetProperty("reference").GetString()
            .ShouldBe("invoice 2026-118");
        _server.Requests.Last().Route.ShouldBe($"GET {WalletRows.Route}/cvisionwallet/credits?limit=5");
        (await _line.RunAsync("wallets", "credits", "cvisionwallet", "--limit", "0")).ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task More_bookings_than_are_shown_are_said_to_be_there()
    {
        Book([.. Enumerable.Range(1, 11).Select(number => WalletRows.Booked(12 - number))]);

        (await _line.RunAsync("wallets", "show", "cvisionwallet")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain("\n 2  2026");
        _line.Output.ShouldNotContain("\n 1  2026");
        _line.Error.ShouldBe("There is more, older: mooring wallets credits cvisionwallet\n");
    }

    [Fact]
    public async Task A_history_is_a_table_of_what_happened()
    {
        _server.On($"GET {WalletRows.Route}/cvisionwallet/events", new HistoryPage
        {
            Data =
            [
                new HistoryEvent
                {
                    Number = 31,
                    At = WalletRows.Now,
                    What = "CREDITED",
                    Status = WalletStatuses.Funded,
                    Words = "100 USD: invoice 2026-118",
                    PriceHr = null,
                },
            ],
            Next = null,
        });
        _line.HasColours = true;

        (await _line.RunAsync("wallets", "events", "cvisionwallet", "--after", "12")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldContain(
            "31  2026-11-25 02:45:28Z  CREDITED  \u001b[32mFUNDED\u001b[0m      -  100 USD: invoice 2026-118\n");
        _server.Requests.Last().Route.ShouldBe($"GET {WalletRows.Route}/cvisionwallet/events?after=12&limit=500");
        (await _line.RunAsync("wallets", "events", "cvisionwallet", "--after", "-1")).ShouldBe(ExitCode.Usage);
    }

    private void Show(PayingWallet wallet) => _server.On($"GET {WalletRows.Route}/{wallet.Id}", wallet);

    private void Book(params IReadOnlyList<Credit> credits)
    {
        foreach (var id in new[] { WalletRows.Grace.Id, WalletRows.Vision.Id })
        {
            _server.On($"GET {WalletRows.Route}/{id}/credits", new CreditList(credits, null));
        }
    }
}
