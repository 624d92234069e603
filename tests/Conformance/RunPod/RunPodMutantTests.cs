using Mooring.Conformance.Tests.Suite;
using Mooring.Providers;
using Mooring.Providers.Disks;
using Mooring.Providers.RunPod;
using Mooring.Simulators.RunPod;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>Whether the suite finds in an adapter to RunPod what it is there to find.</summary>
public sealed class RunPodMutantTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, (RunPodCase Case, string[] Killers)> Mistakes = new()
    {
        [nameof(PostsWithoutALook)] = Of(
            (real, api) => new PostsWithoutALook(real, api),
            nameof(VerbConformance.A_create_run_twice_makes_one),
            nameof(VerbConformance.A_create_run_again_by_another_process_makes_one),
            nameof(VerbConformance.Many_creates_at_once_make_one)),
        [nameof(PostsAgain)] = Of(
            (real, api) => new PostsAgain(real, api),
            nameof(VerbConformance.A_create_whose_reply_is_lost_has_an_unknown_outcome_and_is_found)),
        [nameof(MatchesPartsOfNames)] = Of(
            (real, api) => new MatchesPartsOfNames(real, api),
            nameof(VerbConformance.What_only_begins_alike_is_something_else)),
        [nameof(TakesARenamedDiskForGone)] = Of(
            (real, api) => new TakesARenamedDiskForGone(real, api),
            nameof(DiskConformance.A_disk_that_was_renamed_at_the_place_is_not_told_absent)),
        [nameof(KeepsBoth)] = Of(
            (real, api) => new KeepsBoth(real, api),
            nameof(VerbConformance.Of_two_made_under_one_name_one_is_left_before_it_counts_as_ready)),
        [nameof(TakesAFailureForAnEmptyList)] = Of(
            (real, api) => new TakesAFailureForAnEmptyList(real, api),
            nameof(VerbConformance.Where_nothing_can_be_read_nothing_is_absent)),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Dies_in_the_cases_that_stand_beside_it(string mutant)
    {
        var (varied, killers) = Mistakes[mutant];
        var failed = await Played.FailuresAsync(
            () => new VariedDiskSuite(varied), played => killers.Contains(played.Name));
        foreach (var (name, failure) in failed)
        {
            output.WriteLine($"{mutant} dies in {name}: {failure.Message}");
        }

        failed.Keys.ShouldBe(killers, ignoreOrder: true);
    }

    [Fact]
    public async Task A_mutant_that_leaves_the_refusal_to_runpod_dies_where_there_is_none()
    {
        var careless = RunPodSuites.Plain with
        {
            Assumptions = new Assumptions { DeleteInUseIsRefused = false },
            Adapter = (real, api) => new OneProcess(new DeletesWhatIsMounted(real.Disks, api), real.Instances),
        };
        (await Played.FailuresAsync(() => new VariedInstanceSuite(careless), IsAboutHolding)).Keys.ShouldBe(
            [nameof(InstanceConformance.A_shared_disk_is_held_by_several_and_by_each_until_it_is_gone)]);

        static bool IsAboutHolding(System.Reflection.MethodInfo played) =>
            played.Name == nameof(InstanceConformance.A_shared_disk_is_held_by_several_and_by_each_until_it_is_gone);
    }

    // A rule of RunPod's own, and so none of the suite's: what was made in "us-ks-2" no pod could mount.
    [Fact]
    public async Task A_mutant_that_takes_a_data_center_in_lower_case_dies_where_runpod_takes_it()
    {
        (await MakesInLowerCaseAsync(real => real)).ShouldBeFalse();
        (await MakesInLowerCaseAsync((real, api) => new TakesLowerCase(real, api))).ShouldBeTrue();
    }

    [Fact]
    public void Every_mutant_is_played() => typeof(RunPodMutant).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(RunPodMutant)))
        .Select(type => type.Name)
        .ShouldBe(
            [.. Mistakes.Keys, nameof(DeletesWhatIsMounted), nameof(TakesLowerCase)], ignoreOrder: true);

    private static Task<bool> MakesInLowerCaseAsync(Func<IDiskProvider, IDiskProvider> mutate) =>
        MakesInLowerCaseAsync((real, _) => mutate(real));

    private static async Task<bool> MakesInLowerCaseAsync(Func<IDiskProvider, RunPodApi, IDiskProvider> mutate)
    {
        await using var site = await RunPodSite.OpenAsync(RunPodSuites.Plain with
        {
            Assumptions = new Assumptions { LowerCaseDataCentersAreTaken = true },
            Adapter = (real, api) => new OneProcess(mutate(real.Disks, api), real.Instances),
        });
        var spec = site.Disk(RemoteName.For(Site.Installation, new string('1', 32))) with { DataCenter = "us-ks-2" };
        var failure = await Record.ExceptionAsync(
            () => site.Providers.Disks.EnsureCreatedAsync(spec, TestContext.Current.CancellationToken));
        (failure is null or RefusedException).ShouldBeTrue(failure?.ToString());
        return (await site.DisksThereAsync()).Count > 0;
    }

    private static (RunPodCase, string[]) Of(
        Func<IDiskProvider, RunPodApi, RunPodMutant> mutate, params string[] killers) => (
        RunPodSuites.Plain with
        {
            Adapter = (real, api) => new OneProcess(mutate(real.Disks, api), real.Instances),
        },
        killers);
}
