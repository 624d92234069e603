using System.CommandLine;
using Mooring.Cli.Programs;

namespace Mooring.Cli.Commands;

/// <summary>
/// A verb whose work is another program's, which knows what it needs; this finds it and hands everything on.
/// </summary>
internal sealed class ProgramCommand : ExplainedCommand
{
    private readonly OtherProgram _program;
    private readonly string[] _verb;
    private readonly Argument<string[]> _arguments;

    /// <param name="program">Whose work it is.</param>
    /// <param name="verb">What the program is told before the user's own arguments.</param>
    /// <param name="name">The verb here.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="examples">Lines below the help's last section.</param>
    public ProgramCommand(
        OtherProgram program,
        string[] verb,
        string name,
        string description,
        params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        _program = program;
        _verb = verb;
        _arguments = new Argument<string[]>("args")
        {
            Description = $"Passed to {program.Name} as they are. "
                + "Put -- before options that mooring knows too, such as --help.",
            Arity = ArgumentArity.ZeroOrMore,
            CaptureRemainingTokens = true,
        };
        Arguments.Add(_arguments);
        SetAction(RunAsync);
    }

    public static ProgramCommand Doctor() => new(
        OtherProgram.Server,
        ["doctor"],
        "doctor",
        "Say what this machine lacks for running disks and instances, and what that costs.",
        "mooring doctor",
        "mooring doctor -- --help");

    public static ProgramCommand Serve() => new(
        OtherProgram.Server,
        [],
        "serve",
        "Run the server with the agent of this machine, until Ctrl-C (mooringd).",
        "mooring serve",
        "mooring serve --listen 127.0.0.1:7171 --data /srv/mooring",
        "mooring serve -- --help");

    public static NounCommand Database() => new(
        "db",
        "Back up and check the server's records, on the server's machine (mooringd db).",
        new ProgramCommand(
            OtherProgram.Server,
            ["db", "backup"],
            "backup",
            "Copy the records of a server, running or not, into a new file.",
            "mooring db backup /backup/mooring.db --data /var/lib/mooring",
            "mooring db backup -- --help"),
        new ProgramCommand(
            OtherProgram.Server,
            ["db", "check"],
            "check",
            "Say whether the records, or a backup of them, are whole.",
            "mooring db check --data /var/lib/mooring",
            "mooring db check -- --help"));

    public static NounCommand Simulate() => new(
        "simulate",
        "Run a cloud that is none, to rehearse with, until Ctrl-C (mooring-simulate).",
        new ProgramCommand(
            OtherProgram.Simulators,
            ["hyperstack"],
            "hyperstack",
            "An HTTP server that does what Hyperstack's documents say, faults included.",
            "mooring simulate hyperstack --listen 127.0.0.1:9001 --admin 127.0.0.1:9002",
            "mooring simulate hyperstack --seed 7 --faults bad-day.json",
            "mooring simulate hyperstack -- --help"),
        new ProgramCommand(
            OtherProgram.Simulators,
            ["runpod"],
            "runpod",
            "An HTTP server that does what RunPod's documents say, faults included.",
            "mooring simulate runpod --listen 127.0.0.1:9001 --admin 127.0.0.1:9002",
            "mooring simulate runpod --seed 7 --faults bad-day.json",
            "mooring simulate runpod -- --help"));

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var error = parsed.InvocationConfiguration.Error;
        var search = new ProgramSearch(_program, AppContext.BaseDirectory, Environment.GetEnvironmentVariable);
        if (search.Find() is not { } found)
        {
            await error.WriteLineAsync(search.Failure);
            return ExitCode.Failed;
        }

        try
        {
            return await ProgramProcess.RunAsync(found, [.. _verb, .. parsed.GetValue(_arguments) ?? []], ct);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            await error.WriteLineAsync($"{found.File} could not be started: {e.Message}.");
            return ExitCode.Failed;
        }
    }
}
