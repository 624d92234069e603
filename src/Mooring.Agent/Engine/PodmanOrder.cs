using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mooring.Agent.Engine;

/// <summary>
/// The body of Podman's <c>POST /libpod/containers/create</c>: the members of its <c>SpecGenerator</c> that we set
/// (Podman's API reference, "libpod - Create a container").
/// </summary>
internal sealed record PodmanOrder
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public required string Name { get; init; }

    public required string Image { get; init; }

    public required string Hostname { get; init; }

    public required IReadOnlyDictionary<string, string> Env { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string RestartPolicy { get; init; }

    public required bool NoNewPrivileges { get; init; }

    public required IReadOnlyList<string> CapDrop { get; init; }

    public required PodmanNamespace? Userns { get; init; }

    /// <summary>
    /// The user namespace's mapping. The form that the Docker API takes as one string, <c>auto:size=…</c>, is accepted
    /// here as well and ignored.
    /// </summary>
    public required PodmanIdMappings? Idmappings { get; init; }

    public required PodmanNamespace Netns { get; init; }

    public required IReadOnlyDictionary<string, object> Networks { get; init; }

    public required PodmanLimits ResourceLimits { get; init; }

    [JsonPropertyName("r_limits")]
    public required IReadOnlyList<PodmanRlimit> Rlimits { get; init; }

    public required IReadOnlyDictionary<string, string> Sysctl { get; init; }

    public required IReadOnlyList<PodmanMount> Mounts { get; init; }

    public required IReadOnlyList<PodmanPort> Portmappings { get; init; }

    public required IReadOnlyList<PodmanDevice> Devices { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

internal sealed record PodmanNamespace(string Nsmode, string? Value);

/// <summary>Podman spells these members so.</summary>
internal sealed record PodmanIdMappings(
    [property: JsonPropertyName("UIDMap")] IReadOnlyList<PodmanIdMap> Uids,
    [property: JsonPropertyName("GIDMap")] IReadOnlyList<PodmanIdMap> Gids);

internal sealed record PodmanIdMap(int ContainerId, uint HostId, int Size);

internal sealed record PodmanLimits(PodmanMemory Memory, PodmanCpu Cpu, PodmanPids Pids);

/// <summary>Bytes; <paramref name="Swap"/> is memory and swap together.</summary>
internal sealed record PodmanMemory(long Limit, long Swap);

/// <summary>Microseconds of CPU in each period of microseconds.</summary>
internal sealed record PodmanCpu(long Quota, long Period);

internal sealed record PodmanPids(long Limit);

internal sealed record PodmanRlimit(string Type, long Hard, long Soft);

internal sealed record PodmanMount(string Type, string Source, string Destination, IReadOnlyList<string> Options);

/// <summary>A container's port on a random port of a host address.</summary>
internal sealed record PodmanPort(string HostIp, int ContainerPort, string Protocol);

internal sealed record PodmanDevice(string Path);
