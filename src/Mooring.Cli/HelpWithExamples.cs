using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Mooring.Cli.Commands;

namespace Mooring.Cli;

/// <summary>The usual help, then the verb's examples (at the root: those of all verbs).</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var verbs = command is RootCommand ? command.Subcommands : [command];
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var line in verbs.OfType<ExplainedCommand>().SelectMany(verb => verb.Examples))
        {
            output.WriteLine($"  {line}");
        }

        return code;
    }
}
