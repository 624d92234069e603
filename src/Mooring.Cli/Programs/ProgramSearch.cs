namespace Mooring.Cli.Programs;

/// <summary>A program of Mooring's that has verbs of mooring's.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Setting">The environment variable that may name its path.</param>
internal sealed record OtherProgram(string Name, string Setting)
{
    public static readonly OtherProgram Server = new("mooringd", "MOORINGD");

    public static readonly OtherProgram Simulators = new("mooring-simulate", "MOORING_SIMULATE");
}

/// <summary>How a program is started, and what comes before its own arguments.</summary>
/// <param name="File">The program itself, or dotnet.</param>
/// <param name="Before">The path of its dll, where the program is dotnet.</param>
internal sealed record FoundProgram(string File, IReadOnlyList<string> Before);

/// <summary>
/// Finds a program: where its setting says, else beside mooring or in a folder of its name there, else in the libexec
/// or lib folder beside mooring's own, else on PATH. In each folder the program itself goes before its dll.
/// </summary>
/// <param name="program">Which.</param>
/// <param name="home">The folder that mooring lies in.</param>
/// <param name="environment">The value of an environment variable, or null.</param>
internal sealed class ProgramSearch(OtherProgram program, string home, Func<string, string?> environment)
{
    private readonly string[] _siblings =
        [".", program.Name, "../libexec/mooring", "../libexec", "../lib/mooring"];

    /// <summary>Why nothing was found, and what to do.</summary>
    public string Failure => environment(program.Setting) is { Length: > 0 } named
        ? $"{program.Setting} names {named}, which is not there. Correct or unset it."
        : $"{program.Name} was not found beside mooring ({Path.GetFullPath(home)}), in ../libexec/mooring, or on PATH. "
          + $"Install it there, or set {program.Setting} to its path ({program.Name} or {program.Name}.dll).";

    public FoundProgram? Find()
    {
        if (environment(program.Setting) is { Length: > 0 } named)
        {
            return File.Exists(named) ? ProgramAt(Path.GetFullPath(named)) : null;
        }

        var folders = _siblings.Select(sibling => Path.GetFullPath(Path.Combine(home, sibling)))
            .Concat(FoldersOnPath());
        return folders.Select(ProgramIn).FirstOrDefault(found => found is not null);
    }

    private FoundProgram? ProgramIn(string folder)
    {
        var path = Path.Combine(folder, program.Name);
        if (IsExecutable(path))
        {
            return ProgramAt(path);
        }

        return File.Exists(path + ".dll") ? ProgramAt(path + ".dll") : null;
    }

    private FoundProgram ProgramAt(string path) =>
        path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? new FoundProgram(DotnetHost(), [path])
            : new FoundProgram(path, []);

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
