using System.CommandLine;
using Mooring.Cli.Daemon;

namespace Mooring.Cli.Commands;

/// <summary>
/// <c>mooring doctor</c>: the checks are mooringd's, which knows what it needs; this finds it and hands everything on.
/// </summary>
internal sealed class DoctorCommand : ExplainedCommand
{
    private readonly Argument<string[]> _arguments = new("args")
    {
        Description = "Passed to 'mooringd doctor' as they are. "
            + "Put -- before options that mooring knows too, such as --help.",
        Arity = ArgumentArity.ZeroOrMore,
        CaptureRemainingTokens = true,
    };

    public DoctorCommand()
        : base(
            "doctor",
            "Say what this machine lacks for running disks and instances, and what that costs.",
            "mooring doctor",
            "mooring doctor -- --help")
    {
        Arguments.Add(_arguments);
        SetAction(RunAsync);
    }

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
            return await DaemonProcess.RunAsync(daemon, ["doctor", .. parsed.GetValue(_arguments) ?? []], ct);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            await error.WriteLineAsync($"{daemon.File} could not be started: {e.Message}.");
            return ExitCode.Failed;
        }
    }
}
