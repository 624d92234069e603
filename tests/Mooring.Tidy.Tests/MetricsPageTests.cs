using System.Text.RegularExpressions;

namespace Mooring.Tidy.Tests;

/// <summary>
/// docs/operate/metrics.md lists what the code measures, under the names that Prometheus shows, and no more.
/// </summary>
public partial class MetricsPageTests
{
    private const string Page = "docs/operate/metrics.md";

    [Fact]
    public void Every_instrument_has_its_line_and_every_line_an_instrument()
    {
        var measured = Repository.Files
            .Where(file => file.IsUnder("src", "providers") && file.Path.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => Instruments(file.Text))
            .ToList();
        measured.Count.ShouldBeGreaterThan(5);
        Rows(Repository.File(Page).Text).ShouldBe(measured, ignoreOrder: true);
    }

    [Fact]
    public void Alerts_name_only_metrics_that_there_are()
    {
        var text = Repository.File(Page).Text;
        var known = Rows(text).ToList();
        var named = Metric().Matches(text).Select(match => match.Value)
            .Where(name => !known.Contains(name))
            .Select(name => Part().Replace(name, ""));
        named.Except(known).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "meter.CreateObservableGauge(\n    \"mooring.due.age\", () => 1, \"s\", \"words\")", "mooring_due_age_seconds")]
    [InlineData("Meter.CreateCounter<long>(\n \"mooring.claims\", \"{row}\")", "mooring_claims_total")]
    [InlineData("Meter.CreateHistogram(\"mooring.call.duration\", \"s\", null)", "mooring_call_duration_seconds")]
    [InlineData("Meter.CreateUpDownCounter<int>(\"mooring.a.depth\", \"{unit}\")", "mooring_a_depth")]
    public void An_instrument_is_found_under_its_name_in_Prometheus(string code, string name) =>
        Instruments(code).ShouldBe([name]);

    private static IEnumerable<string> Instruments(string code) =>
        from Match match in Instrument().Matches(code)
        let name = match.Groups["name"].Value.Replace('.', '_')
        select name + (match.Groups["unit"].Value == "s" ? "_seconds" : "")
            + (match.Groups["kind"].Value == "Counter" ? "_total" : "");

    private static IEnumerable<string> Rows(string page) =>
        from line in page.Split('\n')
        where line.StartsWith("| `mooring_", StringComparison.Ordinal)
        select line.Split('`')[1];

    [GeneratedRegex(
        "\\.Create(?<kind>\\w+)(<\\w+>)?\\(\\s*\"(?<name>mooring\\.[a-z_.]+)\",[^\"]*\"(?<unit>[^\"]*)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instrument();

    // What Prometheus makes of a histogram.
    [GeneratedRegex("_(count|sum|bucket)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Part();

    [GeneratedRegex("mooring_[a-z_]+", RegexOptions.NonBacktracking)]
    private static partial Regex Metric();
}
