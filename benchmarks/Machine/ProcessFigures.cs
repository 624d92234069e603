using System.Globalization;

namespace Mooring.Benchmarks.Machine;

/// <summary>What the kernel says about a process (proc(5)).</summary>
internal static class ProcessFigures
{
    // USER_HZ: 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>CPU time it has used so far, in all its threads; in seconds.</summary>
    public static double CpuSeconds(int pid)
    {
        // "4242 (mooringd) S 1 4242 …": the name may hold spaces, so fields are counted behind it; utime and stime are
        // the 14th and 15th of all.
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ');
        return (Number(fields[12]) + Number(fields[13])) / TicksPerSecond;
    }

    /// <summary>Memory that it holds, what it shares with others included; in MB of 10^6 bytes.</summary>
    public static double ResidentMb(int pid)
    {
        // "VmRSS:	   93112 kB", of 1024 bytes
        var line = File.ReadLines($"/proc/{pid}/status")
            .First(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024 / 1e6;
    }

    /// <summary>Processes that ran or waited to, on average of the last minute.</summary>
    public static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
