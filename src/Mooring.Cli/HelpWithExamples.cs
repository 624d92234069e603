using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Mooring.Cli.Commands;

namespace Mooring.Cli;

/// <summary>The usual help, then the verb's examples (at the root: one of each verb).</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var examples = command is ExplainedCommand explained
            ? explained.Examples
            : command.Subcommands.OfType<ExplainedCommand>().Select(verb => verb.Examples[0]);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var line in examples)
        {
            output.WriteLine($"  {line}");
        }

        return code;
    }
}
