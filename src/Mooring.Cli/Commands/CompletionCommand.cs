using System.CommandLine;
using Mooring.Cli.Completion;

namespace Mooring.Cli.Commands;

/// <summary><c>mooring completion</c>: prints the script that makes a shell complete mooring's words.</summary>
internal sealed class CompletionCommand : ExplainedCommand
{
    private readonly Argument<string> _shell = new("shell")
    {
        Description = "Whose script: bash, zsh or fish.",
        HelpName = "bash|zsh|fish",
    };

    public CompletionCommand(Surroundings around)
        : base(
            "completion",
            "Print a script that completes verbs, options, disks and pods in your shell.",
            "source <(mooring completion bash)",
            "mooring completion zsh > ~/.zfunc/_mooring",
            "mooring completion fish | source")
    {
        _shell.AcceptOnlyFromAmong([.. Script.Of.Keys]);
        Arguments.Add(_shell);
        SetAction((parsed, ct) => around.Output.WriteLineAsync(
            Script.Of[parsed.GetRequiredValue(_shell)].AsMemory(), ct));
    }
}
