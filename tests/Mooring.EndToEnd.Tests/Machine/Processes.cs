using System.Globalization;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>A process of this machine.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="CommandLine">Its arguments, each ended by NUL.</param>
internal sealed record MachineProcess(int Pid, string CommandLine);

/// <summary>The machine's processes, as the kernel tells (proc(5)).</summary>
internal static class Processes
{
    public static IEnumerable<MachineProcess> All()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Read(Path.Combine(directory, "cmdline")) is { Length: > 0 } line)
            {
                yield return new MachineProcess(pid, line);
            }
        }
    }

    public static bool IsAlive(int pid) => Read($"/proc/{pid}/cmdline") is { Length: > 0 };

    public static async Task KillAsync(int pid) => await Tool.RunAsync("kill", "-KILL", $"{pid}");

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
