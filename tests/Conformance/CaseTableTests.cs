using System.Reflection;
using System.Text;
using Mooring.Conformance.Tests.Suite;

namespace Mooring.Conformance.Tests;

/// <summary>
/// docs/providers.md has each case with each provider, and the reason beside each one that does not apply: what is
/// excused stands where users read it, and nothing is skipped in silence.
/// </summary>
public sealed class CaseTableTests
{
    private const string Begin = "<!-- conformance: begin -->\n";
    private const string End = "<!-- conformance: end -->\n";

    // Set by ./test conformance --report, once all cases have passed.
    private const string WriteSetting = "MOORING_TEST_WRITE_CASE_TABLE";

    private static readonly IReadOnlyList<VerbConformance> Suites =
    [
        .. from type in typeof(VerbConformance).Assembly.GetExportedTypes()
           where type.IsSubclassOf(typeof(VerbConformance)) && !type.IsAbstract
           orderby type.Name
           select (VerbConformance)Activator.CreateInstance(type)!,
    ];

    [Fact]
    public void The_page_on_providers_says_which_case_applies_to_which()
    {
        var path = Path.Join(Root(), "docs", "providers.md");
        var page = File.ReadAllText(path);
        var start = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        (start >= 0 && end > start).ShouldBeTrue($"docs/providers.md lacks its part between {Begin} and {End}");
        if (Environment.GetEnvironmentVariable(WriteSetting) == "1")
        {
            page = page[..(start + Begin.Length)] + Table() + page[end..];
            File.WriteAllText(path, page);
            end = page.IndexOf(End, StringComparison.Ordinal);
        }

        var told = page[(start + Begin.Length)..end].Split('\n');
        var expected = Table().Split('\n');
        expected.Except(told).ShouldBeEmpty("lines that the page lacks");
        told.Except(expected).ShouldBeEmpty("lines of the page that are not so");
        told.ShouldBe(expected);
    }

    [Fact]
    public void Every_circumstance_is_needed_by_a_case() => Enum.GetValues<Circumstance>()
        .Except(Suites.SelectMany(suite => VerbConformance.CasesOf(suite.GetType())).Select(VerbConformance.NeedOf))
        .ShouldBeEmpty();

    [Fact]
    public void A_provider_is_excused_only_from_what_a_case_needs() => Suites
        .SelectMany(suite => suite.NotApplicable.Keys
            .Except(VerbConformance.CasesOf(suite.GetType()).Select(VerbConformance.NeedOf))
            .Select(need => $"{Column(suite)}: {need}"))
        .ShouldBeEmpty();

    [Fact]
    public void A_subclass_brings_no_case_of_its_own() => Suites
        .SelectMany(suite => VerbConformance.CasesOf(suite.GetType())
            .Where(played => played.DeclaringType == suite.GetType()))
        .Select(played => played.Name)
        .ShouldBeEmpty();

    private static string Table()
    {
        var cases = Suites.SelectMany(suite => VerbConformance.CasesOf(suite.GetType()))
            .DistinctBy(played => played.Name)
            .OrderBy(played => played.Name, StringComparer.Ordinal);
        var text = new StringBuilder("\n");
        text.Append("| case | ").AppendJoin(" | ", Suites.Select(Column)).Append(" |\n");
        text.Append("|---|").Append(string.Concat(Suites.Select(_ => "---|"))).Append('\n');
        foreach (var played in cases)
        {
            text.Append($"| {played.Name.Replace('_', ' ')} | ")
                .AppendJoin(" | ", Suites.Select(suite => Cell(suite, played)))
                .Append(" |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Column(VerbConformance suite) => $"`{suite.Provider}` {suite.Kind}";

    private static string Cell(VerbConformance suite, MethodInfo played) =>
        VerbConformance.CasesOf(suite.GetType()).FirstOrDefault(one => one.Name == played.Name) is not { } own
            ? "–"
            : suite.NotApplicable.TryGetValue(VerbConformance.NeedOf(own), out var reason)
                ? $"not applicable: {reason}"
                : "pass";

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Join(folder, "mooring.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no working tree of Mooring.");
    }
}
