using Mooring.Providers;
using Mooring.Providers.Billing;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>What a place says that it charges, held against what it truly charged.</summary>
public abstract partial class VerbConformance
{
    private const int ThingsBilled = 4;
    private const int LooksAtABill = 25;

    // Of a thing: each of its days is rounded once.
    private const decimal UsdTolerance = 1e-9m;

    private static readonly TimeSpan Between = new(0, 3, 20, 7, 13);

    [Fact, Needs(Circumstance.Billing)]
    public Task The_charges_of_a_day_are_all_of_them_or_none_and_days_add_up() => PlayAsync(async stage =>
    {
        var billing = stage.Site.Providers.Billing.ShouldNotBeNull();
        var first = DayOf(stage.Site.Now);
        await stage.Resources.PlantAsync("somebody-elses");
        await stage.Site.BeginAsync();
        for (var number = 1; number <= ThingsBilled; number++)
        {
            await stage.Caller.UntilReadyAsync(Name(number), Ct);
            await stage.Site.PassAsync(Between);
            if (number % 2 == 0)
            {
                await stage.Caller.UntilGoneAsync(Name(number - 1), Ct);
            }
        }

        // The first day is over by now: whatever befalls a look at it, it says the same or nothing.
        DayOf(stage.Site.Now).ShouldBeGreaterThan(first);
        var seen = await LookAtBillAsync(stage, billing, first);
        await stage.Site.EndAsync();
        await stage.Site.PassAsync(stage.Resources.SettlingTime);
        var whole = (await billing.ListChargesAsync(first, Ct)).ToHashSet();
        seen.ShouldAllBe(charges => whole.SetEquals(charges));

        await ShouldAddUpAsync(stage, billing, first);
    });

    private static async Task<List<IReadOnlyList<Charge>>> LookAtBillAsync(
        Stage stage, IProviderBilling billing, DateOnly day)
    {
        List<IReadOnlyList<Charge>> seen = [];
        for (var look = 0; look < LooksAtABill; look++)
        {
            try
            {
                seen.Add(await billing.ListChargesAsync(day, Ct));
            }
            catch (ProviderException failure)
            {
                // A look changes nothing, so that it can't be unknown what it did; and it asks for nothing to refuse.
                (failure is UnreachableException or ThrottledException).ShouldBeTrue(failure.ToString());
                await stage.Site.PassAsync(TimeSpan.FromSeconds(5));
            }
        }

        seen.ShouldNotBeEmpty();
        return seen;
    }

    private static async Task ShouldAddUpAsync(Stage stage, IProviderBilling billing, DateOnly first)
    {
        Dictionary<(ChargedKind Kind, string RemoteId), decimal> charged = [];
        for (var day = first; day <= DayOf(stage.Site.Now); day = day.AddDays(1))
        {
            var charges = await billing.ListChargesAsync(day, Ct);
            charges.Select(charge => (charge.Kind, charge.RemoteId)).ShouldBeUnique();
            foreach (var charge in charges)
            {
                var thing = (charge.Kind, charge.RemoteId);
                charged[thing] = charged.GetValueOrDefault(thing) + charge.Amount.Usd;
            }
        }

        var truth = (await stage.Site.ChargesAsync()).Where(one => one.Usd > 0).ToList();
        truth.Count.ShouldBeGreaterThan(ThingsBilled);
        charged.Keys.ShouldBe(truth.Select(one => (one.Kind, one.RemoteId)), ignoreOrder: true);
        foreach (var one in truth)
        {
            charged[(one.Kind, one.RemoteId)].ShouldBe(one.Usd, UsdTolerance, one.ToString());
        }
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
