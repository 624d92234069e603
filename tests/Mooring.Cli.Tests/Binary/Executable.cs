using System.Diagnostics;
using Mooring.Cli.Configuration;

namespace Mooring.Cli.Tests.Binary;

/// <summary>
/// The program itself, as a process: the one that MOORING_CLI names (eng/publish makes it, compiled ahead of time),
/// else what was built beside the tests.
/// </summary>
internal static class Executable
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("MOORING_CLI") is { Length: > 0 } given
            ? System.IO.Path.GetFullPath(given)
            : System.IO.Path.Combine(AppContext.BaseDirectory, "mooring");

    // Many times what any of them needs, where others use the cores too.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A process that speaks to a server and finds <c>mooring</c> on its PATH.</summary>
    /// <param name="file">The program: <see cref="Path"/>, or a shell.</param>
    /// <param name="home">Its home directory.</param>
    /// <param name="server">The server; null for none.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(string file, string home, StubServer? server, params IReadOnlyList<string> arguments)
    {
        // Tests that run in the background of a script have SIGINT ignored, and so would all that they start.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", file, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["XDG_CONFIG_HOME"] = System.IO.Path.Combine(home, ".config");
        start.Environment["PATH"] = $"{System.IO.Path.GetDirectoryName(Path)}:{start.Environment["PATH"]}";
        start.Environment["TERM"] = "xterm";
        start.Environment.Remove(Access.ContextVariable);
        start.Environment.Remove(Access.ServerVariable);
        start.Environment.Remove(Access.KeyVariable);
        if (server is not null)
        {
            start.Environment[Access.ServerVariable] = $"{server.Address}";
            start.Environment[Access.KeyVariable] = "mrg_test.key";
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for its end; one that does not come fails the test.</summary>
    public static Task EndAsync(Process process) => process.WaitForExitAsync(TestContext.Current.CancellationToken)
        .WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Runs one to its end, with nothing on its standard input.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        string file, string home, StubServer? server, params IReadOnlyList<string> arguments)
    {
        var ct = TestContext.Current.CancellationToken;
        using var process = Start(file, home, server, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await EndAsync(process);
        return (process.ExitCode, await output, await error);
    }
}
