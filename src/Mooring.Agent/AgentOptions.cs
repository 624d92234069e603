using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Mooring.Agent;

/// <summary>How the agent of one host works. <see cref="Validate"/> says what is wrong with a value.</summary>
public sealed partial record AgentOptions
{
    private const int LongestSocketPath = 107;

    /// <summary>
    /// Where everything lies that outlives a reboot: mount points, the engine's images, image archives. Absolute.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The installation's 8 characters, as in <see cref="Providers.RemoteName"/>; lower-case letters and digits.
    /// </summary>
    public required string InstallationId { get; init; }

    /// <summary>
    /// Where things lie that a reboot makes void: the engine's socket and run state. Absolute. By default
    /// <c>/run/mooring/INSTALLATION</c>, so that two installations on one machine don't meet.
    /// </summary>
    public string RunDirectory { get => field ?? $"/run/mooring/{InstallationId}"; init; }

    /// <summary>
    /// Another engine than our own Podman service: <c>unix:///…</c>, the socket of a Docker or Podman on this machine.
    /// Null: our own.
    /// </summary>
    public Uri? EngineUri { get; init; }

    /// <summary>Whether pods may run although a protection of architecture section 6 is missing here.</summary>
    public bool AcceptWeakerIsolation { get; init; }

    /// <summary>The TCP port on which Mooring itself listens, 1 to 65535; pods can't reach it.</summary>
    public required int ServerPort { get; init; }

    /// <summary>
    /// The address of this host on which the SSH ports of pods are published. By default only this machine.
    /// </summary>
    public IPAddress SshAddress { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// The name or address under which users reach <see cref="SshAddress"/>. By default the address itself, or the
    /// machine's name where pods are published on every address.
    /// </summary>
    public string SshHost
    {
        get => field ?? (SshAddress.Equals(IPAddress.Any) ? Environment.MachineName : SshAddress.ToString());
        init;
    }

    /// <summary>
    /// Memory in bytes kept from pods, for the machine, the engine and Mooring. By default 1 GiB or a tenth of the
    /// machine's memory, whichever is larger: the kernel's page tables and caches grow with the machine.
    /// </summary>
    public long? MemoryReserveBytes { get; init; }

    /// <summary>How many virtual CPUs are promised for each CPU of the machine, 0.1 to 64.</summary>
    public double CpuOvercommit { get; init; } = 1;

    /// <summary>How many processes and threads one pod may have, 16 to 1,000,000.</summary>
    public int PidsLimit { get; init; } = 8192;

    /// <summary>
    /// The IPv4 range from which our own engine cuts a /24 for each account's network; a prefix of 8 to 20 bits. By
    /// default one of 10.100.0.0/16 to 10.199.0.0/16, chosen by the installation's id, so that installations on one
    /// machine don't meet.
    /// </summary>
    public string PodSubnets { get => field ?? DefaultSubnets(InstallationId); init; }

    /// <summary>
    /// Where archives of images lie (<c>*.tar</c>, as <c>docker load</c> reads them), loaded when new or changed.
    /// </summary>
    public string ImageArchiveDirectory { get => field ?? Path.Combine(DataDirectory, "images"); init; }

    /// <summary>How long a file system check may take before a call answers that it is still going on.</summary>
    public TimeSpan CheckPatience { get; init; } = TimeSpan.FromSeconds(20);

    internal bool UsesOwnEngine => EngineUri is null;

    internal string MountDirectory => Path.Combine(DataDirectory, "mnt");

    internal string EngineDirectory => Path.Combine(DataDirectory, "engine");

    internal string EngineSocket => Path.Combine(RunDirectory, "podman.sock");

    internal Uri EngineEndpoint => EngineUri ?? new Uri($"unix://{EngineSocket}");

    /// <summary>Returns the options, if all of them can be used.</summary>
    /// <exception cref="ArgumentException">One can't; the message names it and says what is expected.</exception>
    public AgentOptions Validate()
    {
        Demand(InstallationPattern().IsMatch(InstallationId), nameof(InstallationId), "8 lower-case letters or digits");
        foreach (var (name, path) in new[]
        {
            (nameof(DataDirectory), DataDirectory),
            (nameof(RunDirectory), RunDirectory),
            (nameof(ImageArchiveDirectory), ImageArchiveDirectory),
        })
        {
            // A bind mount's option string and the engine's configuration file both end at these characters.
            Demand(Path.IsPathFullyQualified(path) && path.IndexOfAny([':', '"', '\\', '\n', '\r', '\0']) < 0, name,
                "an absolute path without colon, quotation mark, backslash or line break");
        }

        Demand(EngineUri is null or { Scheme: "unix", IsAbsoluteUri: true }, nameof(EngineUri),
            "unix:///… : an engine on this machine, as its disks are mounted here");
        Demand(Encoding.UTF8.GetByteCount(EngineEndpoint.AbsolutePath) <= LongestSocketPath, nameof(RunDirectory),
            $"a shorter path: a socket's may have {LongestSocketPath} bytes");
        Demand(ServerPort is > 0 and < 65536, nameof(ServerPort), "a TCP port");
        Demand(SshAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork, nameof(SshAddress), "IPv4");
        Demand(MemoryReserveBytes is null or >= 0, nameof(MemoryReserveBytes), "bytes, 0 or more");
        Demand(CpuOvercommit is >= 0.1 and <= 64, nameof(CpuOvercommit), "0.1 to 64");
        Demand(PidsLimit is >= 16 and <= 1_000_000, nameof(PidsLimit), "16 to 1,000,000");
        Demand(IPNetwork.TryParse(PodSubnets, out var subnets) && subnets.PrefixLength is >= 8 and <= 20
            && subnets.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork,
            nameof(PodSubnets), "an IPv4 range such as 10.120.0.0/16, with a prefix of 8 to 20 bits");
        Demand(CheckPatience > TimeSpan.Zero, nameof(CheckPatience), "more than nothing");
        return this;
    }

    private static void Demand(bool holds, string name, string expected)
    {
        if (!holds)
        {
            throw new ArgumentException($"The agent's {name} must be {expected}.", name);
        }
    }

    private static string DefaultSubnets(string installation)
    {
        var second = 100 + (SHA256.HashData(Encoding.UTF8.GetBytes(installation))[0] % 100);
        return string.Create(CultureInfo.InvariantCulture, $"10.{second}.0.0/16");
    }

    [GeneratedRegex(@"^[a-z0-9]{8}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InstallationPattern();
}
