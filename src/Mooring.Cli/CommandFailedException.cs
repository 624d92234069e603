namespace Mooring.Cli;

/// <summary>The verb can't go on. The message says what went wrong and what to do, without a full stop.</summary>
internal sealed class CommandFailedException(string words, Exception? inner = null) : Exception(words, inner)
{
    /// <summary>What the process ends with, one of <see cref="ExitCode"/>.</summary>
    public int Code { get; init; } = ExitCode.Failed;
}
