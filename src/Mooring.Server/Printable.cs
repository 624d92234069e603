using System.Text;

namespace Mooring.Server;

/// <summary>
/// Text that somebody else wrote, as it can be shown, stored and logged: without control characters, and no longer than
/// that.
/// </summary>
internal static class Printable
{
    private const int CharactersOfANameMost = 100;
    private const int CharactersOfWordsMost = 2_000;

    /// <summary>A name that somebody gave at a provider.</summary>
    public static string Name(string name) => Of(name, CharactersOfANameMost);

    /// <summary>What a provider says on something; null if it says nothing.</summary>
    public static string? Words(string? words) => words is null ? null : Of(words, CharactersOfWordsMost);

    /// <summary>The text; cut, and ended by an ellipsis, if it has more UTF-16 characters than that.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">Characters at the most, the ellipsis included; 1 or more.</param>
    public static string Of(string text, int most)
    {
        if (text.Length <= most && !Http.TextRules.HasControls(text))
        {
            return text;
        }

        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength >= most)
            {
                return shown.Append('…').ToString();
            }

            // Half of a surrogate pair is enumerated as U+FFFD, which is a character.
            shown.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        }

        return shown.ToString();
    }
}
