using CliWrap;
using CliWrap.Buffered;
using Mooring.Cli.Ssh;

namespace Mooring.Cli.Tests.Demo;

/// <summary>Runs the very scripts that go to an instance, in a shell on this machine.</summary>
internal sealed class LocalShell : IRemoteShell
{
    /// <summary>Called before each script; what it answers stands in for the script's run, unless null.</summary>
    public Func<string, ShellOutcome?> Before { get; set; } = _ => null;

    public async Task<ShellOutcome> RunAsync(
        SshTarget target,
        string privateKeyFile,
        string script,
        IReadOnlyList<string> arguments,
        CancellationToken ct)
    {
        if (Before(script) is { } instead)
        {
            return instead;
        }

        ct.ThrowIfCancellationRequested();
        var result = await CliWrap.Cli.Wrap("sh")
            .WithArguments(["-s", "--", .. arguments])
            .WithStandardInputPipe(PipeSource.FromString(script))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(ct);
        return new ShellOutcome(result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
