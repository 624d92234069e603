using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mooring.Tidy.Tests;

/// <summary>What the documents promise is there, and what is there has its line in them.</summary>
public partial class DocumentTests
{
    [Fact]
    public void Every_relative_link_leads_somewhere() =>
        Repository.Markdown.SelectMany(file => BrokenLinks(file, Repository.Exists, HeadingsOf)).ShouldBeEmpty();

    [Fact]
    public void Every_package_has_a_line_that_says_why()
    {
        var used = XDocument.Parse(Repository.File("Directory.Packages.props").Text).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value).ToList();
        var explained = FirstColumn(Repository.File("docs/dependencies.md").Text).ToList();
        used.Except(explained).ShouldBeEmpty();
        explained.Except(used).ShouldBeEmpty();
        explained.ShouldBeUnique();
    }

    [Fact]
    public void Every_provider_has_a_page_of_its_own_a_row_and_its_tests()
    {
        var folders = Repository.Files.Where(file => file.IsUnder("providers"))
            .Select(file => file.Path.Split('/')[1]).Distinct().ToList();
        folders.ShouldNotBeEmpty();
        var rows = FirstColumn(Repository.File("docs/providers.md").Text).ToList();
        folders.SelectMany(folder => MissingOf(folder, Repository.Exists, rows)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_setting_has_its_line_in_the_reference()
    {
        var page = Repository.File("docs/reference/configuration.md").Text;
        var settings = Repository.File("src/Mooring.Daemon/Settings.cs");
        var options = Repository.File("src/Mooring.Daemon/DaemonCommand.cs");
        SettingNames(settings)
            .Concat(OptionName().Matches(options.Text).Select(match => match.Value.Trim('"')))
            .Where(name => !page.Contains($"`{name}", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_crash_point_has_its_line_in_the_reference()
    {
        var passed = Repository.CSharp.Where(file => file.IsUnder("src", "providers"))
            .SelectMany(file => CrashPointName().Matches(file.Text))
            .Select(match => match.Groups["name"].Value)
            .ToHashSet();
        passed.Count.ShouldBeGreaterThan(20);
        var listed = FirstColumn(Repository.File("docs/reference/crash-points.md").Text)
            .Select(cell => cell.Trim('`'))
            .Where(name => !name.StartsWith("MOORING_", StringComparison.Ordinal))
            .ToList();
        listed.ShouldBeUnique();
        passed.Where(name => !listed.Exists(row => IsPoint(row, name))).ShouldBeEmpty();
        listed.Where(row => !passed.Any(name => IsPoint(row, name))).ShouldBeEmpty();

        static bool IsPoint(string row, string name) =>
            row == name || row.StartsWith(name + ".", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a](gone.md)", "docs/a.md: gone.md")]
    [InlineData("[a](../gone/)", "docs/a.md: ../gone/")]
    [InlineData("[a](there.md#no-such-heading)", "docs/a.md: there.md#no-such-heading")]
    [InlineData("![picture](gone.png)", "docs/a.md: gone.png")]
    public void A_link_that_leads_nowhere_is_found(string text, string words) =>
        BrokenLinks(new SourceFile("docs/a.md", text), path => path == "docs/there.md", _ => ["a-heading"])
            .ShouldBe([words]);

    [Theory]
    [InlineData("[a](there.md) [b](../docs/there.md#a-heading) [c](https://example.org/gone) [d](mailto:a@b.example)")]
    [InlineData("```\n[a](gone.md)\n```\nand `[b](gone.md)`")]
    public void A_link_that_leads_somewhere_is_left_alone(string text) =>
        BrokenLinks(new SourceFile("docs/a.md", text), path => path == "docs/there.md", _ => ["a-heading"])
            .ShouldBeEmpty();

    [Fact]
    public void What_a_provider_lacks_is_found() => MissingOf("Nimbus", _ => false, ["`local`"]).ShouldBe(
    [
        "providers/Nimbus/README.md",
        "tests/Mooring.Providers.Nimbus.Tests",
        "tests/Conformance/Nimbus/NimbusConformance.cs",
        "a row `nimbus` in docs/providers.md",
    ]);

    private static IEnumerable<string> BrokenLinks(
        SourceFile file, Func<string, bool> exists, Func<string, IReadOnlyCollection<string>> headingsOf)
    {
        var folder = Path.GetDirectoryName(file.Path) ?? "";
        foreach (Match match in Link().Matches(Code().Replace(file.Text, "")))
        {
            var target = match.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal)
                || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
            var full = path.Length == 0
                ? file.Path
                : Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, path)));
            if (!exists(full) || (anchor is not null && !headingsOf(full).Contains(anchor)))
            {
                yield return $"{file.Path}: {target}";
            }
        }
    }

    // GitHub's anchors: lower case, blanks as dashes, nothing else but letters, digits, dashes and underscores.
    private static List<string> HeadingsOf(string path) =>
    [
        .. from line in Fence().Replace(Repository.File(path).Text, "").Split('\n')
           where line.StartsWith('#')
           select NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-'), ""),
    ];

    private static IEnumerable<string> MissingOf(string folder, Func<string, bool> exists, IReadOnlyList<string> rows)
    {
        string[] paths =
        [
            $"providers/{folder}/README.md",
            $"tests/Mooring.Providers.{folder}.Tests",
            $"tests/Conformance/{folder}/{folder}Conformance.cs",
        ];
        foreach (var path in paths.Where(path => !exists(path)))
        {
            yield return path;
        }

        if (!rows.Contains($"`{folder.ToLowerInvariant()}`"))
        {
            yield return $"a row `{folder.ToLowerInvariant()}` in docs/providers.md";
        }
    }

    private static IEnumerable<string> SettingNames(SourceFile settings) =>
        from line in settings.Text.Split('\n')
        let match = Setting().Match(line)
        where match.Success && !line.Contains("Settings ", StringComparison.Ordinal)
        select match.Groups["name"].Value;

    /// <summary>The first cell of every row of every table, their heads apart.</summary>
    private static IEnumerable<string> FirstColumn(string markdown)
    {
        var lines = markdown.Split('\n');
        return lines.Index()
            .Where(line => line.Item.StartsWith('|') && !IsRule(line.Item) && !IsRule(lines[line.Index + 1]))
            .Select(line => line.Item.Split('|')[1].Trim());
    }

    private static bool IsRule(string line) => line.StartsWith("|-", StringComparison.Ordinal);

    [GeneratedRegex(
        @"\[[^\]\[]*\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"[^\w-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoAnchor();

    [GeneratedRegex(
        @"^    public \S.* (?<name>\w+) \{ get; init; \}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();

    [GeneratedRegex(@"CrashPoint\.Pass\(""(?<name>[^""]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CrashPointName();

    [GeneratedRegex("\"--[a-z-]+\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionName();
}
