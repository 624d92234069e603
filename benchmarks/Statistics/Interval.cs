namespace Mooring.Benchmarks.Statistics;

/// <summary>Where a true value lies with a confidence of 95 %, and the best guess in it.</summary>
internal readonly record struct Interval(double Low, double Middle, double High)
{
    // Student's t, 97.5 % quantile, for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical Methods,
    // section 1.3.6.7.2).
    private static readonly double[] StudentT =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>
    /// Of the geometric mean of ratios, by Student's t over their logarithms: a ratio and its inverse weigh the same.
    /// </summary>
    /// <param name="ratios">Two at least, each above 0.</param>
    public static Interval OfRatios(IReadOnlyList<double> ratios)
    {
        List<double> logs = [.. ratios.Select(ratio => Math.Log(ratio))];
        var mean = logs.Average();
        var variance = logs.Sum(log => (log - mean) * (log - mean)) / (logs.Count - 1);
        var reach = Quantile(logs.Count - 1) * Math.Sqrt(variance / logs.Count);
        return new Interval(Math.Exp(mean - reach), Math.Exp(mean), Math.Exp(mean + reach));
    }

    /// <summary>
    /// Of the median, by order statistics: it supposes nothing about the shape, so that one slow start among many does
    /// not widen it. Fewer than 6 samples can't bear 95 %; there it is their whole range.
    /// </summary>
    public static Interval OfMedian(IReadOnlyList<double> samples)
    {
        List<double> sorted = [.. samples.Order()];
        var count = sorted.Count;
        var reach = 1.96 * Math.Sqrt(count) / 2;
        var low = Math.Max(0, (int)Math.Floor((count / 2.0) - reach));
        return new Interval(sorted[low], Median(sorted), sorted[count - 1 - low]);
    }

    public static double Median(IReadOnlyList<double> samples)
    {
        List<double> sorted = [.. samples.Order()];
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double Quantile(int freedom) => freedom <= StudentT.Length
        ? StudentT[freedom - 1]
        // The expansion's first term; it is off by less than 0.002 here.
        : 1.96 + (2.3725 / freedom);
}
