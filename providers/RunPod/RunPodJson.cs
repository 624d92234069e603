using System.Text.Json.Serialization;

namespace Mooring.Providers.RunPod;

// What RunPod sends is read with tolerance for what it may add, and none for what it must say: an object without its id
// or a list without its array is no answer, and never an empty one.

/// <summary><c>{"id": "2q9m7x4c1z", "name": "a", "size": 50, "dataCenter": "US-KS-2", "type": "STANDARD"}</c></summary>
internal sealed record NetworkVolume(string Id, string Name, int Size, string DataCenter, string? Type = null);

internal sealed record NetworkVolumeList(IReadOnlyList<NetworkVolume> NetworkVolumes);

/// <summary>The body of <c>POST /v2/network-volumes</c>: exactly these fields, or it is refused.</summary>
internal sealed record NewNetworkVolume(string Name, int Size, string DataCenter, string Type);

internal sealed record Pod(
    string Id,
    string Name,
    string Status,
    PodMounts? Mounts = null,
    PodSsh? Ssh = null,
    DateTimeOffset? CreatedAt = null);

internal sealed record PodList(IReadOnlyList<Pod> Pods);

internal sealed record PodMounts(IReadOnlyList<NetworkMount?>? Network = null);

internal sealed record NetworkMount(string VolumeId, string Path);

internal sealed record PodSsh(DirectSsh? Direct = null);

internal sealed record DirectSsh(string Host, int Port, string? Username = null);

/// <summary>The body of <c>POST /v2/pods</c>.</summary>
internal sealed record NewPod(
    string Name,
    string Image,
    PodGpu Gpu,
    string Cloud,
    IReadOnlyList<string> DataCenterIds,
    int Disk,
    IReadOnlyList<string> Ports,
    IReadOnlyDictionary<string, string>? Env,
    PodMounts? Mounts);

internal sealed record PodGpu(string Id, int Count);

internal sealed record DataCenterList(IReadOnlyList<DataCenter> DataCenters);

internal sealed record DataCenter(string Id, string? Region = null, IReadOnlyList<string?>? NetworkVolumeTypes = null);

internal sealed record GpuList(IReadOnlyList<CatalogGpu> Gpus);

internal sealed record CatalogGpu(
    string Id,
    bool Secure = false,
    GpuPrice? Price = null,
    GpuMaxCount? MaxCount = null,
    IReadOnlyList<GpuDataCenter?>? DataCenters = null);

internal sealed record GpuPrice(decimal? Secure = null);

internal sealed record GpuMaxCount(int? Secure = null);

internal sealed record GpuDataCenter(string Id, string? Availability = null);

/// <summary>
/// <c>{"records": [{"startTime": "2026-09-01T00:00:00Z", "endTime": "2026-09-02T00:00:00Z", "networkVolumeId":
/// "2q9m7x4c1z", "totalAmount": 0.115, "standardAmount": 0.115, "highPerformanceAmount": 0}], "metadata":
/// {"recordCount": 1}}</c>
/// </summary>
internal sealed record VolumeBill(IReadOnlyList<VolumeBillRecord?> Records, BillMetadata? Metadata = null);

/// <summary>A volume in one bucket of time; <see cref="TotalAmount"/> in USD, of both tiers.</summary>
internal sealed record VolumeBillRecord(
    string NetworkVolumeId, DateTimeOffset StartTime, decimal TotalAmount, DateTimeOffset? EndTime = null);

internal sealed record PodBill(IReadOnlyList<PodBillRecord?> Records, BillMetadata? Metadata = null);

/// <summary>A pod in one bucket of time; <see cref="TotalAmount"/> in USD, of GPUs, CPUs and its own disk.</summary>
internal sealed record PodBillRecord(
    string PodId, DateTimeOffset StartTime, decimal TotalAmount, DateTimeOffset? EndTime = null);

internal sealed record BillMetadata(int? RecordCount = null);

/// <summary>What one thing was charged in one bucket of time.</summary>
/// <param name="Id">The volume's or the pod's id.</param>
/// <param name="StartTime">When the bucket begins.</param>
/// <param name="EndTime">When it ends, exclusive; null where that is not said.</param>
/// <param name="Usd">USD.</param>
internal sealed record BilledBucket(string Id, DateTimeOffset StartTime, DateTimeOffset? EndTime, decimal Usd);

/// <summary>What went wrong, as <c>application/problem+json</c> (RFC 9457).</summary>
internal sealed record Problem(string? Title = null, string? Detail = null, IReadOnlyList<string?>? Errors = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NetworkVolume))]
[JsonSerializable(typeof(NetworkVolumeList))]
[JsonSerializable(typeof(NewNetworkVolume))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(PodList))]
[JsonSerializable(typeof(NewPod))]
[JsonSerializable(typeof(DataCenterList))]
[JsonSerializable(typeof(GpuList))]
[JsonSerializable(typeof(VolumeBill))]
[JsonSerializable(typeof(PodBill))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class RunPodJson : JsonSerializerContext;
