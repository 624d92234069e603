using System.Globalization;

namespace Mooring.EndToEnd.Tests;

/// <summary>
/// How long the tests go on that could go on for ever: briefly, or at length in <c>./test --soak</c>.
/// </summary>
internal static class Soak
{
    /// <summary>Whether this run is the long one.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("MOORING_TEST_SOAK") is "1";

    /// <summary>How often mooringd is killed at a random instant, on each provider.</summary>
    public static int Kills { get; } = IsOn ? 200 : 20;

    /// <summary>How many seeds of chance each simulated cloud is played with.</summary>
    public static int CloudSeeds { get; } = IsOn ? 20 : 1;

    /// <summary>Where random tests begin: fixed, so that what failed fails again, or given to look further.</summary>
    public static int Seed { get; } = Environment.GetEnvironmentVariable("MOORING_TEST_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : 3;
}
