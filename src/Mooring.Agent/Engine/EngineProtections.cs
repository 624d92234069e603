using Mooring.Agent.Mounts;
using Mooring.Providers;

namespace Mooring.Agent.Engine;

/// <summary>A protection of architecture section 6 that an engine or this machine lacks.</summary>
/// <param name="Words">What is missing and what it costs, a sentence without its full stop.</param>
/// <param name="IsFatal">Whether pods can't run at all, whatever the operator accepts.</param>
internal sealed record MissingProtection(string Words, bool IsFatal = false);

/// <summary>Asks an engine and the kernel for each protection that pods are promised.</summary>
internal sealed class EngineProtections(AgentOptions options, EngineConnection engine)
{
    /// <summary>
    /// Whether each pod gets user ids of its own: always, or nothing runs; save where the operator accepted less and
    /// the engine or kernel can't.
    /// </summary>
    public async Task<bool> UsesUserNamespacesAsync(CancellationToken ct) =>
        !options.AcceptWeakerIsolation
        || (await engine.KindAsync(ct) == EngineKind.Podman && await IdmapProbe.WorksAsync(options, ct));

    /// <summary>What is missing; empty where everything stands.</summary>
    /// <exception cref="UnreachableException">The engine does not answer.</exception>
    public async Task<IReadOnlyList<MissingProtection>> MissingAsync(CancellationToken ct)
    {
        var kind = await engine.KindAsync(ct);
        var info = await engine.InfoAsync(ct);
        var security = info.SecurityOptions ?? [];
        var missing = new List<MissingProtection>();

        if (security.Any(option => option.Contains("rootless", StringComparison.Ordinal)))
        {
            missing.Add(new("the engine is not root's: it can't enter the directories where disks are mounted", true));
        }

        if (!security.Any(option => option.Contains("seccomp", StringComparison.Ordinal)))
        {
            missing.Add(new("no seccomp filter: pods may make every system call, and reach more of the kernel's bugs"));
        }

        if (!info.MemoryLimit || !info.SwapLimit)
        {
            missing.Add(new("no memory and swap limits: one pod may take the machine's memory from all others"));
        }

        if (!info.PidsLimit)
        {
            missing.Add(new("no limit of processes: one pod may fill the machine's process table"));
        }

        if (!info.CPUCfsQuota)
        {
            missing.Add(new("no CPU limits: one pod may take the machine's CPUs from all others"));
        }

        await AddUserNamespaceAsync(missing, kind, ct);
        if (!options.UsesOwnEngine)
        {
            missing.Add(new("the engine is not Mooring's own: its storage and its containers are within reach of "
                + "everyone who uses it, and Mooring does not bring it up again when it dies"));
            if (kind == EngineKind.Docker && !info.LiveRestoreEnabled)
            {
                missing.Add(new("Docker without live-restore: all pods end when the engine is restarted"));
            }
        }

        return missing;
    }

    private async Task AddUserNamespaceAsync(List<MissingProtection> missing, EngineKind kind, CancellationToken ct)
    {
        if (kind == EngineKind.Docker)
        {
            missing.Add(new("Docker gives containers no user ids of their own: a pod's root is the machine's root, "
                + "held back by capabilities and seccomp alone"));
        }
        else if (await IdmapProbe.WhyNotAsync(options, ct) is { Length: > 0 } why)
        {
            missing.Add(new("no user ids of their own for pods, as disks can't be mounted under them "
                + $"({why}): a pod's root is the machine's root, held back by capabilities and seccomp alone"));
        }
    }
}
