using System.Text.RegularExpressions;

namespace Mooring.Providers.Hyperstack;

/// <summary>Where the cloud's regions are, in the contract's words; and Mooring's environment in each.</summary>
internal static partial class Regions
{
    // Names: CANADA-1, NORWAY-1, US-1 (vendor docs). A new one is placed by the country that the cloud gives it.
    private static readonly (string Start, string Country, string Region)[] Known =
    [
        ("CANADA", "CA", "canada"),
        ("NORWAY", "NO", "eu_north"),
        ("US", "US", "united_states"),
        ("UNITED STATES", "US", "united_states"),
        ("SWEDEN", "SE", "eu_north"),
        ("FINLAND", "FI", "eu_north"),
        ("ICELAND", "IS", "eu_north"),
        ("UK", "GB", "eu_west"),
        ("UNITED KINGDOM", "GB", "eu_west"),
        ("FRANCE", "FR", "eu_west"),
        ("NETHERLANDS", "NL", "eu_west"),
        ("GERMANY", "DE", "eu_west"),
    ];

    /// <summary>Whether a text can be a region's name at all.</summary>
    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    /// <summary>The place of a region; the name alone where neither it nor the country says where that is.</summary>
    public static Place PlaceOf(string name, string? country) =>
        (Find(Named(name)) ?? Find((country ?? "").Trim())) is { } known
            ? new Place(name, known.Country, known.Region)
            : new Place(name, null, null);

    /// <summary>Mooring's environment in a region; there is one each, made when it is first needed.</summary>
    public static string EnvironmentOf(string region) => $"mooring-{region.ToLowerInvariant()}";

    private static string Named(string name) => name.LastIndexOf('-') is > 0 and var dash ? name[..dash] : name;

    private static (string Country, string Region)? Find(string start)
    {
        foreach (var known in Known)
        {
            if (string.Equals(known.Start, start, StringComparison.OrdinalIgnoreCase))
            {
                return (known.Country, known.Region);
            }
        }

        return null;
    }

    [GeneratedRegex("^[A-Z][A-Z0-9-]{1,39}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
