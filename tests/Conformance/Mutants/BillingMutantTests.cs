using Mooring.Conformance.Tests.Hyperstack;
using Mooring.Conformance.Tests.RunPod;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers.Billing;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>
/// Whether the suite finds what is wrong with a bill: each mutant must fail the case about it, with disks and with
/// instances. The simulated cloud charges nothing, so these are played at the clouds that do.
/// </summary>
public sealed class BillingMutantTests
{
    private const string Killer = nameof(VerbConformance.The_charges_of_a_day_are_all_of_them_or_none_and_days_add_up);

    private static readonly Dictionary<string, Func<OneProcess, IProviderBilling>> Mistakes = new()
    {
        [nameof(TakesAFailureForNoCharges)] = real => new TakesAFailureForNoCharges(real.Billing!),
        [nameof(ChargesForWhatIsListed)] = real =>
            new ChargesForWhatIsListed(real.Billing!, real.Disks, real.Instances!),
        [nameof(BillsTheDayBefore)] = real => new BillsTheDayBefore(real.Billing!),
        [nameof(RoundsToCents)] = real => new RoundsToCents(real.Billing!),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Dies_at_runpod(string mutant)
    {
        var varied = RunPodSuites.Plain with
        {
            Adapter = (real, _) => Mutated(new OneProcess(real.Disks, real.Instances, real.Billing), Mistakes[mutant]),
        };
        await ShouldDieAsync(() => new VariedDiskSuite(varied));
        await ShouldDieAsync(() => new VariedInstanceSuite(varied));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task Dies_at_hyperstack(string mutant) => ShouldDieAtHyperstackAsync((real, _) =>
        Mutated(new OneProcess(real.Disks, real.Instances, real.Billing), Mistakes[mutant]));

    // RunPod's bills have no pages.
    [Fact]
    public Task A_mutant_that_reads_one_page_of_a_bill_dies() => ShouldDieAtHyperstackAsync((real, client) =>
        new OneProcess(real.Disks, real.Instances, new ReadsOnePageOfABill(real.Billing, client)));

    [Fact]
    public void Every_mutant_is_played() => typeof(BillingMutant).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(BillingMutant)))
        .Select(type => type.Name)
        .ShouldBe([.. Mistakes.Keys, nameof(ReadsOnePageOfABill)], ignoreOrder: true);

    private static OneProcess Mutated(OneProcess real, Func<OneProcess, IProviderBilling> mutate) =>
        real with { Billing = mutate(real) };

    private static async Task ShouldDieAtHyperstackAsync(HyperstackAdapter adapter)
    {
        var setUp = new HyperstackSetUp { Adapter = adapter };
        await ShouldDieAsync(() => new VariedDiskConformance(setUp));
        await ShouldDieAsync(() => new VariedInstanceConformance(setUp));
    }

    private static async Task ShouldDieAsync(Func<VerbConformance> open)
    {
        var failures = await Played.FailuresAsync(open, played => played.Name == Killer);
        failures.ShouldHaveSingleItem().Value.ShouldBeOfType<ShouldAssertException>();
    }
}
