using Spectre.Console;

namespace Mooring.Cli.Output;

/// <summary>
/// The console to write to. Colours follow the terminal and NO_COLOR; a file or pipe gets plain lines.
/// </summary>
internal static class Terminal
{
    // A log has no width: its lines are not to be broken.
    private const int UnboundedWidth = 100_000;

    public static IAnsiConsole Of(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Capabilities.Interactive = false;
            console.Profile.Width = UnboundedWidth;
        }

        return console;
    }
}
