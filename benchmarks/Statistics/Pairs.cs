namespace Mooring.Benchmarks.Statistics;

/// <summary>What a series of pairs came to.</summary>
/// <param name="Ours">Median of our side.</param>
/// <param name="Reference">Median of the other side.</param>
/// <param name="Ratio">Ours to the reference, round by round.</param>
/// <param name="Rounds">How many rounds it took.</param>
internal sealed record PairedEstimate(double Ours, double Reference, Interval Ratio, int Rounds);

/// <summary>
/// Measures two things in turn, so that whatever else the machine does meets both. Only the ratio within a round
/// counts: it is fair where neither figure alone is.
/// </summary>
internal static class Pairs
{
    /// <summary>Half the width, in relation to the middle, at which an undecided ratio stays undecided.</summary>
    private const double Precision = 0.05;

    /// <summary>
    /// Goes on until the budget is decided, the ratio is known to ±5 %, or the rounds are spent; six rounds at least,
    /// lest the first ones decide by luck.
    /// </summary>
    public static async Task<PairedEstimate> MeasureAsync(
        Effort effort, Budget budget, Func<Task<double>> ours, Func<Task<double>> reference)
    {
        List<(double Ours, double Reference)> rounds = [];
        while (true)
        {
            rounds.Add(await RoundAsync(rounds.Count, ours, reference));
            if (rounds.Count < effort.RoundsAtLeast)
            {
                continue;
            }

            var ratio = Interval.OfRatios([.. rounds.Select(round => round.Ours / round.Reference)]);
            var isPrecise = ratio.High / ratio.Middle <= 1 + Precision;
            if (budget.Judge(ratio) is not null || isPrecise || rounds.Count >= effort.RoundsAtMost)
            {
                return new PairedEstimate(
                    Interval.Median([.. rounds.Select(round => round.Ours)]),
                    Interval.Median([.. rounds.Select(round => round.Reference)]),
                    ratio,
                    rounds.Count);
            }
        }
    }

    // Every other round the other way round, so that being first is no advantage.
    private static async Task<(double Ours, double Reference)> RoundAsync(
        int number, Func<Task<double>> ours, Func<Task<double>> reference)
    {
        if (number % 2 == 0)
        {
            var first = await ours();
            return (first, await reference());
        }

        var before = await reference();
        return (await ours(), before);
    }
}
