namespace Mooring.Tidy.Tests;

/// <summary>A file has one idea, a method fits a screen, and a line can be read in one go.</summary>
public class SizeTests
{
    private const int FileLinesMax = 500;
    private const int MethodLinesMax = 70;
    private const int LineLengthMax = 120;

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        Violations(Repository.CSharp.SelectMany(LongFiles), Exceptions.LongFiles).ShouldBeEmpty();

    [Fact]
    public void No_method_is_longer_than_70_lines() =>
        Violations(Repository.CSharp.SelectMany(LongMethods), Exceptions.LongMethods).ShouldBeEmpty();

    [Fact]
    public void No_line_is_longer_than_120_characters() =>
        Repository.CSharp.SelectMany(LongLines).ShouldBeEmpty();

    [Fact]
    public void A_long_file_a_long_method_and_a_long_line_are_found()
    {
        var body = string.Concat(Enumerable.Repeat("        Call();\n", FileLinesMax));
        var file = new SourceFile(
            "src/A.cs", $"class A\n{{\n    void M()\n    {{\n{body}    }}\n}}\n// {new string('x', 118)}\n");
        LongFiles(file).ShouldBe([("src/A.cs", "src/A.cs has 507 lines")]);
        LongMethods(file).ShouldBe([("src/A.cs: M", "src/A.cs:3: M has 503 lines")]);
        LongLines(file).ShouldBe(["src/A.cs:507 has 121 characters"]);
    }

    [Fact]
    public void What_is_just_within_the_limits_is_left_alone()
    {
        var file = new SourceFile("src/A.cs", $"// {new string('x', LineLengthMax - 3)}\n");
        LongFiles(file).ShouldBeEmpty();
        LongLines(file).ShouldBeEmpty();
    }

    internal static IEnumerable<(string Key, string Words)> LongFiles(SourceFile file)
    {
        var lines = file.Text.Count(character => character == '\n');
        if (lines > FileLinesMax)
        {
            yield return (file.Path, $"{file.Path} has {lines} lines");
        }
    }

    internal static IEnumerable<(string Key, string Words)> LongMethods(SourceFile file) =>
        from method in Syntax.Methods(file)
        where method.Lines > MethodLinesMax
        select ($"{file.Path}: {method.Name}", $"{file.Path}:{method.Line}: {method.Name} has {method.Lines} lines");

    private static IEnumerable<string> LongLines(SourceFile file) => file.Text.Split('\n').Index()
        .Where(line => line.Item.Length > LineLengthMax)
        .Select(line => $"{file.Path}:{line.Index + 1} has {line.Item.Length} characters");

    private static IEnumerable<string> Violations(
        IEnumerable<(string Key, string Words)> found, IReadOnlyDictionary<string, string> exceptions) =>
        found.Where(violation => !exceptions.ContainsKey(violation.Key)).Select(violation => violation.Words);
}
