namespace Mooring.Simulators.RunPod;

/// <summary>What exists and existed at the place, and what it cost, at one moment. Nothing secret is in it.</summary>
/// <param name="At">The moment.</param>
/// <param name="Volumes">Every volume that ever was, in the order they were made.</param>
/// <param name="Pods">Every pod, likewise.</param>
/// <param name="Calls">Calls that arrived, by route.</param>
/// <param name="Faults">Faults that met a call, in their order.</param>
public sealed record Books(
    DateTimeOffset At,
    IReadOnlyList<BookedVolume> Volumes,
    IReadOnlyList<BookedPod> Pods,
    IReadOnlyDictionary<string, long> Calls,
    IReadOnlyList<MetFault> Faults)
{
    /// <summary>What all of it cost in USD, exact as <see cref="decimal"/> has it.</summary>
    public decimal CostUsd => Volumes.Sum(volume => volume.CostUsd) + Pods.Sum(pod => pod.CostUsd);
}

/// <summary>A volume in the books.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="SizeGb">Its size now or at its end.</param>
/// <param name="DataCenter">Where it is.</param>
/// <param name="Tier">STANDARD or HIGH_PERFORMANCE.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="GoneAt">Until when; null while it is there.</param>
/// <param name="Disappeared">Whether it went without anybody's call.</param>
/// <param name="CostUsd">What it cost so far, each second counted.</param>
public sealed record BookedVolume(
    string Id,
    string Name,
    int SizeGb,
    string DataCenter,
    string Tier,
    DateTimeOffset CreatedAt,
    DateTimeOffset? GoneAt,
    bool Disappeared,
    decimal CostUsd);

/// <summary>A pod in the books.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="GpuId">Which GPU.</param>
/// <param name="GpuCount">How many.</param>
/// <param name="DataCenter">Where it is.</param>
/// <param name="VolumeId">The volume that it mounts, or null.</param>
/// <param name="Status">Its status at that moment.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="DeletedAt">When somebody deleted it.</param>
/// <param name="GoneAt">Since when it is gone from the list; null while it is there.</param>
/// <param name="CostUsd">What its GPUs cost so far, each second counted.</param>
public sealed record BookedPod(
    string Id,
    string Name,
    string GpuId,
    int GpuCount,
    string DataCenter,
    string? VolumeId,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt,
    DateTimeOffset? GoneAt,
    decimal CostUsd);
