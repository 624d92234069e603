using System.Globalization;
using System.Text.RegularExpressions;

namespace Mooring.Providers.Hyperstack;

/// <summary>What the cloud is told, and tells, as text.</summary>
internal static partial class Told
{
    /// <summary>The cloud's ids are integers; ours are text.</summary>
    public static string IdOf(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a text can be the name of a flavor or a volume type.</summary>
    public static bool IsPlain(string? text) => text is not null && Plain().IsMatch(text);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
