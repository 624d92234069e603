using System.Net;
using System.Text.Json.Nodes;
using Mooring.Providers.Billing;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Providers.Hyperstack.Tests;

/// <summary>The simulator's billing, by hand and through the adapter.</summary>
public class SimulatedBillingTests
{
    private const string OfVolumes = "billing/billing/history/volume";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_charges_of_all_days_add_up_to_the_books_to_the_last_digit()
    {
        await using var house = await House.OpenAsync(Ct);
        house.Time.Advance(new TimeSpan(0, 11, 58, 31, 777));
        var first = DateOnly.FromDateTime(house.Time.GetUtcNow().UtcDateTime);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.RunAsync(House.Machine(2), Ct);
        house.Time.Advance(TimeSpan.FromHours(30) + TimeSpan.FromTicks(7));
        await house.MakeAsync(House.Disk(3), Ct);
        await house.Provider.Disks.EnsureDeletedAsync(new(House.Name(1), null), Ct);
        await house.Provider.Instances.EnsureDeletedAsync(new(House.Name(2), null), Ct);
        house.Time.Advance(TimeSpan.FromHours(50));

        Dictionary<(ChargedKind, string, string?), decimal> charged = [];
        for (var day = first; day <= DateOnly.FromDateTime(house.Time.GetUtcNow().UtcDateTime); day = day.AddDays(1))
        {
            foreach (var charge in await house.Provider.Billing.ListChargesAsync(day, Ct))
            {
                var thing = (charge.Kind, charge.RemoteId, charge.Name);
                charged[thing] = charged.GetValueOrDefault(thing) + charge.Amount.Usd;
            }
        }

        var books = house.Cloud.Books;
        charged.ShouldBe(
            [
                .. books.Volumes.Select(volume => KeyValuePair.Create(
                    (ChargedKind.Disk, $"{volume.Id}", (string?)volume.Name), decimal.Round(volume.CostUsd, 12))),
                .. books.Machines.Select(machine => KeyValuePair.Create(
                    (ChargedKind.Instance, $"{machine.Id}", (string?)machine.Name),
                    decimal.Round(machine.CostUsd, 12))),
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_minute_that_has_begun_is_paid_for_once_on_the_day_on_which_it_begins()
    {
        await using var house = await House.OpenAsync(Ct, new Script { Delays = Delays.None });
        house.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(30));
        await house.Provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct);
        await house.Provider.Disks.EnsureCreatedAsync(House.Disk(1), Ct);
        house.Time.Advance(TimeSpan.FromSeconds(50));
        var cost = decimal.Round(house.Cloud.Books.Volumes.ShouldHaveSingleItem().CostUsd, 12);

        (await house.Provider.Billing.ListChargesAsync(new DateOnly(2026, 3, 1), Ct))
            .ShouldHaveSingleItem().Amount.Usd.ShouldBe(cost);
        (await house.Provider.Billing.ListChargesAsync(new DateOnly(2026, 3, 2), Ct)).ShouldBeEmpty();
        house.Time.Advance(TimeSpan.FromSeconds(20));
        (await house.Provider.Billing.ListChargesAsync(new DateOnly(2026, 3, 2), Ct))
            .ShouldHaveSingleItem().Amount.Usd.ShouldBe(cost, tolerance: 1e-12m);
    }

    [Fact]
    public async Task A_history_has_pages_a_search_and_what_is_gone()
    {
        await using var house = await House.OpenAsync(Ct);
        for (var disk = 1; disk <= 3; disk++)
        {
            await house.MakeAsync(House.Disk(disk), Ct);
        }

        await house.Provider.Disks.EnsureDeletedAsync(new(House.Name(1), null), Ct);
        house.Time.Advance(TimeSpan.FromHours(1));
        var (_, page) = await AskAsync(house, $"{OfVolumes}?page=2&per_page=2");
        var history = page["billing_history_volume"]!;
        history["total_count"]!.GetValue<int>().ShouldBe(3);
        (history["page"]!.GetValue<int>(), history["per_page"]!.GetValue<int>()).ShouldBe((2, 2));
        var line = history["billing_history"]!.AsArray().ShouldHaveSingleItem()!;
        line["attributes"]!["resource_name"]!.GetValue<string>().ShouldBe(House.Name(3));
        line["attributes"]!["id"]!.GetValue<Guid>().ShouldNotBe(Guid.Empty);
        line["metrics"]!["price_per_hour"]!.GetValue<decimal>().ShouldBe(0.00096774m);

        (_, page) = await AskAsync(house, $"{OfVolumes}?search={House.Name(1)}");
        line = page["billing_history_volume"]!["billing_history"]!.AsArray().ShouldHaveSingleItem()!;
        line["attributes"]!["status"]!.GetValue<string>().ShouldBe("deleted");
    }

    [Theory]
    [InlineData("start_date=2026-03-01")]
    [InlineData("start_date=2026-03-01T00:00:00Z")]
    [InlineData("end_date=now")]
    [InlineData("start_date=2026-03-02T00:00:00&end_date=2026-03-01T00:00:00")]
    public async Task What_makes_no_sense_is_refused(string query)
    {
        await using var house = await House.OpenAsync(Ct);
        (await AskAsync(house, $"{OfVolumes}?{query}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AskAsync(house, $"billing/billing/history/virtual-machine?{query}")).Status
            .ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.LostReply)]
    [InlineData(FaultKind.Unreachable)]
    [InlineData(FaultKind.StatusFalse)]
    [InlineData(FaultKind.Disappears)]
    public async Task A_bill_that_goes_wrong_is_none(FaultKind kind)
    {
        await using var house = await House.OpenAsync(Ct);
        await house.MakeAsync(House.Disk(1), Ct);
        await house.RunAsync(House.Machine(2), Ct);
        house.Time.Advance(TimeSpan.FromHours(1));
        foreach (var route in (string[])["billing.volumes", "billing.vms"])
        {
            house.Cloud.AddFaults(new Fault { Kind = kind, On = [route], Times = 1 });
            await Should.ThrowAsync<UnreachableException>(
                () => house.Provider.Billing.ListChargesAsync(new DateOnly(2026, 3, 1), Ct));
            house.Cloud.Books.Faults[^1].Route.ShouldBe(route);
        }

        (await house.Provider.Billing.ListChargesAsync(new DateOnly(2026, 3, 1), Ct)).Count.ShouldBe(2);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(House house, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        client.DefaultRequestHeaders.Add("api_key", "any");
        using var answer = await client.GetAsync(new Uri(house.Cloud.Address, path), Ct);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!);
    }
}
