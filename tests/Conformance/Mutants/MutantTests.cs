using Mooring.Conformance.Tests.Simulated;
using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>
/// Whether the suite finds what it is there to find: each mutant is played through all cases of its suite, and must
/// fail those that stand beside it in the <see cref="Catalog"/>.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Catalog.Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Dies_in_the_cases_that_stand_beside_it(string mutant)
    {
        var mistake = Catalog.Mistakes[mutant];
        var failed = await FailedCasesAsync(mistake);
        foreach (var one in failed)
        {
            output.WriteLine($"{mutant} dies in {one}");
        }

        mistake.Killers.ShouldNotBeEmpty();
        mistake.Killers.Except(failed).ShouldBeEmpty($"{mutant} survived cases that should kill it");
    }

    [Theory]
    [InlineData(typeof(MutantDiskConformance))]
    [InlineData(typeof(MutantInstanceConformance))]
    public async Task The_adapter_that_is_no_mutant_lives(Type suite)
    {
        Adapter real = (real, _) => new OneProcess(real.Disks, real.Instances);
        (await FailedCasesAsync(new Mistake(real, CallerRules.Correct, suite, []))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_mutant_is_played() => typeof(Mutant).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Mutant)) || type.IsSubclassOf(typeof(InstanceMutant)))
        .Select(type => type.Name)
        .ShouldBe(Catalog.Mistakes.Keys.Where(name => !name.Contains(' ')), ignoreOrder: true);

    private static async Task<IReadOnlyCollection<string>> FailedCasesAsync(Mistake mistake) =>
        (await Played.FailuresAsync(() => (VerbConformance)Activator.CreateInstance(
            mistake.Suite, mistake.Adapter, mistake.Rules)!)).Keys;
}
