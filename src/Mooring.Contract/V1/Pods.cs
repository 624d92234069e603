using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Mooring.Contract.V1;

/// <summary>Body of POST <c>/pods/</c> (contract 6.1).</summary>
public sealed record CreatePodRequest
{
    /// <summary>What to start. Required.</summary>
    [Required]
    public CreatePod? Pod { get; init; }

    /// <summary>Where. Required.</summary>
    [Required]
    public ProviderChoice? Provider { get; init; }

    /// <summary>Ids of network disks to attach, in the order of their mount paths.</summary>
    public IReadOnlyList<string?>? Disks { get; init; }

    /// <summary>The team it shall belong to; null for a personal instance.</summary>
    public TeamChoice? Team { get; init; }

    /// <summary>Share with the team, as the vendor's CLI spells it (contract 13, D21).</summary>
    public bool? SharedWithTeam { get; init; }

    /// <summary>The same, as the vendor's OpenAPI document spells it.</summary>
    [JsonPropertyName("shared_with_team")]
    public bool? SharedWithTeamOpenApi { get; init; }

    /// <summary>Members to share with, as the vendor's CLI spells it.</summary>
    public IReadOnlyList<string?>? TeamMemberIds { get; init; }

    /// <summary>The same, as the vendor's OpenAPI document spells it.</summary>
    [JsonPropertyName("team_member_ids")]
    public IReadOnlyList<string?>? TeamMemberIdsOpenApi { get; init; }
}

/// <summary>The <c>pod</c> of a creating request. Unknown members are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreatePod
{
    /// <summary>The offer's. Required.</summary>
    [Required]
    public string? CloudId { get; init; }

    /// <summary>The offer's. Required.</summary>
    [Required]
    public string? GpuType { get; init; }

    /// <summary>The offer's. Required.</summary>
    [Required]
    public string? Socket { get; init; }

    /// <summary>The offer's. Required.</summary>
    [Required]
    public int? GpuCount { get; init; }

    /// <summary>1 to 255 characters; generated when null or absent.</summary>
    public string? Name { get; init; }

    /// <summary>Boot disk in GB; not a network disk.</summary>
    public int? DiskSize { get; init; }

    /// <summary>Virtual CPUs; the offer's by default.</summary>
    public int? Vcpus { get; init; }

    /// <summary>Memory in GB; the offer's by default.</summary>
    public int? Memory { get; init; }

    /// <summary>USD per hour above which nothing shall be created.</summary>
    public decimal? MaxPrice { get; init; }

    /// <summary>One of the contract's image names; ubuntu_22_cuda_12 by default.</summary>
    public string? Image { get; init; }

    /// <summary>The operator's template, with image custom_template.</summary>
    public string? CustomTemplateId { get; init; }

    /// <summary>The offer's data center.</summary>
    public string? DataCenterId { get; init; }

    /// <summary>The offer's country.</summary>
    public string? Country { get; init; }

    /// <summary>Password for Jupyter, where the image has it.</summary>
    public string? JupyterPassword { get; init; }

    /// <summary>The SSH key that may log in; all of the user's when absent.</summary>
    public string? SshKeyId { get; init; }

    /// <summary>secure_cloud or community_cloud.</summary>
    public string? Security { get; init; }

    /// <summary>Environment variables of the main process.</summary>
    public IReadOnlyList<EnvVar?>? EnvVars { get; init; }

    /// <summary>Whether it is started again when it ends or the host reboots.</summary>
    public bool? AutoRestart { get; init; }

    /// <summary>Hours paid up front, at providers that rent so.</summary>
    public decimal? PrepaidForHr { get; init; }
}

/// <summary>One environment variable.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EnvVar
{
    /// <summary><c>[A-Za-z_][A-Za-z0-9_]*</c>.</summary>
    public string? Key { get; init; }

    /// <summary>Any text without NUL or line break.</summary>
    public string? Value { get; init; }
}

/// <summary>An instance (contract 6.2). Every member is always written.</summary>
public sealed record Pod
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its creator.</summary>
    public required string? UserId { get; init; }

    /// <summary>The team it belongs to, or null.</summary>
    public required string? TeamId { get; init; }

    /// <summary>The wallet that pays.</summary>
    public required string? WalletId { get; init; }

    /// <summary>The cluster it is a node of, or null.</summary>
    public required string? ClusterId { get; init; }

    /// <summary>The user's name for it.</summary>
    public required string? Name { get; init; }

    /// <summary>HOSTED.</summary>
    public required string? Type { get; init; }

    /// <summary>The provider it runs at.</summary>
    public required string ProviderType { get; init; }

    /// <summary>PROVISIONING, PENDING, ACTIVE, STOPPED, ERROR, DELETING, TERMINATED or UNKNOWN.</summary>
    public required string Status { get; init; }

    /// <summary>PENDING, ACTIVE, FINISHED, ERROR or TERMINATED.</summary>
    public required string? InstallationStatus { get; init; }

    /// <summary>Why it failed, in words; or null.</summary>
    public required string? InstallationFailure { get; init; }

    /// <summary>Percent of the way to ready.</summary>
    public required int? InstallationProgress { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was gone, UTC; null before.</summary>
    public required DateTimeOffset? TerminatedAt { get; init; }

    /// <summary>GPU type.</summary>
    public required string GpuName { get; init; }

    /// <summary>GPUs.</summary>
    public required int GpuCount { get; init; }

    /// <summary>GPU socket.</summary>
    public required string? Socket { get; init; }

    /// <summary>USD per hour.</summary>
    public required decimal PriceHr { get; init; }

    /// <summary>USD per hour while stopped; null means priceHr.</summary>
    public required decimal? StoppedPriceHr { get; init; }

    /// <summary>USD per hour while it is made; null means priceHr.</summary>
    public required decimal? ProvisioningPriceHr { get; init; }

    /// <summary>The image's name.</summary>
    public required string? EnvironmentType { get; init; }

    /// <summary>The template, with image custom_template.</summary>
    public required string? CustomTemplateId { get; init; }

    /// <summary>Whether it may be taken back at any time.</summary>
    public required bool? IsSpot { get; init; }

    /// <summary>Whether it is started again when it ends.</summary>
    public required bool? AutoRestart { get; init; }

    /// <summary>Ports that can be reached from outside.</summary>
    public required IReadOnlyList<PortMapping> PrimePortMapping { get; init; }

    /// <summary><c>user@host -p port</c>; null until it can be used.</summary>
    public required string? SshConnection { get; init; }

    /// <summary>Address users reach it at; null until it is known.</summary>
    public required string? Ip { get; init; }

    /// <summary>What it has.</summary>
    public required PodResources? Resources { get; init; }

    /// <summary>Its network disks.</summary>
    public required IReadOnlyList<AttachedResource> AttachedResources { get; init; }
}

/// <summary>A port of an instance, reachable from outside. Numbers are strings (contract 6.2).</summary>
/// <param name="Internal">Port inside.</param>
/// <param name="External">Port outside.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="UsedBy">SSH, JUPYTER_NOTEBOOK or WEB_SERVER; or null.</param>
/// <param name="Description">In words, or null.</param>
public sealed record PortMapping(
    string Internal, string External, string Protocol, string? UsedBy, string? Description);

/// <summary>What an instance has; snake_case as at the vendor.</summary>
public sealed record PodResources
{
    /// <summary>Memory, GB.</summary>
    public required int? Memory { get; init; }

    /// <summary>Boot disk, GB.</summary>
    public required int? Disk { get; init; }

    /// <summary>Disk shared by a cluster's nodes, GB.</summary>
    [JsonPropertyName("shared_disk")]
    public required int? SharedDisk { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public required int? Vcpus { get; init; }
}

/// <summary>A disk of an instance (contract 6.2).</summary>
public sealed record AttachedResource
{
    /// <summary>DISK.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The same, under the name that the vendor's CLI prints.</summary>
    public required string Type { get; init; }

    /// <summary>The disk's id.</summary>
    public required string Id { get; init; }

    /// <summary>UNATTACHED, ATTACHED (on the host) or MOUNTED (the instance sees it).</summary>
    public required string Status { get; init; }

    /// <summary>When the attachment was asked for, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it is detached when the instance ends, the disk living on.</summary>
    public required bool IsDetachable { get; init; }

    /// <summary>Where the instance sees it.</summary>
    public required string MountPath { get; init; }

    /// <summary>Path within the resource, or null.</summary>
    public required string? ResourcePath { get; init; }

    /// <summary>GB.</summary>
    public required int? Size { get; init; }

    /// <summary>Whether other instances may hold it too.</summary>
    public required bool IsShared { get; init; }
}

/// <summary>Answer of GET <c>/pods/status</c>.</summary>
/// <param name="Data">One row per known id asked for; never null.</param>
public sealed record PodStatusList(IReadOnlyList<PodStatus> Data);

/// <summary>The short form of an instance's state (contract 6.3).</summary>
public sealed record PodStatus
{
    /// <summary>The instance's id.</summary>
    public required string PodId { get; init; }

    /// <summary>The provider it runs at.</summary>
    public required string ProviderType { get; init; }

    /// <summary>PROVISIONING, PENDING, ACTIVE, STOPPED, ERROR, DELETING, TERMINATED or UNKNOWN.</summary>
    public required string Status { get; init; }

    /// <summary><c>user@host -p port</c>, or null.</summary>
    public required string? SshConnection { get; init; }

    /// <summary>Address, or null.</summary>
    public required string? Ip { get; init; }

    /// <summary>USD per hour, as the vendor's CLI reads it (contract 13, D22).</summary>
    public required decimal PriceHr { get; init; }

    /// <summary>The same, as the vendor's documentation shows it.</summary>
    public required decimal CostPerHr { get; init; }

    /// <summary>Ports that can be reached from outside.</summary>
    public required IReadOnlyList<PortMapping> PrimePortMapping { get; init; }

    /// <summary>PENDING, ACTIVE, FINISHED, ERROR or TERMINATED.</summary>
    public required string? InstallationStatus { get; init; }

    /// <summary>Why it failed, in words; or null.</summary>
    public required string? InstallationFailure { get; init; }

    /// <summary>Percent.</summary>
    public required int? InstallationProgress { get; init; }
}

/// <summary>A past instance (contract 6.3).</summary>
public sealed record PodHistoryEntry
{
    /// <summary>The instance's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The provider it ran at.</summary>
    public required string ProviderType { get; init; }

    /// <summary>Instance.</summary>
    public required string Type { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was gone, UTC.</summary>
    public required DateTimeOffset? TerminatedAt { get; init; }

    /// <summary>GPU type.</summary>
    public required string GpuName { get; init; }

    /// <summary>GPUs.</summary>
    public required int GpuCount { get; init; }

    /// <summary>GPU socket.</summary>
    public required string? Socket { get; init; }

    /// <summary>USD per hour.</summary>
    public required decimal PriceHr { get; init; }

    /// <summary>Its creator.</summary>
    public required string UserId { get; init; }

    /// <summary>The team it belonged to, or null.</summary>
    public required string? TeamId { get; init; }

    /// <summary>USD for its whole life, from its usage spans.</summary>
    public required decimal TotalBilledPrice { get; init; }

    /// <summary>The name of its creator, or null.</summary>
    public required string? ProvisionedBy { get; init; }
}

/// <summary>Answer of GET <c>/pods/{id}/log</c>. The contract leaves its shape open.</summary>
/// <param name="Data">The last lines, oldest first, joined by line feeds.</param>
public sealed record PodLog(string Data);
