namespace Mooring.Providers.Instances;

/// <summary>What to start.</summary>
/// <param name="Name">The remote name (<see cref="RemoteName"/>), stored before the first call.</param>
/// <param name="CloudId">The offer's.</param>
/// <param name="DataCenter">The offer's, or null.</param>
/// <param name="Image">
/// What to run: one of the offer's <see cref="InstanceOffer.Images"/> at a cloud, an OCI reference on hosts of ours.
/// </param>
/// <param name="Vcpus">Virtual CPUs.</param>
/// <param name="Memory">Memory limit.</param>
/// <param name="GpuIds">The GPUs reserved for it, by the host's ids; empty without.</param>
/// <param name="Environment">Environment variables; never logged.</param>
/// <param name="AuthorizedKeys">SSH public keys, one line each, that may log in as root.</param>
/// <param name="Attachments">Its disks in the order asked for.</param>
/// <param name="Network">Name of the isolated network, one per account.</param>
/// <param name="UserNamespaceBase">First id on the host of the instance's 65,536 user ids.</param>
/// <param name="ShownName">The user's own name for it, for the host name inside.</param>
/// <param name="Host">Our host that it is on; null at providers that choose for themselves.</param>
public sealed record InstanceSpec(
    string Name,
    string CloudId,
    string? DataCenter,
    string Image,
    int Vcpus,
    ByteSize Memory,
    IReadOnlyList<string> GpuIds,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> AuthorizedKeys,
    IReadOnlyList<AttachmentSpec> Attachments,
    string Network,
    uint UserNamespaceBase,
    string ShownName,
    string? Host = null);

/// <summary>An instance at the provider, as we address it.</summary>
/// <param name="Name">The remote name it was created under.</param>
/// <param name="RemoteId">The provider's own id, once it is known.</param>
/// <param name="Host">Our host that it is on; null at providers that choose for themselves.</param>
public sealed record InstanceRef(string Name, string? RemoteId, string? Host = null);

/// <summary>The state of an instance at the provider.</summary>
public enum RemoteInstanceState
{
    /// <summary>A complete, successful look found no such instance.</summary>
    Absent,

    /// <summary>Made, not started.</summary>
    Created,

    /// <summary>Started; what it promises (its SSH server, where it has one) does not answer yet.</summary>
    Starting,

    /// <summary>Running, and its SSH server answers where it has one.</summary>
    Ready,

    /// <summary>It ended, or a reboot ended it; what it wrote to its disks is all there is.</summary>
    Ended,

    /// <summary>Being removed.</summary>
    Deleting,
}

/// <summary>What a provider says about one instance, now.</summary>
/// <param name="State">Its state.</param>
/// <param name="RemoteId">The provider's id, or null.</param>
/// <param name="Ssh">Where to log in; null where it has no SSH server or that is not known yet.</param>
/// <param name="ExitCode">The main process's exit code, if it ended and the code is known.</param>
/// <param name="Words">The provider's words on the state: why it ended, the last line it wrote.</param>
public sealed record InstanceObservation(
    RemoteInstanceState State,
    string? RemoteId = null,
    SshEndpoint? Ssh = null,
    int? ExitCode = null,
    string? Words = null)
{
    /// <summary>A complete look found nothing.</summary>
    public static readonly InstanceObservation Absent = new(RemoteInstanceState.Absent);
}

/// <summary>Where an SSH client logs in.</summary>
/// <param name="User">User name, <c>root</c>.</param>
/// <param name="Host">Address or name reachable for users.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
public sealed record SshEndpoint(string User, string Host, int Port);

/// <summary>An instance found by listing.</summary>
/// <param name="Name">Its full remote name.</param>
/// <param name="RemoteId">The provider's id, or null.</param>
/// <param name="State">Its state.</param>
public sealed record RemoteInstance(string Name, string? RemoteId, RemoteInstanceState State);
