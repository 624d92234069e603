using Mooring.EndToEnd.Tests.Machine;

namespace Mooring.EndToEnd.Tests.Crashes;

/// <summary>The names of docs/reference/crash-points.md, by where they are met.</summary>
internal static class CrashPoints
{
    private const string FirstStart = "start.key-written";
    private const string FirstBooks = "simulated.books.";
    private const string Simulated = "simulated.";

    public static IEnumerable<string> Listed =>
        from line in File.ReadLines(Path.Combine(Programs.Repository, "docs", "reference", "crash-points.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        let name = line.Split('`')[1]
        where !name.StartsWith("MOORING_", StringComparison.Ordinal)
        select name;

    public static bool IsOfFirstStart(string point) =>
        point == FirstStart || point.StartsWith(FirstBooks, StringComparison.Ordinal);

    public static bool IsOfThisMachine(string point) => !IsOfFirstStart(point) && !IsOfSimulated(point);

    public static bool IsOfSimulated(string point) =>
        point.StartsWith(Simulated, StringComparison.Ordinal) && !IsOfFirstStart(point);
}
