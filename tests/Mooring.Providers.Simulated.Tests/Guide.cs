namespace Mooring.Providers.Simulated.Tests;

/// <summary>The guide's page, its schema and its sample scripts, as they stand in the repository.</summary>
internal static class Guide
{
    private static readonly string Root = FindRoot();

    public static string Page => File.ReadAllText(Path.Combine(Root, "docs/guides/rehearse-failure.md"));

    public static string Schema => File.ReadAllText(Path.Combine(Folder, "script.schema.json"));

    /// <summary>File names of the sample scripts.</summary>
    public static IEnumerable<string> Samples => Directory.EnumerateFiles(Folder, "*.json")
        .Select(path => Path.GetFileName(path))
        .Where(name => !name.EndsWith(".schema.json", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    public static string PathOf(string sample) => Path.Combine(Folder, sample);

    private static string Folder => Path.Combine(Root, "docs/guides/rehearse-failure");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "mooring.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no working tree of Mooring.");
    }
}
