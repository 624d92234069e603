namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>
/// The programs under test: mooringd as it is shipped where MOORING_DAEMON names it (./test does), otherwise as this
/// build made them.
/// </summary>
internal static class Programs
{
    public static string Repository { get; } = FindRepository();

    public static string Daemon { get; } = Environment.GetEnvironmentVariable("MOORING_DAEMON") is { Length: > 0 } given
        ? given
        : Built(Path.Combine("src", "Mooring.Daemon"), "mooringd");

    public static string CommandLine { get; } = Built(Path.Combine("src", "Mooring.Cli"), "mooring");

    /// <summary>Runs one simulated cloud.</summary>
    public static string Simulator { get; } = Built(Path.Combine("simulators", "Host"), "mooring-simulate");

    // …/tests/Mooring.EndToEnd.Tests/bin/CONFIGURATION/FRAMEWORK/
    private static string Built(string project, string name)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var path = Path.Combine(
            Repository, project, "bin", framework.Parent!.Name, framework.Name, name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not there: build the solution first");
    }

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "mooring.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName
            ?? throw new DirectoryNotFoundException($"no mooring.slnx above {AppContext.BaseDirectory}");
    }
}
