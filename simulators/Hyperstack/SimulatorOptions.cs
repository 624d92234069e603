using System.Net;

namespace Mooring.Simulators.Hyperstack;

/// <summary>What a simulated account is like.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Where the API listens; port 0 for any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the operator listens (books, faults); port 0 for any free one. This machine only.</summary>
    public IPEndPoint AdminListen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The only key that is accepted; null accepts any.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Where chance begins.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Requests in a minute, all clients together, before it throttles (vendor docs, "Rate Limits").</summary>
    public int CallsPerMinute { get; init; } = 500;

    /// <summary>What goes wrong, how long things take, and what is assumed.</summary>
    public Script Script { get; init; } = new();
}

/// <summary>How long things take when nothing goes wrong, in seconds.</summary>
public sealed record Delays
{
    /// <summary>A volume, from accepted to <c>available</c>.</summary>
    public double VolumeCreate { get; set; } = 4;

    /// <summary>A volume, from accepted to gone.</summary>
    public double VolumeDelete { get; set; } = 3;

    /// <summary>A machine, from accepted to ACTIVE.</summary>
    public double MachineCreate { get; set; } = 60;

    /// <summary>A machine, from accepted to gone.</summary>
    public double MachineDelete { get; set; } = 15;

    /// <summary>A machine's start, stop, reboot, hibernation or restoration.</summary>
    public double MachineChange { get; set; } = 10;

    /// <summary>A volume, from ATTACHING to ATTACHED.</summary>
    public double Attach { get; set; } = 5;

    /// <summary>A volume, from DETACHING to DETACHED.</summary>
    public double Detach { get; set; } = 8;

    /// <summary>Everything is done at once.</summary>
    public static Delays None { get; } = new()
    {
        VolumeCreate = 0,
        VolumeDelete = 0,
        MachineCreate = 0,
        MachineDelete = 0,
        MachineChange = 0,
        Attach = 0,
        Detach = 0,
    };
}
