using CsCheck;
using Mooring.Cli.Output;

namespace Mooring.Cli.Tests.Output;

public sealed class TableTests
{
    private sealed record Row(string Id, string Name, string Note, int Count);

    private static readonly Table<Row> Table = new(
        new Column<Row>("ID", row => row.Id),
        new Column<Row>("NAME", row => row.Name) { WidthMin = 6 },
        new Column<Row>("NOTE", row => row.Note) { WidthMin = 6, LeftOut = 1 },
        new Column<Row>("COUNT", row => $"{row.Count}") { IsRight = true, LeftOut = 2 });

    private static readonly Gen<Row> AnyRow = Gen.Select(
        Gen.Int[0, 99_999_999], Gen.String, Gen.String[Gen.Char["ab 漢é"], 0, 60], Gen.Int[0, 100_000],
        (id, name, note, count) => new Row($"{id:x32}", name, note, count));

    [Fact]
    public void Writes_everything_whole_where_there_is_no_terminal() => Written(
        [new Row("1", new string('n', 200), "", 7), new Row("22", "b", "x", 12345)], null).ShouldBe(
        [
            $"ID  {"NAME",-200}  NOTE  COUNT",
            $"1   {new string('n', 200)}  -         7",
            $"22  {"b",-200}  x     12345",
        ]);

    [Fact]
    public void Cuts_the_widest_column_first() =>
        Written([new Row("1", "a name too long", "a note", 7)], 33).ShouldBe(
        [
            "ID  NAME            NOTE    COUNT",
            "1   a name too lo…  a note      7",
        ]);

    [Fact]
    public void Leaves_out_columns_where_cutting_is_not_enough() =>
        Written([new Row(new string('0', 32), "a name too long", "a note", 7)], 40).ShouldBe(
        [
            "ID                                NAME",
            $"{new string('0', 32)}  a nam…",
        ]);

    [Fact]
    public void On_a_terminal_no_row_is_wider_than_it_and_no_id_is_cut() =>
        Gen.Select(AnyRow.Array[1, 5], Gen.Int[40, 200]).Sample((rows, width) =>
        {
            var lines = Written(rows, width);
            lines.Count.ShouldBe(rows.Length + 1);
            lines.ShouldAllBe(line => Cells.Width(line) <= width);
            lines.Skip(1).Zip(rows).ShouldAllBe(pair => pair.First.StartsWith(pair.Second.Id));
        });

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("exactly", 7, "exactly")]
    [InlineData("too long", 5, "too…")]
    [InlineData("漢字漢字", 5, "漢字…")]
    [InlineData("漢字漢字", 4, "漢…")]
    [InlineData("any", 1, "…")]
    public void Cuts_by_what_a_terminal_shows(string text, int width, string cut) =>
        Cells.Cut(text, width).ShouldBe(cut);

    private static List<string> Written(IReadOnlyList<Row> rows, int? width)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Table.Write(output, rows, width, hasColours: false);
        return [.. output.ToString().TrimEnd('\n').Split('\n')];
    }
}
