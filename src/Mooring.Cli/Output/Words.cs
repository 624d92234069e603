using System.Globalization;

namespace Mooring.Cli.Output;

/// <summary>Numbers and times as people read them.</summary>
internal static class Words
{
    private const int FewUnits = 10;

    /// <summary>A length of time in its largest unit, in two where the first alone would say too little.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { Ticks: < 0 } => Duration(TimeSpan.Zero),
        { TotalMinutes: < 2 } => $"{(int)time.TotalSeconds}s",
        { TotalMinutes: < FewUnits } => Two((int)time.TotalMinutes, "m", time.Seconds, "s"),
        { TotalHours: < 2 } => $"{(int)time.TotalMinutes}m",
        { TotalHours: < FewUnits } => Two((int)time.TotalHours, "h", time.Minutes, "m"),
        { TotalDays: < 2 } => $"{(int)time.TotalHours}h",
        { TotalDays: < FewUnits } => Two((int)time.TotalDays, "d", time.Hours, "h"),
        _ => $"{(int)time.TotalDays}d",
    };

    /// <summary>How long ago.</summary>
    public static string Age(DateTimeOffset since, TimeProvider time) => Duration(time.GetUtcNow() - since);

    /// <summary>How long until then, or ago.</summary>
    public static string Until(DateTimeOffset then, TimeProvider time) =>
        then - time.GetUtcNow() is { Ticks: >= 0 } left ? $"in {Duration(left)}" : $"{Age(then, time)} ago";

    /// <summary>A point in time, UTC, to the second.</summary>
    public static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>USD with every digit there is, two at least: 0.00015, 1.90.</summary>
    public static string Price(decimal? usd) =>
        usd?.ToString("0.00##########", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>An amount of data in its largest unit, 1024 of the next smaller one each: 3.42 GiB.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (amount, unit) = ((decimal)bytes, 0);
        while (amount >= 1024 && unit < units.Length - 1)
        {
            (amount, unit) = (amount / 1024, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.##} {units[unit]}");
    }

    public static string Count(int count, string singular) => count == 1 ? $"1 {singular}" : $"{count} {singular}s";

    public static string Count(long count, string singular, string plural) => count == 1
        ? $"1 {singular}"
        : string.Create(CultureInfo.InvariantCulture, $"{count} {plural}");

    private static string Two(int first, string firstUnit, int second, string secondUnit) =>
        second == 0 ? $"{first}{firstUnit}" : $"{first}{firstUnit}{second}{secondUnit}";
}
