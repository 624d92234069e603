namespace Mooring.Server.Hosts;

/// <summary>
/// A machine of ours that runs pods, with what it has and what of it is reserved. Reservations are made by conditional
/// updates in the transaction that creates the pod, so that they can't be oversold.
/// </summary>
internal sealed record Host
{
    public required HostId Id { get; init; }
    public required ProviderAccountId ProviderAccountId { get; init; }
    public required string Hostname { get; init; }

    /// <summary>The kernel's boot id when it last reported.</summary>
    public required string BootId { get; init; }
    public required int Vcpus { get; init; }
    public required int VcpusUsed { get; init; }
    public required int MemoryGiB { get; init; }
    public required int MemoryGiBUsed { get; init; }

    /// <summary>The next user namespace slot to try.</summary>
    public required int NextSlot { get; init; }
    public required bool CanRunPods { get; init; }

    /// <summary>Why it can't, for the operator.</summary>
    public string? WhyNot { get; init; }
    public required DateTimeOffset ReportedAt { get; init; }
}

/// <summary>A GPU of a host, and the pod that has it.</summary>
internal sealed record HostGpu
{
    public required HostId HostId { get; init; }

    /// <summary>Its UUID.</summary>
    public required string Id { get; init; }
    public required string GpuType { get; init; }
    public required string Model { get; init; }
    public required int MemoryGiB { get; init; }
    public PodId? PodId { get; init; }
}
