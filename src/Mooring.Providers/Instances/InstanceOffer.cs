namespace Mooring.Providers.Instances;

/// <summary>An instance that can be had now, and its price.</summary>
/// <param name="CloudId">The provider's name for this kind of instance.</param>
/// <param name="GpuType">The contract's <c>GPUType</c>; <c>CPU_NODE</c> where there is no GPU.</param>
/// <param name="GpuModel">The GPU as its maker names it; null for a <c>CPU_NODE</c>.</param>
/// <param name="GpuCount">GPUs; 1 for a <c>CPU_NODE</c>, as the contract has no 0.</param>
/// <param name="GpuMemoryGiB">GB (2^30 bytes) per GPU; 0 for a <c>CPU_NODE</c>.</param>
/// <param name="Socket">The contract's <c>GPUSocket</c>.</param>
/// <param name="Place">Where.</param>
/// <param name="Vcpus">Virtual CPUs.</param>
/// <param name="MemoryGiB">GB (2^30 bytes) of memory.</param>
/// <param name="BootDiskGiB">GB (2^30 bytes) of boot disk.</param>
/// <param name="BootDiskInfo">What a user should know about the boot disk, in a sentence; or null.</param>
/// <param name="PricePerHour">USD per hour for all of it.</param>
/// <param name="Stock">How much there is.</param>
/// <param name="Security">Who runs the place.</param>
/// <param name="Images">The contract's <c>Image</c> names that this provider can start.</param>
/// <param name="InternetSpeedMbps">Megabits per second; null where it is not known.</param>
public sealed record InstanceOffer(
    string CloudId,
    string GpuType,
    string? GpuModel,
    int GpuCount,
    int GpuMemoryGiB,
    string Socket,
    Place Place,
    int Vcpus,
    int MemoryGiB,
    int BootDiskGiB,
    string? BootDiskInfo,
    Money PricePerHour,
    Stock Stock,
    Security Security,
    IReadOnlyList<string> Images,
    int? InternetSpeedMbps);
