namespace Mooring.Benchmarks.Machine;

/// <summary>What is measured as a program, as eng/publish made it.</summary>
internal static class Programs
{
    public static string Repository { get; } = FindRepository();

    public static string Results => Path.Combine(Repository, "benchmarks", "results");

    public static string Daemon => Published("mooringd", "mooringd");

    public static string CommandLine => Published("mooring");

    private static DirectoryInfo Here => new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static string Published(params string[] names)
    {
        var path = Path.Combine([Repository, "artifacts", "publish", .. names]);
        return File.Exists(path)
            ? path
            : throw new BenchmarkException($"{path} is not there: run eng/publish first.");
    }

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
