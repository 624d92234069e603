using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Commands;

/// <summary>How wallets are found, topped up and set, and what a balance that is too low refuses.</summary>
public sealed class WalletCommandTests : IAsyncLifetime
{
    private const string Users = "GET /api/mooring/v1/users";
    private const string Teams = "GET /api/mooring/v1/teams";
    private const string Credits = $"POST {WalletRows.Route}/cvisionwallet/credits";
    private static readonly string[] TopUp = ["wallets", "top-up", "cvisionwallet", "--reference", "r", "--amount"];
    private readonly CommandLine _line = new();
    private StubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StubServer.StartAsync();
        _line.Speak(_server);
        _server.On(Users, WalletRows.Page(User("cgrace", "Grace"), User("cada", "Ada"), User("cada2", "Ada")));
        _server.On(Teams, WalletRows.Page(Team("cvision", "vision"), Team("cother", "other")));
        foreach (var id in new[] { "cgrace", "cada2", "cvision" })
        {
            _server.On($"GET {WalletRows.Route}/{id}wallet", WalletRows.Vision with { Id = $"{id}wallet" });
            _server.On($"GET {WalletRows.Route}/{id}wallet/credits", new CreditList([], null));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _line.Dispose();
    }

    [Theory]
    [InlineData("--user", "Grace", Users, "cgracewallet")]
    [InlineData("--user", "grace@example.org", Users, "cgracewallet")]
    [InlineData("--user", "cada2", Users, "cada2wallet")]
    [InlineData("--team", "vision", Teams, "cvisionwallet")]
    [InlineData("--team", "cvision", Teams, "cvisionwallet")]
    public async Task It_is_found_by_whose_it_is_without_walking_wallets(
        string option, string whose, string looksIn, string id)
    {
        (await _line.RunAsync("wallets", "show", option, whose)).ShouldBe(ExitCode.Done);

        _server.Requests.Select(asked => asked.Route).ShouldBe(
        [
            $"{looksIn}?offset=0&limit=100",
            $"GET {WalletRows.Route}/{id}",
            $"GET {WalletRows.Route}/{id}/credits?limit=11",
        ]);
    }

    [Theory]
    [InlineData("--user", "Ada", ExitCode.Usage, "2 users have the name 'Ada': cada, cada2.")]
    [InlineData("--user", "Joan", ExitCode.NotFound, "there is no user with the id or name 'Joan'")]
    [InlineData("--team", Rows.DiskId, ExitCode.NotFound, $"there is no team with the id '{Rows.DiskId}'")]
    public async Task Whose_is_not_told_apart_or_not_there_is_said(string option, string whose, int code, string words)
    {
        (await _line.RunAsync("wallets", "show", option, whose)).ShouldBe(code);

        _line.Error.ShouldStartWith($"mooring: {words}");
    }

    [Theory]
    [InlineData("--user", "Grace", "cgracewallet")]
    [InlineData("--team", "vision", "cvisionwallet")]
    public async Task Who_may_not_list_users_or_teams_finds_what_they_see(string option, string whose, string id)
    {
        _server.Refuse(Users, 403, "It needs Admin: read.");
        _server.Refuse(Teams, 403, "It needs Teams: read.");
        _server.On($"GET {WalletRows.Route}", WalletRows.Page(WalletRows.Grace, WalletRows.Vision));

        (await _line.RunAsync("wallets", "credits", option, whose)).ShouldBe(ExitCode.Done);
        _server.Requests.Last().Route.ShouldBe($"GET {WalletRows.Route}/{id}/credits?limit=100");

        (await _line.RunAsync("wallets", "credits", option, "Joan")).ShouldBe(ExitCode.NotFound);
        _line.Error.ShouldContain($"no {option[2..]} with a wallet that you see with the id or name 'Joan'");
    }

    [Theory]
    [InlineData("wallets set --mode prepaid")]
    [InlineData("wallets set cvisionwallet --team vision --mode prepaid")]
    [InlineData("wallets show --user Grace --team vision")]
    [InlineData("wallets top-up --amount 1 --reference r")]
    public async Task One_wallet_is_named_and_no_two(string typed)
    {
        (await _line.RunAsync(typed.Split(' '))).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldContain("Say which wallet: its id, or --user, or --team.");
        _server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("100", "100.0", "100.00 USD are put into")]
    [InlineData("-12.50", "-12.5", "12.50 USD are taken out of")]
    [InlineData("0.000000000001", "0.000000000001", "0.000000000001 USD are put into")]
    public async Task Money_is_booked_in_and_out_to_the_last_digit(string amount, string sent, string words)
    {
        _server.On(Credits, new ToppedUp(
            WalletRows.Booked(8, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)),
            WalletRows.Vision with { Status = WalletStatuses.Funded }));

        (await _line.RunAsync(
            "wallets", "top-up", "--team", "vision", "--amount", amount, "--reference", "invoice 2026-118"))
            .ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe(
            $"{words} the wallet of team vision (cvisionwallet), as number 8\nits balance is 5.70 USD\n");
        _server.Requests.Last().Body.ShouldBe($$"""{"amountUsd":{{sent}},"reference":"invoice 2026-118"}""");
    }

    [Theory]
    [InlineData(WalletStatuses.Low, 5.7, "Its balance is used up in 3d4h if all goes on as it is;")]
    [InlineData(WalletStatuses.Low, 0, "It is used up: its instances are about to be ended, and its disks STOPPED.")]
    [InlineData(WalletStatuses.Empty, -3, "Its instances are ended, and its disks STOPPED: ")]
    public async Task A_booking_that_leaves_too_little_says_what_comes_of_it(string status, double usd, string words)
    {
        using var line = new CommandLine { Time = new FakeTimeProvider(WalletRows.Now) };
        line.Speak(_server);
        var after = status == WalletStatuses.Empty ? WalletRows.Empty : WalletRows.Vision;
        _server.On(Credits, new ToppedUp(
            WalletRows.Booked(9, -20), after with { Status = status, BalanceUsd = (decimal)usd }));

        (await line.RunAsync([.. TopUp, "-20"])).ShouldBe(ExitCode.Done);

        line.Output.Split('\n')[2].ShouldStartWith(words);
        line.Output.ShouldContain("mooring wallets top-up cvisionwallet --amount USD --reference TEXT");
    }

    [Fact]
    public async Task What_is_prepaid_and_empty_already_is_not_said_to_be_drawn_from()
    {
        _server.On($"PATCH {WalletRows.Route}/cvisionwallet", WalletRows.Empty);

        (await _line.RunAsync("wallets", "set", "cvisionwallet", "--mode", "prepaid")).ShouldBe(ExitCode.Done);

        _line.Output.ShouldStartWith(
            "the wallet of team vision (cvisionwallet) is prepaid: nothing is left in it, its balance is "
            + "-0.000000000001 USD\nIts instances are ended, ");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("1000001")]
    [InlineData("0.0000000000001")]
    [InlineData("much")]
    public async Task What_is_no_amount_books_nothing(string amount)
    {
        (await _line.RunAsync([.. TopUp, amount])).ShouldBe(ExitCode.Usage);

        _line.Error.ShouldContain("--amount must be USD like 100 or -12.50: not 0, 1000000 at the most, 12 decimals.");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lost_answer_to_a_booking_says_where_to_look()
    {
        _server.On(Credits, context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        (await _line.RunAsync([.. TopUp, "5"])).ShouldBe(ExitCode.Unreachable);

        _line.Error.ShouldContain(
            "Whether the money was booked is not known: look with 'mooring wallets credits cvisionwallet'");
    }

    [Theory]
    [InlineData(WalletModes.Prepaid, "is prepaid: what it uses is drawn from its 5.70 USD")]
    [InlineData(WalletModes.Showback, "is showback: what it uses is shown, and nothing refused or stopped for it")]
    public async Task How_one_pays_is_set(string mode, string words)
    {
        const string route = $"PATCH {WalletRows.Route}/cvisionwallet";
        _server.On(route, WalletRows.Vision with { Mode = mode, Status = WalletStatuses.Funded });

        (await _line.RunAsync("wallets", "set", "--team", "vision", "--mode", mode)).ShouldBe(ExitCode.Done);

        _line.Output.ShouldBe($"the wallet of team vision (cvisionwallet) {words}\n");
        _server.Changes.ShouldBe([route]);
        _server.Requests.Last().Body.ShouldBe($$"""{"mode":"{{mode}}"}""");
    }

    [Fact]
    public async Task What_is_refused_is_told_in_the_servers_words()
    {
        const string words = "Wallet cvisionwallet has 0.10 USD left, which has to cover an hour of all it pays for.";
        _server.OffersDisks(Demo.Offers.Disk("local", "block", 0.00015m));
        _server.Refuse("POST /api/v1/disks/", StatusCodes.Status402PaymentRequired, words);
        _server.Refuse($"PATCH {WalletRows.Route}/cvisionwallet", StatusCodes.Status409Conflict, "Top it up first.");

        (await _line.RunAsync("disks", "create", "--size", "1")).ShouldBe(ExitCode.Refused);
        _line.Error.ShouldBe($"mooring: The server answered 402: {words}\n");
        (await _line.RunAsync("wallets", "set", "cvisionwallet", "--mode", "prepaid")).ShouldBe(ExitCode.Refused);
        _line.Error.ShouldBe("mooring: The server answered 409: Top it up first.\n");
    }

    private static UserAccount User(string id, string name) => new()
    {
        Id = id,
        Name = name,
        Email = $"{(id == "cada2" ? "other" : name.ToLowerInvariant())}@example.org",
        Role = "USER",
        Slug = null,
        WalletId = $"{id}wallet",
        CreatedAt = WalletRows.Now,
        DisabledAt = null,
    };

    private static Team Team(string id, string name) =>
        new() { Id = id, Name = name, Slug = null, WalletId = $"{id}wallet", CreatedAt = WalletRows.Now };
}
