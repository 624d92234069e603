namespace Mooring.Benchmarks.Machine;

/// <summary>What is measured as a program, as this build made it.</summary>
internal static class Programs
{
    public static string Repository { get; } = FindRepository();

    public static string Results => Path.Combine(Repository, "benchmarks", "results");

    public static string Daemon => Existing(
        Path.Combine(Repository, "src", "Mooring.Daemon", "bin", Configuration, Framework, "mooringd"),
        "build benchmarks/ first");

    /// <summary>The command line, compiled ahead of time.</summary>
    public static string CommandLine =>
        Existing(Path.Combine(Repository, "artifacts", "publish", "mooring"), "run eng/publish first");

    // …/benchmarks/bin/CONFIGURATION/FRAMEWORK/
    private static DirectoryInfo Here => new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static string Configuration => Here.Parent!.Name;

    private static string Framework => Here.Name;

    private static string Existing(string path, string advice) =>
        File.Exists(path) ? path : throw new BenchmarkException($"{path} is not there: {advice}.");

    private static string FindRepository()
    {
        for (var directory = Here; directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "mooring.slnx")))
            {
                return directory.FullName;
            }
        }

        throw new BenchmarkException($"There is no mooring.slnx above {AppContext.BaseDirectory}.");
    }
}
