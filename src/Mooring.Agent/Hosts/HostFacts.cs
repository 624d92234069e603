using System.Globalization;
using Mooring.Providers;

namespace Mooring.Agent.Hosts;

/// <summary>What the kernel says about this machine.</summary>
internal static class HostFacts
{
    private const long GiB = 1L << 30;

    /// <summary>Another one after each start of the machine (random(4)).</summary>
    public static string BootId => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>How many process ids the kernel has (proc_sys_kernel(5), pid_max).</summary>
    public static long PidMax => long.Parse(
        File.ReadAllText("/proc/sys/kernel/pid_max").Trim(), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Virtual CPUs that pods may use together.</summary>
    public static int Vcpus(AgentOptions options) =>
        Math.Max(1, (int)(Environment.ProcessorCount * options.CpuOvercommit));

    /// <summary>Memory that pods may use together.</summary>
    public static ByteSize MemoryForPods(AgentOptions options)
    {
        var total = TotalMemoryBytes();
        var reserve = options.MemoryReserveBytes ?? Math.Max(GiB, total / 10);
        return new ByteSize(Math.Max(0, total - reserve));
    }

    /// <summary>
    /// The hard limit of a resource for this process, by its label in <c>/proc/self/limits</c>, at most
    /// <paramref name="ceiling"/>. Programs that we start can't have more.
    /// </summary>
    public static long HardLimit(string label, long ceiling)
    {
        // "Max open files            1024                 20000                files     "
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith(label, StringComparison.Ordinal));
        var fields = line[label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var hard)
            ? Math.Min(hard, ceiling)
            : ceiling;
    }

    private static long TotalMemoryBytes()
    {
        // "MemTotal:       24684092 kB"
        var line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemTotal:", StringComparison.Ordinal));
        var kib = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(kib, NumberStyles.None, CultureInfo.InvariantCulture) * 1024;
    }
}
