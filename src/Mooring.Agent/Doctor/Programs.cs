namespace Mooring.Agent.Doctor;

/// <summary>The programs of the host that the agent runs, and what is lost without each.</summary>
internal static class Programs
{
    private static readonly string[] Places =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    // Podman looks for its own parts there (containers.conf(5), helper_binaries_dir).
    private static readonly string[] PodmanPlaces =
        ["/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/podman", "/usr/lib/podman"];

    private sealed record Need(
        string Program, string Package, Severity Severity, string Cost, bool OnlyForOwnEngine = false);

    private static readonly Need[] Needs =
    [
        new("losetup", "mount", Severity.Blocking, "no disk can be attached"),
        new("mount", "mount", Severity.Blocking, "no disk can be attached"),
        new("umount", "mount", Severity.Blocking, "no disk can be detached"),
        new("unshare", "util-linux", Severity.Blocking, "no disk can be attached under a pod's own user ids"),
        new("mkfs.ext4", "e2fsprogs", Severity.Blocking, "no disk can be made"),
        new("e2fsck", "e2fsprogs", Severity.Blocking, "no disk can be checked, and an unchecked one is not attached"),
        new("iptables", "iptables", Severity.Blocking, "pods have no network, and nothing can be closed to them"),
        new("podman", "podman", Severity.Blocking, "there is no container engine", true),
        new("runc", "runc", Severity.Blocking, "the container engine can start nothing", true),
        new("netavark", "netavark", Severity.Blocking, "pods have no network", true),
        new("aardvark-dns", "aardvark-dns", Severity.Notice, "pods don't find each other by name", true),
        new("setsid", "util-linux", Severity.Blocking, "the container engine would end with Mooring", true),
        new("ssh", "openssh-client", Severity.Notice, "'mooring demo' can't log in to its instances"),
    ];

    public static IEnumerable<Finding> Examine(bool usesOwnEngine)
    {
        var needs = Needs.Where(need => usesOwnEngine || !need.OnlyForOwnEngine).ToList();
        var missing = needs.Where(need => Find(need.Program) is null).ToList();
        foreach (var need in missing)
        {
            yield return new(need.Severity, need.Program, $"{need.Program} is not installed: {need.Cost}.",
                $"apt-get install {need.Package}");
        }

        var present = needs.Except(missing).Select(need => need.Program);
        yield return new(Severity.Fine, "programs", $"Installed: {string.Join(", ", present)}.");
    }

    /// <summary>Where a program is; null if it is not installed.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Concat(Places)
        .Concat(PodmanPlaces)
        .Select(place => Path.Combine(place, program))
        .FirstOrDefault(File.Exists);
}
