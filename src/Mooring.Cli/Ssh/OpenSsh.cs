using System.ComponentModel;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Mooring.Cli.Configuration;

namespace Mooring.Cli.Ssh;

/// <summary>
/// The system's <c>ssh</c>. The script goes through standard input, so that no quoting is needed anywhere.
/// </summary>
internal sealed partial class OpenSsh : IRemoteShell
{
    // The instance is minutes old and so is its host key: there is nothing to compare it with. For the same reason
    // nothing of the user's is offered to it: no other key, no agent, no forwarding.
    private static readonly string[] Options =
    [
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "BatchMode=yes",
        "LogLevel=ERROR",
        "ConnectTimeout=10",
        "ServerAliveInterval=15",
        "ServerAliveCountMax=4",
        "IdentitiesOnly=yes",
        "IdentityAgent=none",
        "ForwardAgent=no",
        "ClearAllForwardings=yes",
        "ControlPath=none",
    ];

    public static IReadOnlyList<string> Arguments(
        SshTarget target,
        string privateKeyFile,
        IReadOnlyList<string> arguments)
    {
        if (arguments.FirstOrDefault(argument => !Plain().IsMatch(argument)) is { } odd)
        {
            throw new ArgumentException($"'{odd}' would be read again by the instance's shell.", nameof(arguments));
        }

        return
        [
            .. Options.SelectMany(option => new[] { "-o", option }),
            "-i", privateKeyFile,
            "-l", target.User,
            "-p", $"{target.Port}",
            "--", target.Host,
            "sh", "-s", "--", .. arguments,
        ];
    }

    /// <inheritdoc/>
    /// <exception cref="CommandFailedException">There is no ssh on this machine.</exception>
    public async Task<ShellOutcome> RunAsync(
        SshTarget target,
        string privateKeyFile,
        string script,
        IReadOnlyList<string> arguments,
        CancellationToken ct)
    {
        var command = CliWrap.Cli.Wrap("ssh")
            .WithArguments(Arguments(target, privateKeyFile, arguments))
            .WithStandardInputPipe(PipeSource.FromString(script))
            .WithEnvironmentVariables(variables => variables.Set(Access.KeyVariable, null))
            .WithValidation(CommandResultValidation.None);
        try
        {
            var result = await command.ExecuteBufferedAsync(ct);
            return new ShellOutcome(result.ExitCode, result.StandardOutput, result.StandardError);
        }
        catch (Win32Exception e)
        {
            throw new CommandFailedException($"ssh could not be started ({e.Message}); install OpenSSH's client", e);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./-]+\z", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
