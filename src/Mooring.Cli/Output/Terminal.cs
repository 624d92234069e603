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
        var target = new AnsiConsoleOutput(output);
        if (target.IsTerminal)
        {
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = target });
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = target,
            // Detection would go by TERM alone, which says nothing about a file.
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = UnboundedWidth;
        return console;
    }
}
