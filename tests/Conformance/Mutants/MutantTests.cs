using Mooring.Conformance.Tests.Simulated;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers.Simulated;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>
/// Whether the suite finds what it is there to find: each mutant is played through all of its disk cases, and must fail
/// those that stand beside it.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, (DiskAdapter Adapter, CallerRules Rules, string[] Killers)> Mutants =
        new()
        {
            [nameof(DropsTheLookBeforeCreating)] = Of(
                (real, cloud) => new DropsTheLookBeforeCreating(real.Disks, cloud),
                nameof(VerbConformance.A_create_run_twice_makes_one),
                nameof(VerbConformance.A_create_run_again_by_another_process_makes_one),
                nameof(VerbConformance.Many_creates_at_once_make_one),
                nameof(VerbConformance.A_create_repeated_at_once_after_a_lost_reply_makes_one),
                nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays)),
            [nameof(BelievesOneEmptyPage)] = Of(
                (real, cloud) => new BelievesOneEmptyPage(real.Disks, cloud),
                nameof(VerbConformance.A_list_goes_on_after_an_empty_page)),
            ["a caller that believes one empty look"] = Of(
                new CallerRules(WaitsForSettling: false, LooksThatProveAbsence: 1),
                nameof(VerbConformance.A_create_that_comes_late_is_deleted_if_that_is_wanted_meanwhile),
                nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays)),
            [nameof(MatchesNamesByPrefix)] = Of(
                (real, cloud) => new MatchesNamesByPrefix(real.Disks, cloud),
                nameof(VerbConformance.What_only_begins_alike_is_something_else)),
            [nameof(DeletesByPrefix)] = Of(
                (real, cloud) => new DeletesByPrefix(real.Disks, cloud),
                nameof(VerbConformance.What_only_begins_alike_is_something_else)),
            [nameof(DeletesByRemoteIdAlone)] = Of(
                (real, cloud) => new DeletesByRemoteIdAlone(real.Disks, cloud),
                nameof(VerbConformance.A_remote_id_of_another_name_opens_no_door_to_it)),
            [nameof(DeletesOneOfSeveral)] = Of(
                (real, cloud) => new DeletesOneOfSeveral(real.Disks, cloud),
                nameof(VerbConformance.A_delete_removes_all_that_bear_the_name)),
            [nameof(ReportsALostCreateAsRefused)] = Of(
                (real, cloud) => new ReportsALostCreateAsRefused(real.Disks, cloud),
                nameof(VerbConformance.A_create_whose_reply_is_lost_has_an_unknown_outcome_and_is_found),
                nameof(VerbConformance.A_create_that_comes_late_is_waited_for_and_not_doubled)),
            [nameof(ReportsALostCreateAsUnreachable)] = Of(
                (real, cloud) => new ReportsALostCreateAsUnreachable(real.Disks, cloud),
                nameof(VerbConformance.A_create_whose_reply_is_lost_has_an_unknown_outcome_and_is_found),
                nameof(VerbConformance.A_create_that_comes_late_is_deleted_if_that_is_wanted_meanwhile)),
            [nameof(AnswersReadyBeforeItIs)] = Of(
                (real, cloud) => new AnswersReadyBeforeItIs(real.Disks, cloud),
                nameof(VerbConformance.Is_not_ready_before_it_is),
                nameof(VerbConformance.Of_two_made_under_one_name_one_is_left_before_it_counts_as_ready)),
            [nameof(AnswersAbsentBeforeItIs)] = Of(
                (real, cloud) => new AnswersAbsentBeforeItIs(real.Disks, cloud),
                nameof(VerbConformance.Is_not_absent_before_it_is_gone)),
            [nameof(KeepsDuplicates)] = Of(
                (real, cloud) => new KeepsDuplicates(real.Disks, cloud),
                nameof(VerbConformance.Of_two_made_under_one_name_one_is_left_before_it_counts_as_ready),
                nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays)),
            [nameof(FailsWithTheLookAfterTheChange)] = Of(
                (real, cloud) => new FailsWithTheLookAfterTheChange(real.Disks, cloud),
                nameof(VerbConformance.A_look_that_fails_after_the_create_does_not_make_it_undone)),
            [nameof(TakesNoRoomForARefusal)] = Of(
                (real, cloud) => new TakesNoRoomForARefusal(real.Disks, cloud),
                nameof(VerbConformance.A_create_without_room_is_out_of_stock_and_not_refused_for_good)),
            [nameof(RoundsSizes)] = Of(
                (real, cloud) => new RoundsSizes(real.Disks, cloud),
                nameof(DiskConformance.A_disk_has_exactly_the_size_that_was_asked_for)),
            [nameof(ReadsTheFirstPageOnly)] = Of(
                (real, cloud) => new ReadsTheFirstPageOnly(real.Disks, cloud),
                nameof(VerbConformance.A_list_has_each_of_many_once)),
            [nameof(LooksOnTheFirstPageOnly)] = Of(
                (real, cloud) => new LooksOnTheFirstPageOnly(real.Disks, cloud),
                nameof(VerbConformance.A_list_has_each_of_many_once)),
            [nameof(EndsAListThatBreaksOff)] = Of(
                (real, cloud) => new EndsAListThatBreaksOff(real.Disks, cloud),
                nameof(VerbConformance.A_list_that_breaks_off_throws)),
            [nameof(ListsOtherInstallations)] = Of(
                (real, cloud) => new ListsOtherInstallations(real.Disks, cloud),
                nameof(VerbConformance.The_same_id_in_another_installation_is_something_else),
                nameof(VerbConformance.Only_names_of_this_installation_are_listed)),
            [nameof(ReportsAFailedLookAsAbsent)] = Of(
                (real, cloud) => new ReportsAFailedLookAsAbsent(real.Disks, cloud),
                nameof(VerbConformance.Where_nothing_can_be_read_nothing_is_absent),
                nameof(VerbConformance.Credentials_that_are_not_accepted_prove_nothing)),
            [nameof(ForgetsTheRemoteId)] = Of(
                (real, cloud) => new ForgetsTheRemoteId(real.Disks, cloud),
                nameof(VerbConformance.A_remote_id_is_the_same_in_every_answer)),
            [nameof(SwallowsCancellation)] = Of(
                (real, cloud) => new SwallowsCancellation(real.Disks, cloud),
                nameof(VerbConformance.A_call_cancelled_before_it_begins_changes_nothing),
                nameof(VerbConformance.A_create_cancelled_in_its_middle_is_never_doubled),
                nameof(VerbConformance.A_delete_cancelled_in_its_middle_is_done_in_the_end),
                nameof(VerbConformance.A_look_cancelled_in_its_middle_says_nothing)),
            [nameof(DropsRetryAfter)] = Of(
                (real, cloud) => new DropsRetryAfter(real.Disks, cloud),
                nameof(VerbConformance.A_throttled_call_is_made_once_and_says_when_to_come_again)),
            [nameof(RepeatsAThrottledCallAtOnce)] = Of(
                (real, cloud) => new RepeatsAThrottledCallAtOnce(real.Disks, cloud),
                nameof(VerbConformance.A_throttled_call_is_made_once_and_says_when_to_come_again)),
            [nameof(ThrowsUntypedErrors)] = Of(
                (real, cloud) => new ThrowsUntypedErrors(real.Disks, cloud),
                nameof(VerbConformance.Foreign_names_are_refused_in_words_by_every_verb)),
        };

    public static TheoryData<string> Names => [.. Mutants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Dies_in_the_cases_that_stand_beside_it(string mutant)
    {
        var (adapter, rules, killers) = Mutants[mutant];
        var failed = await FailedCasesAsync(adapter, rules);
        foreach (var one in failed)
        {
            output.WriteLine($"{mutant} dies in {one}");
        }

        killers.Except(failed).ShouldBeEmpty($"{mutant} survived cases that should kill it");
    }

    [Fact]
    public async Task The_adapter_that_is_no_mutant_lives() =>
        (await FailedCasesAsync((real, _) => real.Disks, CallerRules.Correct)).ShouldBeEmpty();

    [Fact]
    public void Every_mutant_is_played() => typeof(Mutant).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Mutant)))
        .Select(type => type.Name)
        .ShouldBe(Mutants.Keys.Where(name => !name.Contains(' ')), ignoreOrder: true);

    private static (DiskAdapter, CallerRules, string[]) Of(Func<SimulatedProvider, DiskCalls, Mutant> mutate,
        params string[] killers) => ((real, cloud) => mutate(real, cloud), CallerRules.Correct, killers);

    private static (DiskAdapter, CallerRules, string[]) Of(CallerRules rules, params string[] killers) =>
        ((real, _) => real.Disks, rules, killers);

    private static async Task<List<string>> FailedCasesAsync(DiskAdapter adapter, CallerRules rules)
    {
        List<string> failed = [];
        foreach (var played in VerbConformance.CasesOf(typeof(MutantConformance)))
        {
            var suite = new MutantConformance(adapter, rules);
            if (await Record.ExceptionAsync(() => (Task)played.Invoke(suite, [])!) is not null)
            {
                failed.Add(played.Name);
            }
        }

        return failed;
    }
}
