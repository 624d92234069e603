using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Mooring.Providers;
using Mooring.Providers.Billing;
using Mooring.Server.Charges;
using Mooring.Server.Tests.Http;
using Mooring.Server.Tests.Persistence;
using Mooring.Server.Tests.ProviderAccounts;

namespace Mooring.Server.Tests.Charges;

/// <summary>What providers say that they charge is kept by day and held against what accrued here.</summary>
public abstract class ChargeTests(Backend backend) : IAsyncLifetime
{
    private const string Providers = "/api/mooring/v1/providers";
    private static readonly DateOnly Today = DateOnly.FromDateTime(TestMooring.Start.UtcDateTime);
    private TestMooring? _mooring;
    private string _account = "";

    private TestMooring Mooring => _mooring!;

    private ScriptedBilling Billing => Mooring.Cloud.Billing;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mooring = await TestMooring.StartAsync(backend: backend);
        _account = (await Mooring.SendAsync(
            "POST",
            Providers,
            $$$"""
            {"type":"{{{ScriptedCloud.Type}}}","name":"lab","credential":"{{{ScriptedCloud.Good}}}",
             "settings":{"place":"NO-1"}}
            """)).ShouldBe(201).Id;
        Billing.Asked.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Mooring.DisposeAsync();
    }

    [Fact]
    public async Task A_charge_is_known_by_the_providers_id_else_by_the_name_and_else_is_nobodys()
    {
        var disk = await ADiskThereAsync();
        Billing.Answer = _ =>
        [
            new Charge(ChargedKind.Disk, disk.RemoteId!, null, Money.FromUsd(0.25m)),
            new Charge(ChargedKind.Disk, "its second", disk.RemoteName, Money.FromUsd(0.125m)),
            new Charge(ChargedKind.Disk, "another's", "another's", Money.FromUsd(1)),
            // The same id, of another kind.
            new Charge(ChargedKind.Instance, disk.RemoteId!, null, Money.FromUsd(2)),
        ];

        await ReadAsync();

        var charges = await ChargesAsync();
        Number(charges, "totalUsd").ShouldBe(3.375m);
        Number(charges, "disksUsd").ShouldBe(1.375m);
        Number(charges, "instancesUsd").ShouldBe(2);
        Number(charges, "unmatchedUsd").ShouldBe(3);
        charges["resources"]!.AsArray()
            .Select(one => (one!["kind"]!.GetValue<string>(), Number(one, "chargedUsd"), (string?)one["resourceId"]))
            .ShouldBe(
            [
                ("pod", 2m, null), ("disk", 1m, null), ("disk", 0.25m, disk.Id.Value), ("disk", 0.125m, disk.Id.Value),
            ]);
    }

    [Fact]
    public async Task A_charge_stands_beside_what_accrued_in_the_same_days()
    {
        var disk = await ADiskThereAsync();
        Billing.Answer = day => [new Charge(ChargedKind.Disk, disk.RemoteId!, null, Money.FromUsd(day.Day))];
        Mooring.Time.Advance(TimeSpan.FromDays(2));
        await ReadAsync();

        var hourly = disk.PriceHr.Usd;
        var all = await ChargesAsync();
        all["days"]!.AsArray().Select(day => Number(day!, "disksUsd")).ShouldBe([7, 8, 9]);
        Number(all["resources"]![0]!, "chargedUsd").ShouldBe(24);
        Number(all["resources"]![0]!, "accruedUsd").ShouldBe(hourly * 48, 0.000001m);
        var middle = await ChargesAsync("?from=2025-11-08&to=2025-11-08");
        Number(middle, "totalUsd").ShouldBe(8);
        Number(middle["resources"]![0]!, "accruedUsd").ShouldBe(hourly * 24);
    }

    [Fact]
    public async Task A_day_that_is_read_again_takes_the_place_of_what_was_read_before()
    {
        Billing.Answer = _ => [ScriptedBilling.Any, ScriptedBilling.Any with { RemoteId = "withdrawn" }];
        await ReadAsync();
        Billing.Answer = _ => [ScriptedBilling.Any with { Amount = Money.FromUsd(0.75m) }];

        await ReadAsync();

        Number(await ChargesAsync(), "totalUsd").ShouldBe(0.75m);
    }

    [Fact]
    public async Task Each_hour_is_read_what_may_have_changed_and_after_a_rest_what_was_missed()
    {
        var reading = Mooring.Services.GetRequiredService<ChargeReading>();
        await reading.RunOnceAsync(Ct);
        Billing.Asked.ShouldBe([Today]);
        await reading.RunOnceAsync(Ct);
        Billing.Asked.Count.ShouldBe(1);

        Billing.Asked.Clear();
        Mooring.Time.Advance(TimeSpan.FromHours(61.5));
        await Eventually.HoldsAsync(() => Task.FromResult(!Billing.Asked.IsEmpty), "it is read by itself");
        await Eventually.HoldsAsync(
            async () => (await ChargesAsync())["readAt"]!.GetValue<DateTime>().Day == Today.Day + 3, "all is read");

        Billing.Asked.ShouldBe(Enumerable.Range(0, 4).Select(Today.AddDays));
        Billing.Asked.Clear();
        Mooring.Time.Advance(TimeSpan.FromDays(1));
        await Eventually.HoldsAsync(() => Task.FromResult(Billing.Asked.Count == 4), "it is read again");
        Billing.Asked.ShouldBe(Enumerable.Range(1, 4).Select(Today.AddDays));
    }

    [Fact]
    public async Task What_can_t_be_read_leaves_what_was_and_says_why()
    {
        await ReadAsync();
        Billing.Answer = _ => throw new UnauthorizedException("This key sees no bills.");

        (await Mooring.SendAsync("POST", $"{Providers}/{_account}/charges/read"))
            .ShouldRefuse(503, "This key sees no bills.");

        var charges = await ChargesAsync();
        Number(charges, "totalUsd").ShouldBe(0.5m);
        charges["reason"]!.GetValue<string>().ShouldBe("This key sees no bills.");
        Billing.Answer = _ => [];
        await ReadAsync();
        (await ChargesAsync())["reason"].ShouldBeNull();
    }

    [Fact]
    public async Task A_day_that_can_t_be_read_keeps_nobody_from_the_days_after_it()
    {
        Billing.Answer = day => day == Today ? throw new UnreachableException("Torn page.") : [ScriptedBilling.Any];
        Mooring.Time.Advance(TimeSpan.FromDays(2));

        (await Mooring.SendAsync("POST", $"{Providers}/{_account}/charges/read")).ShouldRefuse(503, "Torn page.");

        var charges = await ChargesAsync();
        charges["days"]!.AsArray().Count.ShouldBe(2);
        charges["reason"]!.GetValue<string>().ShouldBe("Torn page.");
        charges["readAt"].ShouldBeNull();
        Billing.Answer = _ => [ScriptedBilling.Any];
        await ReadAsync();
        (await ChargesAsync())["days"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_trial_says_whether_the_key_sees_bills()
    {
        Billing.Answer = _ => throw new UnauthorizedException("This key sees no bills.");

        var trial = (await Mooring.SendAsync("POST", $"{Providers}/{_account}/test")).ShouldBe(200);

        var call = trial.Object["calls"]!.AsArray().Single(one => one!["about"]!.GetValue<string>() == "charges")!;
        call["words"]!.GetValue<string>().ShouldBe("This key sees no bills.");
    }

    [Fact]
    public async Task Sums_beyond_the_databases_integers_are_exact()
    {
        var most = new Money(long.MaxValue);
        Billing.Answer = _ =>
        [
            .. Enumerable.Range(0, 3).Select(n => new Charge(ChargedKind.Disk, $"r{n}", null, most)),
            new Charge(ChargedKind.Disk, "back", null, new Money(-1)),
        ];

        await ReadAsync();

        Number(await ChargesAsync(), "totalUsd").ShouldBe((3m * long.MaxValue - 1) / 1_000_000_000_000m);
    }

    [Theory]
    [InlineData("?from=yesterday", "query.from")]
    [InlineData("?from=2025-11-08&to=2025-11-07", "query.from")]
    [InlineData("?from=2020-01-01", "query.from")]
    [InlineData("?to=2025-13-01", "query.to")]
    [InlineData("?from=9999-12-01&to=9999-12-31", "query.to")]
    public async Task Days_that_make_no_sense_are_refused(string query, string where) =>
        (await Mooring.SendAsync("GET", $"{Providers}/{_account}/charges{query}")).ShouldBe(422)
            .Text.ShouldContain(where.Split('.')[1]);

    [Fact]
    public async Task An_account_that_tells_no_charges_says_so()
    {
        var account = await Mooring.ProviderAccountIdAsync();

        (await Mooring.SendAsync("POST", $"{Providers}/{account}/charges/read"))
            .ShouldRefuse(409, "does not say what it charges");
        (await Mooring.SendAsync("GET", $"{Providers}/{account}/charges")).ShouldBe(200).Object["readAt"]
            .ShouldBeNull();
        (await Mooring.SendAsync("GET", $"{Providers}/nobody/charges")).ShouldBe(404);
    }

    private async Task<Server.Disks.Disk> ADiskThereAsync()
    {
        var id = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var reply = await Mooring.PostAsync(
                    "/disks/", $$$"""{"disk":{"size":10},"provider":{"type":"{{{ScriptedCloud.Type}}}"}}""");
                id = reply.Status == 201 ? reply.Id : "";
                return id.Length > 0;
            },
            "its offers are known");
        await Mooring.ShowsAsync("/disks/" + id, "ACTIVE");
        return await Mooring.ReadAsync(db => db.Disks.AsNoTracking().SingleAsync(Ct));
    }

    private async Task ReadAsync() =>
        (await Mooring.SendAsync("POST", $"{Providers}/{_account}/charges/read")).ShouldBe(200);

    private async Task<JsonObject> ChargesAsync(string query = "") =>
        (await Mooring.SendAsync("GET", $"{Providers}/{_account}/charges{query}")).ShouldBe(200).Object;

    private static decimal Number(JsonNode of, string member) => of[member]!.GetValue<decimal>();
}

public sealed class ChargesOnSqliteTests() : ChargeTests(Backend.Sqlite);

public sealed class ChargesOnPostgresTests() : ChargeTests(Backend.PostgreSql);
