using System.Net;
using Docker.DotNet.Models;
using Mooring.Agent.Hosts;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Engine;

/// <summary>Reads containers: what an engine says, checked against the kernel, in Mooring's words.</summary>
internal sealed class ContainerStates(
    AgentOptions options, EngineConnection engine, ContainerLog log, Func<string> bootId, TimeProvider time)
{
    private static readonly TimeSpan MonitorPatience = TimeSpan.FromSeconds(5);

    private const string Restarted = "the machine was restarted";
    private const long KilledExitCode = 137;

    /// <summary>The container of that name; null if the engine has none.</summary>
    /// <exception cref="RefusedException">It is not one of this installation's.</exception>
    public async Task<EngineContainer?> FindAsync(string name, CancellationToken ct)
    {
        var answer = await engine.FindAsync(client => client.Containers.InspectContainerAsync(name, ct), ct);
        var found = answer is null ? null : EngineContainer.From(answer);
        return found is null || found.Labels.GetValueOrDefault(ContainerLabels.Installation) == options.InstallationId
            ? found
            : throw new RefusedException("the engine has a foreign container under the instance's name");
    }

    /// <summary>What a container is at, now.</summary>
    public async Task<InstanceObservation> DescribeAsync(EngineContainer container, CancellationToken ct)
    {
        if (EndedUnseen(container))
        {
            // The container's monitor tells the engine of the end an instant later, with the exit code; a killed one
            // never.
            await Poll.UntilAsync(
                async token => await FindAsync(container.Id, token) is not { } now || !EndedUnseen(container = now),
                MonitorPatience, time, ct);
        }

        var state = StateOf(container.Status, container.Labels, () => IsAlive(container.Pid));
        switch (state)
        {
            case RemoteInstanceState.Starting:
                var ssh = container.SshPort is { } port ? new SshEndpoint("root", options.SshHost, port) : null;
                var ready = !container.PublishesSsh
                    || (ssh is not null && await SshKnock.IsAnsweredAsync(KnockAddress, ssh.Port, time, ct));
                return new(ready ? RemoteInstanceState.Ready : RemoteInstanceState.Starting, container.Id, ssh);
            case RemoteInstanceState.Ended:
                return await DescribeEndAsync(container, ct);
            default:
                return new(state, container.Id);
        }
    }

    /// <summary>Every container of this installation, running or not.</summary>
    public async Task<IReadOnlyList<ContainerListResponse>> ListAsync(CancellationToken ct)
    {
        var parameters = new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool>
                {
                    [$"{ContainerLabels.Installation}={options.InstallationId}"] = true,
                },
            },
        };
        return [.. await engine.ReadAsync(client => client.Containers.ListContainersAsync(parameters, ct), ct)];
    }

    /// <summary>
    /// A listed container in Mooring's words. One that runs counts as ready: a list knocks at no SSH server.
    /// </summary>
    public RemoteInstance Describe(ContainerListResponse container)
    {
        var labels = container.Labels.AsReadOnly();
        var state = StateOf(container.State.ToLowerInvariant(), labels, () => true);
        return new(
            labels[ContainerLabels.Pod],
            container.ID,
            state == RemoteInstanceState.Starting ? RemoteInstanceState.Ready : state);
    }

    /// <summary>Whether a container was made in this boot; only then may it be started.</summary>
    private bool IsOfThisBoot(IReadOnlyDictionary<string, string> labels) =>
        labels.GetValueOrDefault(ContainerLabels.Boot) == bootId();

    private RemoteInstanceState StateOf(
        string status, IReadOnlyDictionary<string, string> labels, Func<bool> isAlive)
    {
        var thisBoot = IsOfThisBoot(labels);
        return status switch
        {
            "created" or "configured" or "initialized" =>
                thisBoot ? RemoteInstanceState.Created : RemoteInstanceState.Ended,
            // The engine learns of an end from the container's monitor; where that was killed, only the kernel knows.
            "running" or "paused" or "restarting" =>
                thisBoot && isAlive() ? RemoteInstanceState.Starting : RemoteInstanceState.Ended,
            "stopping" => thisBoot && isAlive() ? RemoteInstanceState.Deleting : RemoteInstanceState.Ended,
            "removing" => RemoteInstanceState.Deleting,
            _ => RemoteInstanceState.Ended,
        };
    }

    private async Task<InstanceObservation> DescribeEndAsync(EngineContainer container, CancellationToken ct)
    {
        // Podman, after a reboot, shows what was running as created with exit code 0, which is not true.
        var endedByItself = container.Status is "exited" or "stopped" or "dead";
        if (!endedByItself && !IsOfThisBoot(container.Labels))
        {
            return new(RemoteInstanceState.Ended, container.Id, Words: Restarted);
        }

        if (!endedByItself)
        {
            return new(RemoteInstanceState.Ended, container.Id,
                Words: "it ended unseen: its monitor on the host was killed, so its exit code is not known");
        }

        var code = container.ExitCode;
        var lines = await log.ReadAsync(container.Id, 1, ct);
        var words = lines.Count > 0 ? lines[^1] : null;
        if (code == KilledExitCode && await RanOutOfMemoryAsync(container, ct))
        {
            var limit = new ByteSize(container.MemoryBytes);
            words = $"it ran out of memory (limit {limit})" + (words is null ? "" : $"; its last line: {words}");
        }

        return new(RemoteInstanceState.Ended, container.Id, ExitCode: (int)code, Words: words);
    }

    private IPAddress KnockAddress =>
        options.SshAddress.Equals(IPAddress.Any) ? IPAddress.Loopback : options.SshAddress;

    private bool EndedUnseen(EngineContainer container) =>
        container.Status is "running" or "stopping" && IsOfThisBoot(container.Labels) && !IsAlive(container.Pid);

    private static bool IsAlive(long pid) => pid > 0 && Directory.Exists($"/proc/{pid}");

    /// <summary>
    /// The engine's own flag stays false under cgroups v1, and the cgroup is gone with the container; the kernel's log
    /// remembers: <c>oom-kill:constraint=CONSTRAINT_MEMCG,…,oom_memcg=/libpod_parent/libpod-ID,…</c>.
    /// </summary>
    private static async Task<bool> RanOutOfMemoryAsync(EngineContainer container, CancellationToken ct)
    {
        if (container.WasOutOfMemory)
        {
            return true;
        }

        try
        {
            var messages = await HostCommand.RunAsync("dmesg", [], ct);
            return messages.Output.Split('\n').Any(line =>
                line.Contains("oom_memcg=", StringComparison.Ordinal)
                && line.Contains(container.Id, StringComparison.Ordinal));
        }
        catch (RefusedException)
        {
            return false;
        }
    }
}
