using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Mooring.Providers;

namespace Mooring.Agent.Hosts;

/// <summary>A program of the host, run to its end with a list of arguments; never through a shell.</summary>
internal static class HostCommand
{
    /// <summary>Runs it and gathers what it wrote, in English.</summary>
    /// <exception cref="RefusedException">The program is not installed.</exception>
    public static async Task<CommandOutcome> RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        try
        {
            var result = await Cli.Wrap(program)
                .WithArguments(arguments)
                .WithEnvironmentVariables(env => env.Set("LC_ALL", "C"))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(ct);
            return new CommandOutcome(program, result.ExitCode, result.StandardOutput, result.StandardError);
        }
        catch (Win32Exception e)
        {
            throw new RefusedException($"The host can't run '{program}': {e.Message}", e);
        }
    }
}

/// <summary>How a program ended.</summary>
internal sealed record CommandOutcome(string Program, int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last line it wrote, errors first: what a person would look at.</summary>
    public string LastWords =>
        LastLine(Errors) ?? LastLine(Output) ?? $"{Program} ended with exit code {ExitCode}";

    /// <exception cref="RefusedException">It did not succeed; the words are its own.</exception>
    public CommandOutcome OrRefuse(string what) =>
        Succeeded ? this : throw new RefusedException($"{what}: {LastWords}");

    private static string? LastLine(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .LastOrDefault();
}
