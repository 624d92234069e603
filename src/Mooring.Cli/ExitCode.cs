namespace Mooring.Cli;

/// <summary>What every verb of <c>mooring</c> ends with (docs/reference/cli.md).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>The command line is wrong, or says too little; nothing was changed.</summary>
    public const int Usage = 2;

    public const int NotFound = 3;

    /// <summary>The server understood and declined: the state does not allow it, or the request does not fit.</summary>
    public const int Refused = 4;

    /// <summary>No key, a key that does not hold, one that others can read, or one that lacks the permission.</summary>
    public const int NotAllowed = 5;

    /// <summary>No usable answer from the server.</summary>
    public const int Unreachable = 6;

    /// <summary>What was waited for had not come about when the time was over.</summary>
    public const int TimedOut = 7;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
