using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Mooring.Cli.Commands;

namespace Mooring.Cli;

/// <summary>The root of the command line: which verbs there are.</summary>
internal static class MooringCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var parsed = Create().Parse(args, new ParserConfiguration
        {
            // An argument that begins with @ is no file to be read.
            ResponseFileTokenReplacer = null,
        });
        if (parsed.Action is ParseErrorAction)
        {
            return await ExplainAsync(parsed, error);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            // Verbs that must clean up handle signals themselves, without a time limit.
            ProcessTerminationTimeout = null,
        });
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("Network-attached disks that outlive the instances they are attached to.")
        {
            new DemoCommand(),
            new DoctorCommand(),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    private static async Task<int> ExplainAsync(ParseResult parsed, TextWriter error)
    {
        foreach (var fault in parsed.Errors)
        {
            await error.WriteLineAsync(fault.Message);
        }

        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "mooring" : $"mooring {command.Name}";
        await error.WriteLineAsync($"See: {path} --help");
        return ExitCode.Usage;
    }
}
