using Mooring.Conformance.Tests.Suite;
using Mooring.Simulators.RunPod;

namespace Mooring.Conformance.Tests.RunPod;

/// <summary>
/// Where RunPod's documents leave a question open the adapter passes under either answer: every case of both suites is
/// played under each.
/// </summary>
public sealed class RunPodAssumptionTests
{
    private static readonly Dictionary<string, Assumptions> Switches = new()
    {
        ["a delete in use is refused with 409"] = new() { StatusOfDeleteInUse = 409 },
        ["a delete in use is refused with 500"] = new() { StatusOfDeleteInUse = 500 },
        ["a delete in use is done"] = new() { DeleteInUseIsRefused = false },
        ["deleted pods linger"] = new() { DeletedPodsLinger = TimeSpan.FromSeconds(12) },
        ["lists lag"] = new() { ListsLag = TimeSpan.FromSeconds(12) },
        ["lists and ids lag"] = new() { ListsLag = TimeSpan.FromSeconds(12), IdsAreFoundAtOnce = false },
        ["nulls are accepted"] = new() { NullsAreRefused = false },
        ["data centers in lower case are taken"] = new() { LowerCaseDataCentersAreTaken = true },
        ["stopped pods let go of volumes"] = new() { StoppedPodsHoldVolumes = false },
    };

    private static readonly string[] WhileListsLag =
    [
        // What no list shows yet another process can't know, and nobody can delete a second one of.
        nameof(VerbConformance.Is_not_ready_before_it_is),
        nameof(VerbConformance.A_delete_removes_all_that_bear_the_name),
        nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays),
        // Of two the smaller id is kept, and which that is turns out when both are listed.
        nameof(VerbConformance.Of_two_made_under_one_name_one_is_left_before_it_counts_as_ready),
        // Five creates that wait for lists take longer than the minute after which the fault comes.
        nameof(VerbConformance.A_list_that_breaks_off_throws),
    ];

    /// <summary>Cases whose own words need the default answer, and why.</summary>
    private static readonly Dictionary<string, string[]> NotPlayed = new()
    {
        ["deleted pods linger"] =
        [
            // They look at the place right after a delete, which then has the pod still.
            nameof(VerbConformance.A_delete_whose_reply_is_lost_is_done),
            nameof(VerbConformance.Hostile_names_harm_nobody),
            nameof(VerbConformance.Is_not_absent_before_it_is_gone),
        ],
        ["lists lag"] = WhileListsLag,
        ["lists and ids lag"] =
        [
            .. WhileListsLag,
            // They look once at what was made a moment ago, or ask once for its removal.
            nameof(VerbConformance.Hostile_names_harm_nobody),
            nameof(InstanceConformance.An_instance_that_ended_says_how_and_is_not_started_again),
        ],
    };

    public static TheoryData<string> Names => [.. Switches.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_case_passes(string name)
    {
        var varied = RunPodSuites.Plain with { Assumptions = Switches[name] };
        List<string> failures = [];
        foreach (var open in (Func<VerbConformance>[])
            [() => new VariedDiskSuite(varied), () => new VariedInstanceSuite(varied)])
        {
            failures.AddRange(
                from failure in await Played.FailuresAsync(
                    open, played => !NotPlayed.GetValueOrDefault(name, []).Contains(played.Name))
                select $"{open().Kind}: {failure.Key}: {failure.Value}");
        }

        failures.ShouldBeEmpty();
    }
}
