namespace Mooring.Cli.Output;

/// <summary>
/// Text from elsewhere (a server, an instance) made fit for a terminal: control characters could move the cursor,
/// hide lines or change the terminal's settings.
/// </summary>
internal static class Printable
{
    /// <summary>One line.</summary>
    public static string Line(string text) =>
        string.Create(text.Length, text, (line, source) =>
        {
            for (var at = 0; at < line.Length; at++)
            {
                line[at] = source[at] is '\t' or '\n' or '\r' ? ' ' : char.IsControl(source[at]) ? '?' : source[at];
            }
        }).Trim();

    /// <summary>Its lines, without empty ones.</summary>
    public static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(line => Line(line.TrimEnd('\r'))).Where(line => line.Length > 0);
}
