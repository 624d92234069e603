using System.CommandLine;
using System.Text.RegularExpressions;
using Mooring.Contract.V1;

namespace Mooring.Cli.Commands.Pods;

/// <summary>
/// A pod's environment variables. They may be secrets, and every user of a machine can read the arguments of its
/// processes: so a value comes from a file or from this process's own environment, never from an argument.
/// </summary>
internal sealed partial class EnvironmentOptions
{
    private readonly Option<string[]> _names = new("--env")
    {
        Description = "An environment variable of the pod, by name: its value is taken from your own environment. "
            + "May be given several times.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _files = new("--env-file")
    {
        Description = "A file of environment variables, NAME=VALUE a line; - is standard input.",
        HelpName = "FILE",
    };

    public EnvironmentOptions(Command command)
    {
        command.Options.Add(_names);
        command.Options.Add(_files);
    }

    /// <summary>Those of the files, then of our own environment; of several with one name the last holds.</summary>
    /// <exception cref="CommandFailedException">A name or a line is none, or a variable is not set.</exception>
    public IReadOnlyList<EnvVar> Read(Call call)
    {
        var variables = new Dictionary<string, string>();
        foreach (var file in call.Value(_files) ?? [])
        {
            foreach (var (number, line) in Lines(file).Index())
            {
                AddLine(variables, line, $"{file}:{number + 1}");
            }
        }

        foreach (var name in call.Value(_names) ?? [])
        {
            variables[Checked(name)] = Environment.GetEnvironmentVariable(name)
                ?? throw Wrong(
                    $"--env {name}: there is no such variable in your environment; export it, or use --env-file");
        }

        return [.. variables.Select(variable => new EnvVar { Key = variable.Key, Value = variable.Value })];
    }

    private static string Checked(string name) =>
        name.Contains('=', StringComparison.Ordinal)
            ? throw Wrong(
                "--env takes a name alone, as other users of the machine can read arguments: "
                + "export the variable, or put it into a file for --env-file")
            : Name().IsMatch(name)
                ? name
                : throw Wrong($"'{name}' is no name of an environment variable: letters, digits and underscores");

    // As in `docker run --env-file`: blank lines and those that begin with # say nothing, quotes are part of a value.
    private static void AddLine(Dictionary<string, string> variables, string line, string place)
    {
        if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
        {
            return;
        }

        // The line itself is not told: it may hold a secret.
        var at = line.IndexOf('=', StringComparison.Ordinal);
        var name = at < 0 ? line : line[..at];
        if (at < 0 || !Name().IsMatch(name))
        {
            throw Wrong($"{place} is not of the form NAME=VALUE");
        }

        variables[name] = line[(at + 1)..];
    }

    private static string[] Lines(string file)
    {
        try
        {
            return file == "-" ? Console.In.ReadToEnd().ReplaceLineEndings("\n").Split('\n') : File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} can't be read: {e.Message}", e);
        }
    }

    private static CommandFailedException Wrong(string words) => new(words) { Code = ExitCode.Usage };

    // Contract 6.1, envVars, as the server checks it.
    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
