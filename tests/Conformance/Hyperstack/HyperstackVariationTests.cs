using Mooring.Conformance.Tests.Suite;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Conformance.Tests.Hyperstack;

/// <summary>
/// What the cloud's documents leave open may be one way or the other: the adapter passes either way. And it passes
/// through storms of many seeds.
/// </summary>
public sealed class HyperstackVariationTests
{
    private static readonly Dictionary<string, Assumptions> Switches = new()
    {
        ["names per environment"] = new() { NamesPerEnvironment = true, CountIsOfThePage = true },
        ["deleted volumes linger"] = new() { DeletedVolumesLinger = true, EndedAttachmentsLinger = false },
        ["refusals at 400"] = new() { AttachIsRefusedAt200 = false, MissingIs400 = true },
        ["looser attachments"] = new() { ProtectionHoldsTheMachine = false, AttachNeedsOneEnvironment = false },
        ["search by prefix, pages of one"] = new() { SearchIsByPrefix = true, LargestPage = 1 },
    };

    public static TheoryData<string, bool> Variations =>
    [
        .. from name in Switches.Keys
           from ofDisks in (bool[])[true, false]
           select new TheoryDataRow<string, bool>(name, ofDisks),
    ];

    public static TheoryData<bool> Kinds => [true, false];

    [Theory]
    [MemberData(nameof(Variations))]
    public async Task Every_case_passes_whatever_is_assumed(string assumed, bool ofDisks)
    {
        var setUp = new HyperstackSetUp { Assumptions = Switches[assumed] };
        (await Played.FailuresAsync(() => SuiteOf(setUp, ofDisks))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_storm_passes(bool ofDisks) => (await Played.FailedStormsAsync(
        seed => SuiteOf(new HyperstackSetUp { Seed = seed }, ofDisks))).ShouldBeEmpty();

    private static VerbConformance SuiteOf(HyperstackSetUp setUp, bool ofDisks) =>
        ofDisks ? new VariedDiskConformance(setUp) : new VariedInstanceConformance(setUp);
}
