using System.Reflection;

namespace Mooring.Conformance.Tests.Suite;

/// <summary>Plays cases of a suite for tests about the suite, or about what is varied below it.</summary>
internal static class Played
{
    /// <summary>By how many seeds a storm is played: 200 in <c>./test --soak</c>.</summary>
    public static int StormSeeds => Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") == "1" ? 200 : 20;

    /// <summary>Which cases failed, and how; each is played on a suite of its own.</summary>
    /// <param name="open">Makes the suite.</param>
    /// <param name="isPlayed">Which cases are played; all if not given.</param>
    public static async Task<Dictionary<string, Exception>> FailuresAsync(
        Func<VerbConformance> open, Func<MethodInfo, bool>? isPlayed = null)
    {
        Dictionary<string, Exception> failures = [];
        foreach (var played in VerbConformance.CasesOf(open().GetType()).Where(isPlayed ?? (_ => true)))
        {
            if (await Record.ExceptionAsync(() => (Task)played.Invoke(open(), [])!) is { } failure)
            {
                failures[played.Name] = failure;
            }
        }

        return failures;
    }

    /// <summary>A storm by each seed; which failed, and how.</summary>
    public static async Task<IReadOnlyList<string>> FailedStormsAsync(Func<int, VerbConformance> ofSeed)
    {
        List<string> failures = [];
        for (var seed = 1; seed <= StormSeeds; seed++)
        {
            var suite = ofSeed(seed);
            if (await Record.ExceptionAsync(
                suite.Through_a_storm_none_is_lost_none_is_doubled_and_none_stays) is { } failure)
            {
                failures.Add($"seed {seed}: {failure}");
            }
        }

        return failures;
    }
}
