using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mooring.Benchmarks.Statistics;

namespace Mooring.Benchmarks;

/// <summary>One row as it is printed and stored (docs/reference/benchmarks.md).</summary>
internal sealed record Result(
    string Row,
    string Engine,
    double? Ours,
    double? Reference,
    string Unit,
    double? Ratio,
    double? Low,
    double? High,
    string Budget,
    bool? Pass)
{
    /// <summary>A ratio to a reference.</summary>
    public static Result Of(string row, string engine, string unit, Budget budget, PairedEstimate pairs) => new(
        row,
        engine,
        Rounded(pairs.Ours),
        Rounded(pairs.Reference),
        unit,
        Rounded(pairs.Ratio.Middle),
        Rounded(pairs.Ratio.Low),
        Rounded(pairs.Ratio.High),
        $"{budget}",
        Verdict(budget, pairs.Ratio));

    /// <summary>A figure by itself, against a limit in its own unit.</summary>
    public static Result Of(string row, string engine, string unit, Budget budget, Interval interval) => new(
        row,
        engine,
        Rounded(interval.Middle),
        null,
        unit,
        null,
        Rounded(interval.Low),
        Rounded(interval.High),
        $"{budget}",
        Verdict(budget, interval));

    /// <summary>What a row takes beyond its reference; low and high are the difference's, in the row's unit.</summary>
    public static Result OfDifference(
        string row, string engine, string unit, Budget budget, double ours, double reference, Interval difference) =>
        new(
            row,
            engine,
            Rounded(ours),
            Rounded(reference),
            unit,
            null,
            Rounded(difference.Low),
            Rounded(difference.High),
            $"{budget}",
            Verdict(budget, difference));

    // Where a budget is set, undecided is not a pass.
    private static bool? Verdict(Budget budget, Interval interval) =>
        budget is Budget.None ? null : budget.Judge(interval) == true;

    private static double Rounded(double value) =>
        double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<Result>))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    /// <summary>Without escapes that only HTML needs: people read <c>&gt;= 0.8</c>.</summary>
    public static ResultJson Readable => Plain.Json;

    // In a class of its own: the static parts of this one have no order among each other.
    private static class Plain
    {
        public static readonly ResultJson Json = new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}
