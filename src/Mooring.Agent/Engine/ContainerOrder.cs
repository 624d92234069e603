using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Mooring.Agent.Mounts;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Engine;

/// <summary>
/// What an engine is asked to make of a pod's specification: limits, isolation, disks, network. Pure; both the Docker
/// API's form and Podman's own are written from it.
/// </summary>
internal sealed partial record ContainerOrder
{
    private const long NanosPerCpu = 1_000_000_000;
    private const long MicrosecondsPerPeriod = 100_000;
    private const string SshPort = "22/tcp";

    // Engines grant these by default: with raw sockets a pod could speak in the name of its account's other pods, and
    // device nodes are the engine's to make.
    private static readonly string[] DroppedCapabilities = ["CAP_NET_RAW", "CAP_MKNOD"];

    public required InstanceSpec Spec { get; init; }

    public required string Installation { get; init; }

    public required string BootId { get; init; }

    /// <summary>The engine's name of the account's network.</summary>
    public required string Network { get; init; }

    /// <summary>Host paths of the disks, in the specification's order, and their devices.</summary>
    public required IReadOnlyList<(string Path, DeviceNumber Device)> Mounts { get; init; }

    public required bool UsesUserNamespace { get; init; }

    /// <summary>Where port 22 is published; null where the image has no SSH server.</summary>
    public required string? SshAddress { get; init; }

    public required int PidsLimit { get; init; }

    public required (long OpenFiles, long Processes) Ulimits { get; init; }

    public required bool HasIPv6 { get; init; }

    /// <summary>CDI devices (Podman) or UUIDs (Docker) of the GPUs.</summary>
    public required IReadOnlyList<string> GpuDevices { get; init; }

    /// <summary>
    /// What the image's entry waits for before anything runs: <c>/workspace=7:3 /workspace-2=7:4</c>.
    /// </summary>
    public static string MountsToAwait(InstanceSpec spec, IReadOnlyList<(string Path, DeviceNumber Device)> mounts) =>
        string.Join(' ', spec.Attachments.Zip(mounts, (attachment, mount) => $"{attachment.MountPath}={mount.Device}"));

    /// <summary>The name of the environment variable that carries <see cref="MountsToAwait"/>.</summary>
    public const string MountsVariable = "MOORING_MOUNTS";

    /// <summary>Checks what comes from users, before it reaches an engine.</summary>
    /// <exception cref="RefusedException">Something is not allowed; no value of the environment is told.</exception>
    public static void Check(InstanceSpec spec)
    {
        Demand(spec.Vcpus > 0 && spec.Memory > ByteSize.Zero, "an instance needs CPUs and memory");
        foreach (var (name, value) in spec.Environment)
        {
            Demand(VariablePattern().IsMatch(name), "an environment variable's name is not [A-Za-z_][A-Za-z0-9_]*");
            Demand(value.IndexOfAny(['\0', '\n', '\r']) < 0, $"the variable {name} has a line break or NUL in it");
            Demand(name != MountsVariable, $"the environment variable {name} is Mooring's own");
        }

        foreach (var key in spec.AuthorizedKeys)
        {
            Demand(KeyPattern().IsMatch(key), "an SSH key is not one line of a known type without options");
        }

        var mountPaths = spec.Attachments.Select(a => a.MountPath).ToList();
        Demand(mountPaths.Distinct().Count() == mountPaths.Count, "two disks have one mount path");
        Demand(spec.Attachments.All(a => a.Instance == spec.Name), "a disk is attached for another instance");
        Demand(
            spec.Attachments.All(a => a.UserNamespaceBase == spec.UserNamespaceBase),
            "a disk is attached for other user ids than the instance's");
    }

    /// <summary>The user's name for the pod as a host name: lower-case letters, digits and inner dashes.</summary>
    public static string HostnameFor(string shownName)
    {
        var letters = shownName.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').ToArray();
        var name = new string(letters).Trim('-');
        name = name.Length > 63 ? name[..63].TrimEnd('-') : name;
        return name.Length > 0 ? name : "pod";
    }

    /// <summary>For the Docker API, which Podman speaks too.</summary>
    public CreateContainerParameters ForDocker()
    {
        var order = new CreateContainerParameters
        {
            Name = Spec.Name,
            Image = Spec.Image,
            Hostname = HostnameFor(Spec.ShownName),
            Env = [.. Environment().Select(pair => $"{pair.Key}={pair.Value}")],
            Labels = Labels(),
            HostConfig = new HostConfig
            {
                NetworkMode = Network,
                RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
                SecurityOpt = ["no-new-privileges"],
                CapDrop = [.. DroppedCapabilities],
                UsernsMode = UsesUserNamespace ? $"auto:{UserNamespaceOptions}" : "",
                Memory = Spec.Memory.Bytes,
                MemorySwap = Spec.Memory.Bytes,
                NanoCPUs = Spec.Vcpus * NanosPerCpu,
                PidsLimit = PidsLimit,
                Ulimits =
                [
                    new Ulimit { Name = "nofile", Soft = Ulimits.OpenFiles, Hard = Ulimits.OpenFiles },
                    new Ulimit { Name = "nproc", Soft = Ulimits.Processes, Hard = Ulimits.Processes },
                ],
                Sysctls = Sysctls(),
                Mounts = [.. Spec.Attachments.Zip(Mounts, (attachment, mount) => new Mount
                {
                    Type = "bind",
                    Source = mount.Path,
                    Target = attachment.MountPath,
                    BindOptions = new BindOptions { Propagation = "rprivate" },
                })],
            },
        };
        if (SshAddress is not null)
        {
            order.ExposedPorts = new Dictionary<string, EmptyStruct> { [SshPort] = default };
            order.HostConfig.PortBindings = new Dictionary<string, IList<PortBinding>>
            {
                [SshPort] = [new PortBinding { HostIP = SshAddress, HostPort = "" }],
            };
        }

        if (GpuDevices.Count > 0)
        {
            order.HostConfig.DeviceRequests =
                [new DeviceRequest { Driver = "nvidia", DeviceIDs = [.. GpuDevices], Capabilities = [["gpu"]] }];
        }

        return order;
    }

    /// <summary>
    /// For Podman's own API (<c>POST /libpod/containers/create</c>), which alone resolves CDI devices: through the
    /// Docker API Podman 4 ignores requests for GPUs without a word.
    /// </summary>
    public PodmanOrder ForPodman() => new()
    {
        Name = Spec.Name,
        Image = Spec.Image,
        Hostname = HostnameFor(Spec.ShownName),
        Env = Environment(),
        Labels = Labels(),
        RestartPolicy = "no",
        NoNewPrivileges = true,
        CapDrop = [.. DroppedCapabilities],
        Userns = UsesUserNamespace ? new("private", null) : null,
        Idmappings = UsesUserNamespace ? new([IdMap], [IdMap]) : null,
        Netns = new("bridge", null),
        Networks = new Dictionary<string, object> { [Network] = new { } },
        ResourceLimits = new(
            new(Spec.Memory.Bytes, Spec.Memory.Bytes),
            new(Spec.Vcpus * MicrosecondsPerPeriod, MicrosecondsPerPeriod),
            new(PidsLimit)),
        Rlimits =
        [
            new("nofile", Ulimits.OpenFiles, Ulimits.OpenFiles),
            new("nproc", Ulimits.Processes, Ulimits.Processes),
        ],
        Sysctl = Sysctls(),
        Mounts = [.. Spec.Attachments.Zip(Mounts, (attachment, mount) =>
            new PodmanMount("bind", mount.Path, attachment.MountPath, ["rbind", "rw", "rprivate"]))],
        Portmappings = SshAddress is null ? [] : [new(SshAddress, 22, "tcp")],
        Devices = [.. GpuDevices.Select(device => new PodmanDevice(device))],
    };

    private PodmanIdMap IdMap => new(0, Spec.UserNamespaceBase, UserNamespace.Size);

    private string UserNamespaceOptions
    {
        get
        {
            var mapping = string.Create(
                CultureInfo.InvariantCulture, $"0:{Spec.UserNamespaceBase}:{UserNamespace.Size}");
            return $"size={UserNamespace.Size},uidmapping={mapping},gidmapping={mapping}";
        }
    }

    private Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>(Spec.Environment, StringComparer.Ordinal);
        if (Spec.Attachments.Count > 0)
        {
            environment[MountsVariable] = MountsToAwait(Spec, Mounts);
        }

        return environment;
    }

    private Dictionary<string, string> Labels() => new(StringComparer.Ordinal)
    {
        [ContainerLabels.Installation] = Installation,
        [ContainerLabels.Pod] = Spec.Name,
        [ContainerLabels.Boot] = BootId,
        [ContainerLabels.Network] = Spec.Network,
    };

    private Dictionary<string, string> Sysctls() => HasIPv6
        ? new(StringComparer.Ordinal) { ["net.ipv6.conf.all.disable_ipv6"] = "1" }
        : [];

    private static void Demand(bool holds, string words)
    {
        if (!holds)
        {
            throw new RefusedException(words);
        }
    }

    /// <summary>The tar archive, to be put at <c>/etc</c>, with the keys that may log in.</summary>
    public static MemoryStream KeysArchive(IReadOnlyList<string> keys, DateTimeOffset now)
    {
        var archive = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(archive, leaveOpen: true))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "mooring/")
            {
                Mode = (UnixFileMode)0b111_101_101,
                ModificationTime = now,
            });
            var content = string.Concat(keys.Select(key => key.Trim() + "\n"));
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(
                System.Formats.Tar.TarEntryType.RegularFile, "mooring/authorized_keys")
            {
                Mode = (UnixFileMode)0b110_100_100,
                ModificationTime = now,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            });
        }

        archive.Position = 0;
        return archive;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariablePattern();

    [GeneratedRegex(
        @"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) "
            + @"[A-Za-z0-9+/]+=*( [^\r\n\0]*)?\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyPattern();
}
