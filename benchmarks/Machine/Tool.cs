using CliWrap;
using CliWrap.Buffered;

namespace Mooring.Benchmarks.Machine;

/// <summary>Programs of this machine, run to their end with a list of arguments.</summary>
internal static class Tool
{
    /// <summary>What it wrote to standard output.</summary>
    /// <exception cref="BenchmarkException">It failed or is missing.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        try
        {
            var result = await Cli.Wrap(program)
                .WithArguments(arguments)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(ct);
            return result.ExitCode == 0
                ? result.StandardOutput
                : throw new BenchmarkException(
                    $"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: "
                    + result.StandardError + result.StandardOutput);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new BenchmarkException($"{program} can't be run: {exception.Message}", exception);
        }
    }
}
