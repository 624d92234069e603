namespace Mooring.Cli.Daemon;

/// <summary>How mooringd is started: a program, and what comes before its own arguments.</summary>
/// <param name="File">The program: mooringd, or dotnet.</param>
/// <param name="Before">The path of mooringd.dll, where the program is dotnet.</param>
internal sealed record DaemonProgram(string File, IReadOnlyList<string> Before);

/// <summary>
/// Finds mooringd: where MOORINGD says, else beside mooring or in a folder of its name there, else in the libexec or
/// lib folder beside mooring's own, else on PATH. In each folder the program itself goes before its dll.
/// </summary>
/// <param name="home">The folder that mooring lies in.</param>
/// <param name="environment">The value of an environment variable, or null.</param>
internal sealed class DaemonSearch(string home, Func<string, string?> environment)
{
    private const string Program = "mooringd";

    private static readonly string[] Siblings =
        [".", "mooringd", "../libexec/mooring", "../libexec", "../lib/mooring"];

    /// <summary>Why nothing was found, and what to do.</summary>
    public string Failure => environment("MOORINGD") is { Length: > 0 } named
        ? $"MOORINGD names {named}, which is not there. Correct or unset it."
        : $"{Program} was not found beside mooring ({Path.GetFullPath(home)}), in ../libexec/mooring, or on PATH. "
          + "Install it there, or set MOORINGD to its path (mooringd or mooringd.dll).";

    public DaemonProgram? Find()
    {
        if (environment("MOORINGD") is { Length: > 0 } named)
        {
            return File.Exists(named) ? ProgramAt(Path.GetFullPath(named)) : null;
        }

        var folders = Siblings.Select(sibling => Path.GetFullPath(Path.Combine(home, sibling)))
            .Concat(FoldersOnPath());
        return folders.Select(ProgramIn).FirstOrDefault(program => program is not null);
    }

    private DaemonProgram? ProgramIn(string folder)
    {
        var program = Path.Combine(folder, Program);
        if (IsExecutable(program))
        {
            return ProgramAt(program);
        }

        return File.Exists(program + ".dll") ? ProgramAt(program + ".dll") : null;
    }

    private DaemonProgram ProgramAt(string path) =>
        path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? new DaemonProgram(DotnetHost(), [path])
            : new DaemonProgram(path, []);

    private string DotnetHost()
    {
        if (environment("DOTNET_HOST_PATH") is { Length: > 0 } host)
        {
            return host;
        }

        return environment("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(Path.Combine(root, "dotnet"))
            ? Path.Combine(root, "dotnet")
            : "dotnet";
    }

    private string[] FoldersOnPath() =>
        (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsExecutable(string path)
    {
        const UnixFileMode any = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path)
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & any) != UnixFileMode.None);
    }
}
