namespace Mooring.Cli;

/// <summary>What a verb sees of the world beside the server: streams, terminal, environment, clock.</summary>
internal sealed record Surroundings
{
    private const int WidthByDefault = 80;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Columns of the terminal that output goes to; null where it goes to a file or a pipe.</summary>
    public int? Width { get; init; }

    /// <summary>Columns of the terminal that errors go to, whose last line can be written anew; else null.</summary>
    public int? ErrorWidth { get; init; }

    /// <summary>Whether output may have colours.</summary>
    public bool HasColours { get; init; }

    public required IKeyboard Keyboard { get; init; }

    /// <summary>The value of an environment variable; null where it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those of this process, for verbs that write to these.</summary>
    public static Surroundings OfProcess(TextWriter output, TextWriter error)
    {
        var speaksAnsi = VariableOf("TERM") != "dumb";
        var width = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected ? WindowWidth() : (int?)null;
        return new Surroundings
        {
            Output = output,
            Error = error,
            Width = width,
            ErrorWidth = speaksAnsi && ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
                ? WindowWidth()
                : null,
            // no-color.org: "when present and not an empty string".
            HasColours = speaksAnsi && width is not null && VariableOf("NO_COLOR") is null,
            Keyboard = new ConsoleKeyboard(),
            Variable = VariableOf,
        };
    }

    private static string? VariableOf(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    // A terminal that does not know its width says 0, and has that of the first ones (as tput has it).
    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : WidthByDefault;
        }
        catch (IOException)
        {
            return WidthByDefault;
        }
    }
}
