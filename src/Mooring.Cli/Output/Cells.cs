using System.Globalization;
using Spectre.Console.Rendering;

namespace Mooring.Cli.Output;

/// <summary>Text measured in the columns that a terminal shows it in: most letters take one, some take two.</summary>
internal static class Cells
{
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>The text, or its beginning with an ellipsis, in at most so many columns.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        var kept = 0;
        var used = 1;
        foreach (var element in Elements(text))
        {
            used += Width(element);
            if (used > width)
            {
                break;
            }

            kept += element.Length;
        }

        return width < 1 ? "" : $"{text[..kept].TrimEnd()}…";
    }

    public static string Pad(string text, int width, bool isRight = false)
    {
        var blanks = new string(' ', Math.Max(0, width - Width(text)));
        return isRight ? blanks + text : text + blanks;
    }

    private static IEnumerable<string> Elements(string text)
    {
        for (var rest = StringInfo.GetTextElementEnumerator(text); rest.MoveNext();)
        {
            yield return rest.GetTextElement();
        }
    }
}
