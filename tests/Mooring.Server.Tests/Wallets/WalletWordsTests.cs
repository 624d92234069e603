using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;

namespace Mooring.Server.Tests.Wallets;

/// <summary>
/// What whoever meets a wallet that is low or empty is told: why, what comes next and when, and what to do.
/// </summary>
public sealed class WalletWordsTests : IAsyncLifetime
{
    private TestMooring _mooring = null!;
    private TestUser _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _mooring = await TestMooring.StartAsync();
        _ada = await _mooring.MintUserAsync("ada");
        await _mooring.PayInAdvanceAsync(_ada, 20);
    }

    public ValueTask DisposeAsync() => _mooring.DisposeAsync();

    [Fact]
    public async Task A_disk_that_is_not_paid_for_says_why_until_when_and_what_to_do()
    {
        var disk = await _mooring.CreateDiskAsync(key: _ada.Key);
        await _mooring.BookAsync(_ada, -21);
        await _mooring.BecomesEmptyAsync(_ada);
        await _mooring.BecomesAsync("/disks/" + disk, "STOPPED");
        var since = (await _mooring.WalletOfAsync(_ada))["emptySince"]!.GetValue<DateTimeOffset>();
        var end = (await _mooring.WalletOfAsync(_ada))["reclaimedFrom"]!.GetValue<DateTimeOffset>();
        end.ShouldBe(since.AddDays(14));

        var explained = await ExplainAsync(disk);

        explained.Reason.ShouldBe($"Its wallet {_ada.Wallet} has been empty since {since:u}.");
        explained.Next.ShouldBe(
            $"It goes on once wallet {_ada.Wallet}, whose balance is -1.00 USD, is topped up above nothing. Otherwise "
            + $"it is deleted with all its data, not before {end:u}.");
        explained.YouCan.Take(2).ShouldBe(
        [
            "Have its wallet topped up, which an operator does: "
                + $"mooring wallets top-up {_ada.Wallet} --amount USD --reference TEXT.",
            $"See what is left in it, and what comes next: mooring wallets show {_ada.Wallet}.",
        ]);
        (await _mooring.PostAsync("/pods/", TestMooring.PodBody(disk), _ada.Key))
            .ShouldRefuse(409, "STOPPED (Its wallet", "Have its wallet topped up, and it goes on by itself")
            .ShouldNotContain("resume");
    }

    [Fact]
    public async Task What_somebody_suspended_is_not_said_to_go_on_and_is_stopped_again_when_it_is_resumed()
    {
        var disk = await _mooring.CreateDiskAsync(key: _ada.Key);
        (await InterveneAsync(disk, "suspend")).ShouldContain(
            "it is billed at its stopped price, 0.0015 USD an hour, and it takes no instance");
        await _mooring.BookAsync(_ada, -20);
        await _mooring.BecomesEmptyAsync(_ada);

        var explained = await ExplainAsync(disk);

        explained.Next.ShouldContain($"Its wallet {_ada.Wallet} has been empty since");
        explained.Next.ShouldContain("Otherwise it is deleted with all its data, not before");
        explained.Next.ShouldNotContain("goes on");
        explained.YouCan.ShouldContain(advice => advice.Contains("mooring wallets top-up"));
        (await InterveneAsync(disk, "resume")).ShouldContain(
            $"its wallet {_ada.Wallet} is empty: it is STOPPED again at once, until that is topped up");
        await _mooring.BecomesAsync("/disks/" + disk, "STOPPED");
    }

    [Fact]
    public async Task The_end_of_a_suspension_says_what_a_disk_costs_from_then_on()
    {
        var disk = await _mooring.CreateDiskAsync(key: _ada.Key);
        await InterveneAsync(disk, "suspend");

        (await InterveneAsync(disk, "resume")).ShouldContain("it is billed at its full price, 0.0015 USD an hour");
    }

    [Fact]
    public async Task While_a_wallet_is_low_disks_and_instances_say_when_they_end_and_what_to_do()
    {
        var disk = await _mooring.CreateDiskAsync(key: _ada.Key);
        var pod = await _mooring.CreatePodForAsync(_ada.Key, null, disk);
        await _mooring.BookAsync(_ada, -15);

        foreach (var (path, becomes) in new[] { ("disks/" + disk, "stopped"), ("pods/" + pod, "ended") })
        {
            var explained = await ExplainedAsync(path);

            explained.Next.ShouldContain($"Its wallet {_ada.Wallet} is low, and used up at ");
            explained.Next.ShouldEndWith($"then it is {becomes}.");
            explained.YouCan[0].ShouldContain($"mooring wallets top-up {_ada.Wallet}");
        }
    }

    [Fact]
    public async Task Whoever_asks_for_something_new_where_nothing_is_left_is_told_what_has_to_be_paid_in()
    {
        await _mooring.CreateDiskAsync(key: _ada.Key);
        await _mooring.BookAsync(_ada, -22.5m);

        (await _mooring.PostAsync("/disks/", """{"disk":{"size":10},"provider":{"type":"hyperstack"}}""", _ada.Key))
            .ShouldRefuse(
                402,
                $"Wallet {_ada.Wallet} has nothing left: its balance is -2.50 USD.",
                "0.0015 USD for what there is, and 0.0015 USD for this");
    }

    private Task<Explained> ExplainAsync(string disk) => ExplainedAsync("disks/" + disk);

    private async Task<Explained> ExplainedAsync(string path)
    {
        var answer = (await _mooring.SendAsync("GET", $"/api/mooring/v1/{path}/explain")).ShouldBe(200).Object;
        return new Explained(
            answer["reason"]?.GetValue<string>(),
            answer["next"]!.GetValue<string>(),
            [.. answer["youCan"]!.AsArray().Select(advice => advice!.GetValue<string>())]);
    }

    private async Task<string> InterveneAsync(string disk, string verb) =>
        (await _mooring.SendAsync("POST", $"/api/mooring/v1/disks/{disk}/{verb}")).ShouldBe(200).Text;

    private sealed record Explained(string? Reason, string Next, IReadOnlyList<string> YouCan);
}
