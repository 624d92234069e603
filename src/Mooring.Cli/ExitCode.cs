namespace Mooring.Cli;

/// <summary>What every verb of <c>mooring</c> ends with (docs/reference/cli.md).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
}
