namespace Mooring.Providers.RunPod;

/// <summary>Where RunPod's data centers are. Their ids tell the country: <c>US-KS-2</c>, <c>EUR-IS-1</c>.</summary>
internal static class DataCenters
{
    private static readonly Dictionary<string, string> RegionOfCountry = Regions(
        ("united_states", "US"),
        ("canada", "CA"),
        ("eu_north", "NO SE IS FI DK EE LV LT"),
        ("eu_east", "CZ RO PL BG HU SK UA"),
        ("eu_west", "NL FR BE GB IE DE CH AT ES PT IT LU"),
        ("asia_northeast", "JP KR TW"),
        ("asia_south", "SG IN TH MY ID VN PH"),
        ("australia", "AU NZ"),
        ("south_america", "BR CL AR CO"),
        ("middle_east", "IL AE SA QA"),
        ("africa", "ZA KE NG"));

    /// <summary>
    /// Whether a data center may be named so. Lower case was accepted by the API before this one, and what was made
    /// there could not be used.
    /// </summary>
    public static bool IsId(string text) =>
        text.Length is > 0 and <= 40
        && text.All(character => character is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-');

    /// <summary>Where a data center is.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="region">RunPod's own region, for data centers whose id tells no country that we know.</param>
    public static Place PlaceOf(string id, string? region)
    {
        // A continent may stand first, as in EU-RO-1 and SEA-SG-1.
        var country = id.Split('-').Take(2).FirstOrDefault(RegionOfCountry.ContainsKey);
        return new Place(id, country, country is null ? RegionOf(region) : RegionOfCountry[country]);
    }

    // The others are larger than a region of the contract.
    private static string? RegionOf(string? region) => region switch
    {
        "SOUTH_AMERICA" => "south_america",
        "MIDDLE_EAST" => "middle_east",
        "AFRICA" => "africa",
        "OCEANIA" => "australia",
        _ => null,
    };

    private static Dictionary<string, string> Regions(params (string Region, string Countries)[] rows) => rows
        .SelectMany(row => row.Countries.Split(' ').Select(country => (country, row.Region)))
        .ToDictionary(pair => pair.country, pair => pair.Region);
}
