using System.Globalization;

namespace Mooring.Benchmarks.Statistics;

/// <summary>What a row must keep (architecture, section 10).</summary>
internal abstract record Budget
{
    /// <summary>
    /// Whether an interval lies wholly on the right side (true), wholly on the wrong one (false), or on both (null).
    /// </summary>
    public abstract bool? Judge(Interval interval);

    protected static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>The value is this or more.</summary>
    public sealed record AtLeast(double Limit) : Budget
    {
        public override bool? Judge(Interval interval) =>
            interval.Low >= Limit ? true : interval.High < Limit ? false : null;

        public override string ToString() => $">= {Text(Limit)}";
    }

    /// <summary>The value is this or less.</summary>
    /// <param name="Limit">In the row's unit, or as a ratio.</param>
    /// <param name="Words">How the limit is written, where that is more than the number.</param>
    public sealed record AtMost(double Limit, string? Words = null) : Budget
    {
        public override bool? Judge(Interval interval) =>
            interval.High <= Limit ? true : interval.Low > Limit ? false : null;

        public override string ToString() => $"<= {Words ?? Text(Limit)}";
    }

    /// <summary>Nothing is demanded; it is measured and said.</summary>
    public sealed record None : Budget
    {
        public override bool? Judge(Interval interval) => null;

        public override string ToString() => "none";
    }
}
