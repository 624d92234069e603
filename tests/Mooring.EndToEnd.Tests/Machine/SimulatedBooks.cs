using Mooring.Providers.Simulated;

namespace Mooring.EndToEnd.Tests.Machine;

/// <summary>What exists at a simulated place, from its books: the truth, past the server.</summary>
public sealed class SimulatedBooks(string data, string provider, string account)
{
    private readonly string _path = Path.Combine(data, "simulated", $"{provider}@{account}.db");

    /// <summary>Names of the disks that are there, one as often as there are disks of it.</summary>
    public IReadOnlyList<string> Disks => [.. Read().DisksAt(Now).Select(disk => disk.Name)];

    /// <summary>Names of the instances that are there.</summary>
    public IReadOnlyList<string> Instances => [.. Read().InstancesAt(Now).Select(instance => instance.Name)];

    /// <summary>The faults that happened, by their names in scripts.</summary>
    public IReadOnlyList<string> Faults => [.. Read().Faults.Select(fault => fault.Fault)];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>All of it, as it stands.</summary>
    public Books Read() => Books.Read(_path);
}
