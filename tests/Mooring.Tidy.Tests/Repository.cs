using System.Diagnostics;
using System.Text;

namespace Mooring.Tidy.Tests;

/// <summary>A file of the repository: its path from the root, with slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsUnder(params IReadOnlyList<string> folders) =>
        folders.Any(folder => Path.StartsWith(folder + "/", StringComparison.Ordinal));
}

/// <summary>
/// What is in the working tree and not ignored: committed or about to be, so that a violation is found before it is
/// committed.
/// </summary>
internal static class Repository
{
    private static readonly Lazy<string> Folder = new(FindRoot);
    private static readonly Lazy<List<SourceFile>> All = new(ReadAll);

    public static string Root => Folder.Value;

    /// <summary>Every text file.</summary>
    public static IReadOnlyList<SourceFile> Files => All.Value;

    /// <summary>C# that people write. Migrations are written by a tool and read by nobody.</summary>
    public static IEnumerable<SourceFile> CSharp => Files.Where(file =>
        file.Path.EndsWith(".cs", StringComparison.Ordinal)
        && !file.Path.Contains("/Migrations/", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Markdown =>
        Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal));

    public static SourceFile File(string path) => Files.Single(file => file.Path == path);

    public static bool Exists(string path) =>
        System.IO.File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (System.IO.File.Exists(Path.Combine(folder, "mooring.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no working tree of Mooring.");
    }

    private static List<SourceFile> ReadAll()
    {
        List<SourceFile> files = [];
        foreach (var path in ListPaths())
        {
            // One that was removed and not yet committed is still listed.
            if (System.IO.File.Exists(Path.Combine(Root, path))
                && System.IO.File.ReadAllText(Path.Combine(Root, path)) is var text
                && !text.Contains('\0', StringComparison.Ordinal))
            {
                files.Add(new SourceFile(path, text));
            }
        }

        return files;
    }

    private static string[] ListPaths()
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // safe.directory: a clone that belongs to another user is read all the same; nothing of it is run.
        foreach (var argument in (string[])
            ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            start.ArgumentList.Add(argument);
        }

        using var git = Process.Start(start) ?? throw new InvalidOperationException("git can't be started.");
        var listed = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? listed.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"git ls-files ended with exit code {git.ExitCode} in {Root}.");
    }
}
