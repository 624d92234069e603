using System.Globalization;
using Mooring.Agent.Hosts;

namespace Mooring.Agent.Engine;

/// <summary>
/// The configuration of our own Podman service: storage, state, networks and locks apart from every other Podman of
/// this machine, as containers.conf(5) and containers-storage.conf(5) name the settings.
/// </summary>
internal sealed class PodmanFiles(AgentOptions options)
{
    private const long MostOpenFiles = 1 << 20;

    public string Containers => Path.Combine(options.EngineDirectory, "containers.conf");

    public string Storage => Path.Combine(options.EngineDirectory, "storage.conf");

    public string Registries => Path.Combine(options.EngineDirectory, "registries.conf");

    /// <summary>Where the overlay driver keeps layers; Podman mounts it over itself.</summary>
    public string Overlay => Path.Combine(options.EngineDirectory, "storage", "overlay");

    public string Log => Path.Combine(options.EngineDirectory, "podman.log");

    /// <summary>The environment in which Podman reads them and nothing of the user's or the machine's.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CONTAINERS_CONF"] = Containers,
        ["CONTAINERS_STORAGE_CONF"] = Storage,
        ["CONTAINERS_REGISTRIES_CONF"] = Registries,
        // Where the engine looks for the signature policy otherwise: a machine without one can't load an image.
        ["HOME"] = options.EngineDirectory,
    };

    /// <summary>
    /// Limits of open files and processes that containers get: what this process may have, at most a million files and
    /// as many processes as the kernel has ids, to which Podman lowers its own limit. Its defaults are higher, and a
    /// root without CAP_SYS_RESOURCE can't raise a limit.
    /// </summary>
    public static (long OpenFiles, long Processes) Ulimits() =>
        (HostFacts.HardLimit("Max open files", MostOpenFiles), HostFacts.HardLimit("Max processes", HostFacts.PidMax));

    public void Write()
    {
        OwnerOnly.CreateDirectory(options.EngineDirectory);
        OwnerOnly.CreateDirectory(options.RunDirectory);
        File.WriteAllText(Storage, StorageConf());
        File.WriteAllText(Containers, ContainersConf());
        File.WriteAllText(Registries, "unqualified-search-registries = []\n");
        // Images come from the operator's own archives and references; Mooring demands no signatures.
        var perUser = Path.Combine(options.EngineDirectory, ".config", "containers");
        Directory.CreateDirectory(perUser);
        File.WriteAllText(Path.Combine(perUser, "policy.json"), """{"default":[{"type":"insecureAcceptAnything"}]}""");
    }

    private string StorageConf() => $"""
        [storage]
        driver = "overlay"
        graphroot = "{options.EngineDirectory}/storage"
        runroot = "{options.RunDirectory}/storage"

        """;

    private string ContainersConf()
    {
        var (files, processes) = Ulimits();
        // lock_type: the default, shared memory, is one for all Podmans of root on the machine.
        // log_size_max: what a pod writes may not fill the host's disk.
        // exit_command_delay: else each exec leaves a process for five minutes.
        // static_dir and the events' path are left alone: the process that cleans up after a container gets the storage
        // and tmp_dir by arguments and derives both from these; set otherwise, it finds no container.
        return string.Create(CultureInfo.InvariantCulture, $$"""
            [containers]
            default_ulimits = ["nofile={{files}}:{{files}}", "nproc={{processes}}:{{processes}}"]
            log_driver = "k8s-file"
            log_size_max = 16777216

            [network]
            network_backend = "netavark"
            network_config_dir = "{{options.EngineDirectory}}/networks"
            default_subnet_pools = [{ base = "{{options.PodSubnets}}", size = 24 }]

            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            lock_type = "file"
            tmp_dir = "{{options.RunDirectory}}/tmp"
            volume_path = "{{options.EngineDirectory}}/volumes"
            exit_command_delay = 10

            """);
    }
}
