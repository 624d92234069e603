namespace Mooring.Daemon;

/// <summary>Says what is missing on this machine and what that costs.</summary>
internal static class Doctor
{
    public static async Task<int> RunAsync(DaemonOptions options, CancellationToken ct)
    {
        await Console.Out.WriteLineAsync($"{options.DataDirectory}".AsMemory(), ct);
        return 0;
    }
}
