namespace Mooring.Cli.Ssh;

/// <summary>A shell inside an instance. The border to a program that is not ours.</summary>
internal interface IRemoteShell
{
    /// <summary>Runs a POSIX shell script with arguments <c>$1 $2 …</c> and waits for its end.</summary>
    /// <param name="target">Where.</param>
    /// <param name="privateKeyFile">The only key that is offered.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">
    /// Letters, digits, dots, slashes, underscores and dashes only: the far shell reads them again.
    /// </param>
    /// <param name="ct">Ends the call; what runs in the instance ends when it notices.</param>
    /// <exception cref="ArgumentException">An argument has other characters.</exception>
    Task<ShellOutcome> RunAsync(
        SshTarget target,
        string privateKeyFile,
        string script,
        IReadOnlyList<string> arguments,
        CancellationToken ct);
}

/// <summary>How a script ended.</summary>
/// <param name="ExitCode">Its exit code; 255 where no connection came about, as ssh has it.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it, or ssh, wrote to standard error.</param>
internal sealed record ShellOutcome(int ExitCode, string Output, string Error)
{
    public const int NoConnection = 255;
}
