using System.Reflection;
using System.Runtime.CompilerServices;
using Mooring.Server.Http;

namespace Mooring.Server.Tests.Http;

/// <summary>
/// Every expected error has one row in the map and one in docs/reference/errors.md, and both say the same.
/// </summary>
public sealed class ErrorMapTests
{
    private static readonly IReadOnlyList<Type> Errors = [.. typeof(MooringError).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(MooringError)) && !type.IsAbstract)];

    [Fact]
    public void Every_error_has_a_row_in_the_map_and_every_row_an_error() =>
        ErrorMap.Known.ShouldBe(Errors, ignoreOrder: true);

    [Fact]
    public void Codes_are_unique_and_stable_words()
    {
        var codes = Errors.Select(type => Make(type).Code).ToList();

        codes.ShouldBeUnique();
        codes.ShouldAllBe(code => code.All(letter => char.IsAsciiLetterLower(letter) || letter == '_'));
    }

    [Fact]
    public void Messages_are_sentences() => Errors.Select(Make).ShouldAllBe(error =>
        error.Message.Length > 20 && error.Message.EndsWith('.') | error.Message.EndsWith("more 1"));

    [Fact]
    public void The_reference_has_a_row_for_every_error_with_its_status_and_no_other()
    {
        var rows = Rows("## Refusals").ToDictionary(cells => cells[0].Trim('`'), cells => cells[1]);

        rows.ShouldBe(
            Errors.Select(Make)
                .ToDictionary(error => error.Code, error => ErrorMap.StatusOf(error).ToString()), ignoreOrder: true);
    }

    [Fact]
    public void Each_row_says_when_it_comes_and_what_to_do()
    {
        var rows = Rows("## Refusals").Concat(Rows("## Requests that can't be understood")).ToList();

        rows.Count.ShouldBeGreaterThan(Errors.Count);
        rows.ShouldAllBe(cells => cells.Count == 4 && cells.Skip(2).All(cell => cell.Length > 10));
    }

    /// <summary>The cells of the table below a heading.</summary>
    private static IEnumerable<IReadOnlyList<string>> Rows(string heading) => File.ReadAllLines(Reference())
        .SkipWhile(line => line != heading)
        .Skip(1)
        .TakeWhile(line => !line.StartsWith('#'))
        .Where(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToList());

    private static string Reference([CallerFilePath] string path = "")
    {
        var directory = path;
        while ((directory = Path.GetDirectoryName(directory)) is not null)
        {
            if (File.Exists(Path.Combine(directory, "mooring.slnx")))
            {
                return Path.Combine(directory, "docs", "reference", "errors.md");
            }
        }

        throw new InvalidOperationException($"{path} is in no checkout.");
    }

    private static MooringError Make(Type type)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .Single(one => !one.GetParameters().Any(parameter => parameter.ParameterType == type));
        return (MooringError)constructor.Invoke([.. constructor.GetParameters().Select(Sample)]);
    }

    private static object? Sample(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => parameter.Name == "Status" ? "PENDING" : "it.",
        var type when type == typeof(bool) => true,
        var type when type == typeof(int) => 1,
        var type when type == typeof(decimal) => 1m,
        var type when type == typeof(DiskId) => new DiskId("d"),
        var type when type == typeof(PodId) => new PodId("p"),
        var type when type == typeof(WalletId) => new WalletId("w"),
        var type when type.IsEnum => Enum.GetValues(type).GetValue(0),
        var type when type == typeof(IReadOnlyList<PodId>) => new[] { new PodId("p") },
        var type => throw new InvalidOperationException($"A sample of {type} is missing here."),
    };
}
