using Mooring.Conformance.Tests.Simulated;
using Mooring.Conformance.Tests.Suite;
using Mooring.Providers.Disks;
using Mooring.Providers.Instances;
using Mooring.Providers.Simulated;

namespace Mooring.Conformance.Tests.Mutants;

/// <summary>A mistake that the suite is there to find.</summary>
/// <param name="Adapter">What a process has of the simulated cloud.</param>
/// <param name="Rules">How the caller treats what it is told.</param>
/// <param name="Suite">The suite that is played.</param>
/// <param name="Killers">Cases that must fail, among others.</param>
internal sealed record Mistake(Adapter Adapter, CallerRules Rules, Type Suite, IReadOnlyList<string> Killers);

/// <summary>Every mutant, and the cases that kill it.</summary>
internal static class Catalog
{
    public static readonly IReadOnlyDictionary<string, Mistake> Mistakes = new Dictionary<string, Mistake>
    {
        [nameof(DropsTheLookBeforeCreating)] = Of(
            OnDisks((real, cloud) => new DropsTheLookBeforeCreating(real, cloud)),
            nameof(VerbConformance.A_create_run_twice_makes_one),
            nameof(VerbConformance.A_create_run_again_by_another_process_makes_one),
            nameof(VerbConformance.Many_creates_at_once_make_one),
            nameof(VerbConformance.A_create_repeated_at_once_after_a_lost_reply_makes_one),
            nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays)),
        [nameof(BelievesOneEmptyPage)] = Of(
            OnDisks((real, cloud) => new BelievesOneEmptyPage(real, cloud)),
            nameof(VerbConformance.A_list_goes_on_after_an_empty_page)),
        ["a caller that believes one empty look"] = Of(
            new CallerRules(WaitsForSettling: false, LooksThatProveAbsence: 1),
            nameof(VerbConformance.A_create_that_comes_late_is_deleted_if_that_is_wanted_meanwhile),
            nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays)),
        [nameof(MatchesNamesByPrefix)] = Of(
            OnDisks((real, cloud) => new MatchesNamesByPrefix(real, cloud)),
            nameof(VerbConformance.What_only_begins_alike_is_something_else)),
        [nameof(DeletesByPrefix)] = Of(
            OnDisks((real, cloud) => new DeletesByPrefix(real, cloud)),
            nameof(VerbConformance.What_only_begins_alike_is_something_else)),
        [nameof(DeletesByRemoteIdAlone)] = Of(
            OnDisks((real, cloud) => new DeletesByRemoteIdAlone(real, cloud)),
            nameof(VerbConformance.A_remote_id_of_another_name_opens_no_door_to_it),
            nameof(DiskConformance.Of_two_whose_names_were_swapped_none_is_taken_or_deleted_for_the_other)),
        [nameof(TakesAContradictionForAbsence)] = Of(
            OnDisks((real, cloud) => new TakesAContradictionForAbsence(real, cloud)),
            nameof(DiskConformance.A_disk_that_was_given_a_name_of_ours_is_neither_absent_nor_deleted)),
        [nameof(PassesNothingOver)] = Of(
            OnDisks((real, cloud) => new PassesNothingOver(real, cloud)),
            nameof(DiskConformance.What_bears_its_name_and_is_another_disk_of_ours_is_passed_over)),
        [nameof(TakesARenamedDiskForGone)] = Of(
            OnDisks((real, cloud) => new TakesARenamedDiskForGone(real, cloud)),
            nameof(DiskConformance.A_disk_that_was_renamed_at_the_place_is_not_told_absent)),
        [nameof(LeavesARenamedDisk)] = Of(
            OnDisks((real, cloud) => new LeavesARenamedDisk(real, cloud)),
            nameof(DiskConformance.A_disk_that_was_renamed_at_the_place_is_deleted_and_nothing_else)),
        [nameof(TakesAnyDisk)] = Of(
            OnDisks((real, cloud) => new TakesAnyDisk(real, cloud)),
            nameof(DiskConformance.A_create_takes_nothing_that_bears_another_name)),
        [nameof(TakesTheFirstOfSeveral)] = Of(
            OnDisks((real, cloud) => new TakesTheFirstOfSeveral(real, cloud)),
            nameof(DiskConformance.Of_two_that_bear_its_name_the_disk_is_the_one_of_its_id)),
        [nameof(MakesASecondOfWhatWasRenamed)] = Of(
            OnDisks((real, cloud) => new MakesASecondOfWhatWasRenamed(real, cloud)),
            nameof(DiskConformance.A_create_of_what_was_renamed_meanwhile_makes_no_second)),
        [nameof(DeletesWhateverBearsTheName)] = Of(
            OnDisks((real, cloud) => new DeletesWhateverBearsTheName(real, cloud)),
            nameof(DiskConformance.A_double_is_told_when_the_disk_is_deleted_and_goes_by_its_own_id)),
        [nameof(ListsNothingForeign)] = Of(
            OnDisks((real, cloud) => new ListsNothingForeign(real, cloud)),
            nameof(DiskConformance.All_that_is_in_the_account_is_listed_with_its_id)),
        [nameof(DeletesOneOfSeveral)] = Of(
            OnDisks((real, cloud) => new DeletesOneOfSeveral(real, cloud)),
            nameof(VerbConformance.A_delete_removes_all_that_bear_the_name)),
        [nameof(ReportsALostCreateAsRefused)] = Of(
            OnDisks((real, cloud) => new ReportsALostCreateAsRefused(real, cloud)),
            nameof(VerbConformance.A_create_whose_reply_is_lost_has_an_unknown_outcome_and_is_found),
            nameof(VerbConformance.A_create_that_comes_late_is_waited_for_and_not_doubled)),
        [nameof(ReportsALostCreateAsUnreachable)] = Of(
            OnDisks((real, cloud) => new ReportsALostCreateAsUnreachable(real, cloud)),
            nameof(VerbConformance.A_create_whose_reply_is_lost_has_an_unknown_outcome_and_is_found),
            nameof(VerbConformance.A_create_that_comes_late_is_deleted_if_that_is_wanted_meanwhile)),
        [nameof(AnswersReadyBeforeItIs)] = Of(
            OnDisks((real, cloud) => new AnswersReadyBeforeItIs(real, cloud)),
            nameof(VerbConformance.Is_not_ready_before_it_is),
            nameof(VerbConformance.Of_two_made_under_one_name_one_is_left_before_it_counts_as_ready)),
        [nameof(AnswersAbsentBeforeItIs)] = Of(
            OnDisks((real, cloud) => new AnswersAbsentBeforeItIs(real, cloud)),
            nameof(VerbConformance.Is_not_absent_before_it_is_gone)),
        [nameof(KeepsDuplicates)] = Of(
            OnDisks((real, cloud) => new KeepsDuplicates(real, cloud)),
            nameof(VerbConformance.Of_two_made_under_one_name_one_is_left_before_it_counts_as_ready),
            nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays)),
        [nameof(FailsWithTheLookAfterTheChange)] = Of(
            OnDisks((real, cloud) => new FailsWithTheLookAfterTheChange(real, cloud)),
            nameof(VerbConformance.A_look_that_fails_after_the_create_does_not_make_it_undone)),
        [nameof(TakesNoRoomForARefusal)] = Of(
            OnDisks((real, cloud) => new TakesNoRoomForARefusal(real, cloud)),
            nameof(VerbConformance.A_create_without_room_is_out_of_stock_and_not_refused_for_good)),
        [nameof(RoundsSizes)] = Of(
            OnDisks((real, cloud) => new RoundsSizes(real, cloud)),
            nameof(DiskConformance.A_disk_has_exactly_the_size_that_was_asked_for)),
        [nameof(ReadsTheFirstPageOnly)] = Of(
            OnDisks((real, cloud) => new ReadsTheFirstPageOnly(real, cloud)),
            nameof(VerbConformance.A_list_has_each_of_many_once)),
        [nameof(LooksOnTheFirstPageOnly)] = Of(
            OnDisks((real, cloud) => new LooksOnTheFirstPageOnly(real, cloud)),
            nameof(VerbConformance.A_list_has_each_of_many_once)),
        [nameof(EndsAListThatBreaksOff)] = Of(
            OnDisks((real, cloud) => new EndsAListThatBreaksOff(real, cloud)),
            nameof(VerbConformance.A_list_that_breaks_off_throws)),
        [nameof(ListsOtherInstallations)] = Of(
            OnDisks((real, cloud) => new ListsOtherInstallations(real, cloud)),
            nameof(VerbConformance.The_same_id_in_another_installation_is_something_else),
            nameof(VerbConformance.Only_names_of_this_installation_are_listed)),
        [nameof(ReportsAFailedLookAsAbsent)] = Of(
            OnDisks((real, cloud) => new ReportsAFailedLookAsAbsent(real, cloud)),
            nameof(VerbConformance.Where_nothing_can_be_read_nothing_is_absent),
            nameof(VerbConformance.Credentials_that_are_not_accepted_prove_nothing)),
        [nameof(ForgetsTheRemoteId)] = Of(
            OnDisks((real, cloud) => new ForgetsTheRemoteId(real, cloud)),
            nameof(VerbConformance.A_remote_id_is_the_same_in_every_answer)),
        [nameof(SwallowsCancellation)] = Of(
            OnDisks((real, cloud) => new SwallowsCancellation(real, cloud)),
            nameof(VerbConformance.A_call_cancelled_before_it_begins_changes_nothing),
            nameof(VerbConformance.A_create_cancelled_in_its_middle_is_never_doubled),
            nameof(VerbConformance.A_delete_cancelled_in_its_middle_is_done_in_the_end),
            nameof(VerbConformance.A_look_cancelled_in_its_middle_says_nothing)),
        [nameof(DropsRetryAfter)] = Of(
            OnDisks((real, cloud) => new DropsRetryAfter(real, cloud)),
            nameof(VerbConformance.A_throttled_call_is_made_once_and_says_when_to_come_again)),
        [nameof(RepeatsAThrottledCallAtOnce)] = Of(
            OnDisks((real, cloud) => new RepeatsAThrottledCallAtOnce(real, cloud)),
            nameof(VerbConformance.A_throttled_call_is_made_once_and_says_when_to_come_again)),
        [nameof(ThrowsUntypedErrors)] = Of(
            OnDisks((real, cloud) => new ThrowsUntypedErrors(real, cloud)),
            nameof(VerbConformance.Foreign_names_are_refused_in_words_by_every_verb)),
        [nameof(StartsAgainWhatEnded)] = Of(
            OnInstances(real => new StartsAgainWhatEnded(real)),
            nameof(InstanceConformance.An_instance_that_ended_says_how_and_is_not_started_again)),
        [nameof(ReportsAnEndAsAbsence)] = Of(
            OnInstances(real => new ReportsAnEndAsAbsence(real)),
            nameof(InstanceConformance.An_instance_that_ended_says_how_and_is_not_started_again)),
        [nameof(TakesAnInstanceForGone)] = Of(
            OnInstances(real => new TakesAnInstanceForGone(real)),
            nameof(VerbConformance.Is_not_absent_before_it_is_gone)),
        [nameof(ForgetsTheDisks)] = Of(
            OnInstances(real => new ForgetsTheDisks(real)),
            nameof(InstanceConformance.Disks_are_held_from_the_creation_until_the_instance_is_gone),
            nameof(InstanceConformance.A_disk_that_is_not_there_makes_no_instance)),
        [nameof(ReadsALogFromItsBeginning)] = Of(
            OnInstances(real => new ReadsALogFromItsBeginning(real)),
            nameof(InstanceConformance.A_log_has_the_last_lines_oldest_first)),
    };

    private static Mistake Of((Adapter Adapter, Type Suite) mutant, params IReadOnlyList<string> killers) =>
        new(mutant.Adapter, CallerRules.Correct, mutant.Suite, killers);

    private static Mistake Of(CallerRules rules, params IReadOnlyList<string> killers) => new(
        (real, _) => new OneProcess(real.Disks, real.Instances), rules, typeof(MutantDiskConformance), killers);

    private static (Adapter, Type) OnDisks(Func<IDiskProvider, DiskCalls, Mutant> mutate) =>
        ((real, cloud) => new OneProcess(mutate(real.Disks, cloud), real.Instances), typeof(MutantDiskConformance));

    private static (Adapter, Type) OnInstances(Func<IInstanceProvider, InstanceMutant> mutate) =>
        ((real, _) => new OneProcess(real.Disks, mutate(real.Instances)), typeof(MutantInstanceConformance));
}
