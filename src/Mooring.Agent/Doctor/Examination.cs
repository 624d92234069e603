using Mooring.Agent.Engine;
using Mooring.Agent.Hosts;
using Mooring.Agent.Mounts;
using Mooring.Providers;

namespace Mooring.Agent.Doctor;

/// <summary>
/// Looks at this machine as the agent will find it: what is missing, what that costs and what to do. It starts nothing
/// that stays; a small file system is made, mounted and removed to see whether that works.
/// </summary>
public static class Examination
{
    private static readonly ByteSize LittleSpace = ByteSize.FromGiB(10);

    /// <summary>Examines the machine. Whatever it meets becomes a finding.</summary>
    /// <exception cref="ArgumentException">An option can't be used.</exception>
    public static async Task<DoctorReport> ExamineAsync(AgentOptions options, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        var findings = new List<Finding>();
        if (!Environment.IsPrivilegedProcess)
        {
            findings.Add(new(Severity.Blocking, "root",
                "This is not root: no disk can be mounted and no container started. The API is served all the same.",
                "run mooringd as root"));
        }

        findings.AddRange(Programs.Examine(options.UsesOwnEngine));
        if (Environment.IsPrivilegedProcess)
        {
            findings.Add(await ExamineMountsAsync(options, ct));
            findings.Add(ExamineMountPoints(options));
        }

        findings.Add(ExamineLimits());
        findings.AddRange(await ExamineEngineAsync(options, time, ct));
        findings.Add(await ExamineGpusAsync(ct));
        findings.Add(ExamineSpace(options));
        return new DoctorReport(findings, options.AcceptWeakerIsolation);
    }

    private static async Task<Finding> ExamineMountsAsync(AgentOptions options, CancellationToken ct)
    {
        var why = await IdmapProbe.WhyNotAsync(options, ct);
        return why.Length == 0
            ? new(Severity.Fine, "disks", "Loop devices, ext4 and idmapped mounts work.")
            : new(Severity.Weaker, "disks",
                $"A disk can't be mounted under a pod's own user ids ({why}): a pod's root would be the machine's "
                + "root, held back by capabilities and seccomp alone.",
                "use a kernel of version 5.12 or later with loop devices, ext4 and user namespaces");
    }

    private static Finding ExamineMountPoints(AgentOptions options)
    {
        if (!Directory.Exists(options.DataDirectory))
        {
            return new(Severity.Notice, "mount points", $"{options.DataDirectory} does not exist yet.");
        }

        var probe = Path.Combine(options.DataDirectory, $"probe-{Environment.ProcessId}");
        Directory.CreateDirectory(probe);
        var works = Kernel.SetImmutable(probe, true);
        Kernel.SetImmutable(probe, false);
        Directory.Delete(probe);
        return works
            ? new(Severity.Fine, "mount points", "Mount points can be made immutable (chattr +i).")
            : new(Severity.Notice, "mount points",
                "Mount points can't be made immutable here (chattr +i): that nothing is written beside a disk rests on "
                + "the agent's checks before each start and on the image's entry.",
                $"put {options.DataDirectory} on ext4, xfs or btrfs");
    }

    private static Finding ExamineLimits()
    {
        // cgroups v2 list their controllers in one file; under v1 each has a directory.
        const string Root = "/sys/fs/cgroup";
        var unified = Path.Combine(Root, "cgroup.controllers");
        var controllers = File.Exists(unified)
            ? File.ReadAllText(unified).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            : Directory.Exists(Root) ? [.. Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d))] : [];
        string[] needed = ["cpu", "memory", "pids"];
        var missing = needed.Except(controllers, StringComparer.Ordinal).ToList();
        return missing.Count == 0
            ? new(Severity.Fine, "limits", "The kernel limits CPU, memory and processes.")
            : new(Severity.Weaker, "limits",
                $"The kernel has no cgroup controller for {string.Join(", ", missing)}: one pod may take all of them.",
                "enable the controllers (kernel command line: cgroup_enable=memory)");
    }

    private static async Task<IReadOnlyList<Finding>> ExamineEngineAsync(
        AgentOptions options, TimeProvider time, CancellationToken ct)
    {
        using var engine = new EngineConnection(options.EngineEndpoint, time);
        try
        {
            if (!await engine.AnswersAsync(ct))
            {
                return [options.UsesOwnEngine
                    ? new(Severity.Notice, "engine", "Our own Podman service does not run now; mooringd starts it.")
                    : new(Severity.Blocking, "engine", $"No engine answers at {options.EngineUri}.",
                        "start it, or leave out --engine")];
            }

            var missing = await new EngineProtections(options, engine).MissingAsync(ct);
            return missing.Count == 0
                ? [new(Severity.Fine, "engine", $"{await engine.KindAsync(ct)} answers and lacks no protection.")]
                : [.. missing.Select(m => m.IsFatal
                    ? new Finding(
                        Severity.Blocking, "engine", $"{m.Words}.", "use root's engine, or leave out --engine")
                    : new Finding(
                        Severity.Weaker, "engine", $"{m.Words}.", "leave out --engine, or --accept-weaker-isolation"))];
        }
        catch (UnreachableException e)
        {
            return [new(Severity.Blocking, "engine", $"{e.Message}.", "see its log")];
        }
    }

    private static async Task<Finding> ExamineGpusAsync(CancellationToken ct)
    {
        var gpus = await NvidiaGpus.ListAsync(ct);
        if (gpus.Count == 0)
        {
            return new(Severity.Fine, "GPUs", "nvidia-smi finds none: only instances without GPU are offered.");
        }

        return NvidiaGpus.CdiDeviceNames(NvidiaGpus.CdiDirectories).Count > 0
            ? new(Severity.Fine, "GPUs", $"{gpus.Count} found, with a CDI specification.")
            : new(Severity.Notice, "GPUs",
                $"{gpus.Count} found, but no CDI specification in {string.Join(" or ", NvidiaGpus.CdiDirectories)}: "
                + "instances with a GPU are refused by Podman engines.",
                "install nvidia-container-toolkit, then: nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml");
    }

    private static Finding ExamineSpace(AgentOptions options)
    {
        var directory = options.DataDirectory;
        while (!Directory.Exists(directory))
        {
            directory = Path.GetDirectoryName(directory) ?? "/";
        }

        var free = new ByteSize(new DriveInfo(directory).AvailableFreeSpace);
        return free >= LittleSpace
            ? new(Severity.Fine, "space", $"{free} free for disks and images under {options.DataDirectory}.")
            : new(Severity.Notice, "space", $"Only {free} free under {options.DataDirectory}: few disks can be made.",
                "choose another data directory with --data");
    }
}
