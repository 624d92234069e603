using System.Reflection;
using Mooring.Conformance.Tests.Suite;
using Mooring.Simulators.Hyperstack;

namespace Mooring.Conformance.Tests.Hyperstack;

/// <summary>
/// What the cloud's documents leave open may be one way or the other: the adapter passes either way. And it passes
/// through storms of many seeds.
/// </summary>
public sealed class HyperstackVariationTests
{
    private const int Seeds = 20;
    private const int SeedsOfASoak = 200;

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
        foreach (var played in VerbConformance.CasesOf(SuiteOf(ofDisks)))
        {
            (await FailureOfAsync(setUp, played, ofDisks)).ShouldBeNull(played.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_storm_passes(bool ofDisks)
    {
        var storm = SuiteOf(ofDisks).GetMethod(
            nameof(VerbConformance.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays))!;
        var seeds = Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") == "1" ? SeedsOfASoak : Seeds;
        for (var seed = 1; seed <= seeds; seed++)
        {
            (await FailureOfAsync(new HyperstackSetUp { Seed = seed }, storm, ofDisks)).ShouldBeNull($"seed {seed}");
        }
    }

    private static Type SuiteOf(bool ofDisks) =>
        ofDisks ? typeof(VariedDiskConformance) : typeof(VariedInstanceConformance);

    private static async Task<Exception?> FailureOfAsync(HyperstackSetUp setUp, MethodInfo played, bool ofDisks)
    {
        VerbConformance suite =
            ofDisks ? new VariedDiskConformance(setUp) : new VariedInstanceConformance(setUp);
        return await Record.ExceptionAsync(() => (Task)played.Invoke(suite, [])!);
    }
}
