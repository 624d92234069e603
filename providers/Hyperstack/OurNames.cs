using System.Globalization;
using System.Text.RegularExpressions;

namespace Mooring.Providers.Hyperstack;

/// <summary>Which names are this installation's, and which texts may be told to the cloud.</summary>
internal sealed partial class OurNames(string installation)
{
    /// <summary>Whether a name is one of this installation's.</summary>
    public bool AreOurs(string name) =>
        RemoteName.IdIn(installation, name) is { } id && id.All(char.IsAsciiHexDigitLower);

    /// <summary>Only names of this installation are asked about.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public void Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!AreOurs(name))
        {
            throw new RefusedException("That is no name of this installation.");
        }
    }

    /// <summary>The cloud's ids are integers; ours are text.</summary>
    public static string IdOf(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a text can be the name of a flavor or a volume type.</summary>
    public static bool IsPlain(string? text) => text is not null && Plain().IsMatch(text);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
