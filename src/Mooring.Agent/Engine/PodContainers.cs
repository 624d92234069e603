using Docker.DotNet.Models;
using Mooring.Agent.Hosts;
using Mooring.Agent.Mounts;
using Mooring.Agent.Network;
using Mooring.Providers;
using Mooring.Providers.Instances;

namespace Mooring.Agent.Engine;

/// <summary>
/// Pods as containers, one step a call: made, then started, then ready. Each start is preceded by a look at every
/// disk's mount, because an engine makes a missing bind source instead of refusing it.
/// </summary>
internal sealed class PodContainers(
    AgentOptions options,
    EngineConnection engine,
    ContainerStates states,
    Images images,
    PodNetworks networks,
    DiskMounts mounts,
    EngineProtections protections,
    Func<string> bootId,
    TimeProvider time)
{
    private readonly KeyedLock _locks = new();

    /// <inheritdoc cref="Providers.Hosts.IAgentChannel.EnsureRunningAsync"/>
    public async Task<InstanceObservation> EnsureRunningAsync(InstanceSpec spec, CancellationToken ct)
    {
        using var alone = await _locks.EnterAsync(spec.Name, ct);
        var container = await states.FindAsync(spec.Name, ct);
        if (container is null)
        {
            return await CreateAsync(spec, ct);
        }

        var observed = await states.DescribeAsync(container, ct);
        return observed.State == RemoteInstanceState.Created ? await StartAsync(spec, container, ct) : observed;
    }

    private async Task<InstanceObservation> CreateAsync(InstanceSpec spec, CancellationToken ct)
    {
        ContainerOrder.Check(spec);
        await DemandProtectionAsync(ct);
        var hasSsh = await images.HasSshServerAsync(spec.Image, ct);
        var isPodman = await engine.KindAsync(ct) == EngineKind.Podman;
        var order = new ContainerOrder
        {
            Spec = spec,
            Installation = options.InstallationId,
            BootId = bootId(),
            Mounts = await VerifyMountsAsync(spec, ct),
            Network = await networks.EnsureAsync(spec.Network, ct),
            UsesUserNamespace = await protections.UsesUserNamespacesAsync(ct),
            SshAddress = hasSsh ? options.SshAddress.ToString() : null,
            PidsLimit = options.PidsLimit,
            Ulimits = PodmanFiles.Ulimits(),
            HasIPv6 = Directory.Exists("/proc/sys/net/ipv6"),
            GpuDevices = isPodman && spec.GpuIds.Count > 0
                ? await NvidiaGpus.CdiDevicesAsync(spec.GpuIds, ct)
                : spec.GpuIds,
        };
        CrashPoint.Pass("engine.create.before");
        var id = isPodman && spec.GpuIds.Count > 0
            ? await CreateByPodmanAsync(order, ct)
            : (await engine.ChangeAsync(
                "the instance can't be made",
                client => client.Containers.CreateContainerAsync(order.ForDocker(), ct), ct)).ID;
        CrashPoint.Pass("engine.create.after");
        return new(RemoteInstanceState.Created, id);
    }

    private async Task<InstanceObservation> StartAsync(
        InstanceSpec spec, EngineContainer container, CancellationToken ct)
    {
        ContainerOrder.Check(spec);
        var verified = await VerifyMountsAsync(spec, ct);
        if (!Awaits(container, ContainerOrder.MountsToAwait(spec, verified)))
        {
            // Its disks were taken away and brought back on other devices since it was made: it would wait for the old
            // ones. It never ran, so nothing is lost with it.
            await engine.ChangeAsync(
                "the instance can't be made anew",
                client => client.Containers.RemoveContainerAsync(container.Id, new() { Force = true }, ct),
                ct);
            return await CreateAsync(spec, ct);
        }

        using (var keys = ContainerOrder.KeysArchive(spec.AuthorizedKeys, time.GetUtcNow()))
        {
            await engine.ChangeAsync(
                "the instance's SSH keys can't be put in place",
                client => client.Containers.ExtractArchiveToContainerAsync(
                    container.Id, new CopyToContainerParameters { Path = "/etc" }, keys, ct),
                ct);
        }

        CrashPoint.Pass("engine.keys.after");
        await NetworkNamespaces.EnsureSharedAsync(ct);
        await networks.ProtectHostAsync(spec.Network, ct);
        CrashPoint.Pass("engine.start.before");
        await engine.ChangeAsync(
            "the instance can't be started",
            client => client.Containers.StartContainerAsync(container.Id, new ContainerStartParameters(), ct), ct);
        CrashPoint.Pass("engine.start.after");
        return new(RemoteInstanceState.Starting, container.Id);
    }

    private async Task<IReadOnlyList<(string Path, DeviceNumber Device)>> VerifyMountsAsync(
        InstanceSpec spec, CancellationToken ct)
    {
        var verified = new List<(string, DeviceNumber)>();
        foreach (var attachment in spec.Attachments)
        {
            verified.Add((mounts.PodPath(attachment), await mounts.VerifyAsync(attachment, ct)));
        }

        return verified;
    }

    private async Task DemandProtectionAsync(CancellationToken ct)
    {
        var missing = await protections.MissingAsync(ct);
        if (missing.FirstOrDefault(m => m.IsFatal || !options.AcceptWeakerIsolation) is { } first)
        {
            throw new RefusedException($"this host can't protect instances from each other: {first.Words}");
        }
    }

    private async Task<string> CreateByPodmanAsync(ContainerOrder order, CancellationToken ct)
    {
        const string What = "the instance can't be made";
        using var body = new StringContent(order.ForPodman().ToJson(), System.Text.Encoding.UTF8, "application/json");
        try
        {
            var create = new Uri("containers/create", UriKind.Relative);
            using var response = await engine.Libpod.PostAsync(create, body, ct);
            var answer = await response.Content.ReadAsStringAsync(ct);
            if (!response.IsSuccessStatusCode)
            {
                throw EngineConnection.Refusal(What, EngineConnection.WordsOf(answer));
            }

            using var document = System.Text.Json.JsonDocument.Parse(answer);
            return document.RootElement.GetProperty("Id").GetString()!;
        }
        catch (Exception e) when (EngineConnection.IsConnectionFailure(e))
        {
            ct.ThrowIfCancellationRequested();
            throw new UnknownOutcomeException($"{What}: the container engine broke off", e);
        }
    }

    private static bool Awaits(EngineContainer container, string mountsToAwait)
    {
        const string Prefix = ContainerOrder.MountsVariable + "=";
        var variable = container.Environment.FirstOrDefault(e => e.StartsWith(Prefix, StringComparison.Ordinal));
        return (variable?[Prefix.Length..] ?? "") == mountsToAwait;
    }
}
