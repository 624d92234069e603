namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>What this machine's kernel must let us do, or nothing here can run.</summary>
internal static class KernelFeatures
{
    /// <summary>Skips the test where mounts, loop devices or user namespaces can't be had.</summary>
    public static void Demand()
    {
        if (Missing() is { } feature)
        {
            Assert.Skip($"missing kernel feature: {feature}");
        }
    }

    public static string? Missing() =>
        !Environment.IsPrivilegedProcess ? "mounts and containers, as the tests don't run as root"
        : !File.Exists("/dev/loop-control") ? "loop devices"
        : !File.Exists("/proc/self/ns/user") ? "user namespaces"
        : null;
}
