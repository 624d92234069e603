using System.Text.RegularExpressions;

namespace Mooring.Tidy.Tests;

/// <summary>What no file says.</summary>
public partial class WordTests
{
    [Fact]
    public void Nothing_is_left_for_later() =>
        Repository.Files.SelectMany(file => Lines(file, Unfinished())).ShouldBeEmpty();

    [Fact]
    public void No_file_tells_where_somebody_keeps_it() =>
        Repository.Files.SelectMany(file => Lines(file, MachinePath())).ShouldBeEmpty();

    // In pieces, as this file is read as well.
    [Theory]
    [InlineData("// TO" + "DO: the rest")]
    [InlineData("# FIX" + "ME")]
    public void An_unfinished_line_is_found(string line) =>
        Lines(new SourceFile("src/A.cs", $"first\n{line}\n"), Unfinished()).ShouldBe([$"src/A.cs:2: {line}"]);

    [Theory]
    [InlineData("see /wo" + "rk/main/src")]
    [InlineData("\"/ho" + "me/kim/mooring\"")]
    [InlineData("=/ro" + "ot/.nuget/packages")]
    public void A_path_of_somebodys_machine_is_found(string line) =>
        Lines(new SourceFile("a.sh", line), MachinePath()).ShouldBe([$"a.sh:1: {line}"]);

    [Theory]
    [InlineData("/workspace/data")]
    [InlineData("echo kept >/ro" + "ot/note")]
    [InlineData("/var/lib/mooring, /run/mooring and /tmp/key")]
    [InlineData("docs/home/index.md")]
    public void A_path_that_every_machine_has_is_left_alone(string line) =>
        Lines(new SourceFile("a.md", line), MachinePath()).ShouldBeEmpty();

    private static IEnumerable<string> Lines(SourceFile file, Regex pattern) => file.Text.Split('\n').Index()
        .Where(line => pattern.IsMatch(line.Item))
        .Select(line => $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}");

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|XX[X])\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfinished();

    [GeneratedRegex(
        @"(?<![\w.\-])/(work/|root/\.|(home|Users)/[a-z])",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MachinePath();
}
