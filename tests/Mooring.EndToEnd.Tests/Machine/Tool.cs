using CliWrap;
using CliWrap.Buffered;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>How a program ended.</summary>
public sealed record Outcome(string Program, int ExitCode, string Output, string Errors)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Outcome OrFail(string what)
    {
        ExitCode.ShouldBe(0, $"{what}: {Program} wrote: {Output}{Errors}");
        return this;
    }
}

/// <summary>Programs of this machine, run to their end with a list of arguments; never through a shell.</summary>
internal static class Tool
{
    // Far beyond what any of them needs, so that one that hangs fails a test and not the whole run.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static Task<Outcome> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, arguments, input: "");

    public static async Task<Outcome> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        string input,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeSpan? limit = null)
    {
        using var over = new CancellationTokenSource(limit ?? Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            over.Token, TestContext.Current.CancellationToken);
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithStandardInputPipe(PipeSource.FromString(input))
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(either.Token);
        return new Outcome(program, result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
