using System.Text;

namespace Mooring.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Header">In capitals.</param>
/// <param name="Text">A row's cell.</param>
internal sealed record Column<T>(string Header, Func<T, string?> Text)
{
    /// <summary>Columns that it may be cut down to; null for one that is never cut, such as an id.</summary>
    public int? WidthMin { get; init; }

    /// <summary>
    /// Where the terminal is too narrow, columns are left out in this order, from 1 on; 0 is never left out.
    /// </summary>
    public int LeftOut { get; init; }

    public bool IsRight { get; init; }

    /// <summary>The colour of a cell, by its text.</summary>
    public Func<string, string>? Colour { get; init; }
}

/// <summary>
/// Rows below headers, two blanks apart, no lines drawn. On a terminal a row is one line: the widest of the columns
/// that may be cut are cut first, then columns are left out. To a file or pipe everything goes whole.
/// </summary>
internal sealed class Table<T>(params IReadOnlyList<Column<T>> columns)
{
    private const int Gap = 2;

    public void Write(TextWriter output, IReadOnlyList<T> rows, int? width, bool hasColours)
    {
        var fitted = Fit(rows, width);
        WriteLine(output, fitted, fit => fit.Column.Header, hasColours: false);
        foreach (var row in rows)
        {
            WriteLine(output, fitted, fit => Cell(fit.Column, row), hasColours);
        }
    }

    private List<Fitted> Fit(IReadOnlyList<T> rows, int? width)
    {
        List<Fitted> fitted =
        [
            .. columns.Select(column => new Fitted(
                column,
                rows.Select(row => Cells.Width(Cell(column, row))).Append(column.Header.Length).Max())),
        ];
        while (width is { } available && Total(fitted) > available)
        {
            var widest = fitted
                .Where(fit => fit.Width > Math.Max(fit.Column.WidthMin ?? int.MaxValue, fit.Column.Header.Length))
                .MaxBy(fit => fit.Width);
            var needless = fitted.Where(fit => fit.Column.LeftOut > 0).MinBy(fit => fit.Column.LeftOut);
            if (widest is not null)
            {
                widest.Width--;
            }
            else if (needless is not null)
            {
                fitted.Remove(needless);
                fitted.ForEach(fit => fit.Width = fit.WidthWanted);
            }
            else
            {
                break;
            }
        }

        return fitted;
    }

    private static int Total(List<Fitted> fitted) => fitted.Sum(fit => fit.Width) + (Gap * (fitted.Count - 1));

    private static string Cell(Column<T> column, T row) =>
        column.Text(row) is { Length: > 0 } text ? Printable.Line(text) : "-";

    private static void WriteLine(TextWriter output, List<Fitted> fitted, Func<Fitted, string> cell, bool hasColours)
    {
        var line = new StringBuilder();
        foreach (var (at, fit) in fitted.Index())
        {
            var text = Cells.Cut(cell(fit), fit.Width);
            // Blanks at a line's end would do nothing but wrap it on a terminal just wide enough.
            var padded = at == fitted.Count - 1 && !fit.Column.IsRight
                ? text
                : Cells.Pad(text, fit.Width, fit.Column.IsRight);
            line.Append(at == 0 ? "" : new string(' ', Gap));
            line.Append(hasColours && fit.Column.Colour is { } colour ? Colours.Paint(padded, colour(text)) : padded);
        }

        output.WriteLine(line.ToString().TrimEnd(' '));
    }

    private sealed class Fitted(Column<T> column, int width)
    {
        public Column<T> Column { get; } = column;

        public int WidthWanted { get; } = width;

        public int Width { get; set; } = width;
    }
}
