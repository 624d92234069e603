using System.Text;

namespace Mooring.Server.Inventory;

/// <summary>
/// A name that somebody else gave, as it can be shown, stored and logged: without control characters, and short.
/// </summary>
internal static class ShownName
{
    private const int CharactersMost = 100;

    public static string Of(string name)
    {
        var shown = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (shown.Length >= CharactersMost)
            {
                return shown.Append('…').ToString();
            }

            // Half of a surrogate pair is enumerated as U+FFFD, which is a character.
            shown.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        }

        return shown.ToString();
    }
}
