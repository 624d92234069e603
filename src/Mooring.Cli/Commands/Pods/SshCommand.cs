using System.CommandLine;
using Mooring.Cli.Ssh;

namespace Mooring.Cli.Commands.Pods;

/// <summary><c>mooring pods ssh</c>.</summary>
internal sealed class SshCommand : ExplainedCommand
{
    private readonly Common _common;
    private readonly Argument<string> _pod = new PodArgument();

    private readonly Argument<string[]> _remote = new("command")
    {
        Description = "What to run there, after --; a login shell if nothing.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _identity = new("--identity", "-i")
    {
        Description = "Private key to log in with; ssh's own choice if not given.",
        HelpName = "FILE",
    };

    public SshCommand(Common common)
        : base(
            "ssh",
            "Log in to a pod with the system's ssh; ends with ssh's exit code.",
            "mooring pods ssh trainer-1",
            "mooring pods ssh trainer-1 -i ~/.ssh/id_ed25519 -- nvidia-smi -L")
    {
        _common = common;
        Arguments.Add(_pod);
        Arguments.Add(_remote);
        Options.Add(_identity);
        common.AddAccess(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        IReadOnlyList<string>? arguments = null;
        using (var interruption = new Interruption(ct))
        {
            var code = await Verdict.OfAsync(
                _common.Around.Error,
                async () =>
                {
                    arguments = await ArgumentsAsync(parsed, interruption.Work);
                    return ExitCode.Done;
                },
                interruption.Work);
            if (arguments is null)
            {
                return code;
            }
        }

        // From here on Ctrl-C is the far side's.
        return await Verdict.OfAsync(_common.Around.Error, () => Login.RunAsync(arguments, ct), ct);
    }

    private async Task<IReadOnlyList<string>> ArgumentsAsync(ParseResult parsed, CancellationToken ct)
    {
        using var call = Call.Open(_common, parsed, ct);
        var id = await Naming.PodAsync(call, call.Value(_pod));
        var pod = await call.Client.GetPodAsync(id, ct);
        var target = SshTarget.Parse(pod.SshConnection) ?? throw new CommandFailedException(
            pod.SshConnection is null
                ? $"pod {id} is {pod.Status} and can't be logged in to now. See: mooring pods explain {id}"
                : $"the server's sshConnection '{pod.SshConnection}' is not of the form user@host -p port")
        {
            Code = ExitCode.Refused,
        };
        return Login.Arguments(
            target, id, Login.KnownHostsFile(call.Around), call.Value(_identity), parsed.GetValue(_remote) ?? []);
    }
}
