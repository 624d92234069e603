using System.CommandLine;
using Mooring.Cli.Daemon;

namespace Mooring.Cli.Commands;

/// <summary>
/// A verb whose work is mooringd's, which knows what it needs; this finds it and hands everything on.
/// </summary>
internal sealed class DaemonCommand : ExplainedCommand
{
    private readonly string[] _verb;

    private readonly Argument<string[]> _arguments = new("args")
    {
        Description = "Passed to mooringd as they are. "
            + "Put -- before options that mooring knows too, such as --help.",
        Arity = ArgumentArity.ZeroOrMore,
        CaptureRemainingTokens = true,
    };

    /// <param name="verb">What mooringd is told before the user's own arguments.</param>
    /// <param name="name">The verb here.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="examples">Lines below the help's last section.</param>
    public DaemonCommand(
        string[] verb, string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        _verb = verb;
        Arguments.Add(_arguments);
        SetAction(RunAsync);
    }

    public static DaemonCommand Doctor() => new(
        ["doctor"],
        "doctor",
        "Say what this machine lacks for running disks and instances, and what that costs.",
        "mooring doctor",
        "mooring doctor -- --help");

    public static DaemonCommand Serve() => new(
        [],
        "serve",
        "Run the server with the agent of this machine, until Ctrl-C (mooringd).",
        "mooring serve",
        "mooring serve --listen 127.0.0.1:7171 --data /srv/mooring",
        "mooring serve -- --help");

    public static NounCommand Database() => new(
        "db",
        "Back up and check the server's records, on the server's machine (mooringd db).",
        new DaemonCommand(
            ["db", "backup"],
            "backup",
            "Copy the records of a server, running or not, into a new file.",
            "mooring db backup /backup/mooring.db --data /var/lib/mooring",
            "mooring db backup -- --help"),
        new DaemonCommand(
            ["db", "check"],
            "check",
            "Say whether the records, or a backup of them, are whole.",
            "mooring db check --data /var/lib/mooring",
            "mooring db check -- --help"));

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var error = parsed.InvocationConfiguration.Error;
        var search = new DaemonSearch(AppContext.BaseDirectory, Environment.GetEnvironmentVariable);
        if (search.Find() is not { } daemon)
        {
            await error.WriteLineAsync(search.Failure);
            return ExitCode.Failed;
        }

        try
        {
            return await DaemonProcess.RunAsync(daemon, [.. _verb, .. parsed.GetValue(_arguments) ?? []], ct);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            await error.WriteLineAsync($"{daemon.File} could not be started: {e.Message}.");
            return ExitCode.Failed;
        }
    }
}
