using Mooring.Providers;
using Mooring.Providers.Hosts;
using Mooring.Providers.Instances;
using Mooring.Server.Persistence;

namespace Mooring.Server.Hosts;

/// <summary>
/// Instances on hosts of ours: the one instance provider that serves every host through its agent. What a host has is
/// written down when its offers are listed; what of it is reserved is the database's to say.
/// </summary>
internal sealed class HostInstances(
    ProviderAccountId account,
    Place place,
    IAgentChannel agent,
    Database database,
    MooringOptions options,
    TimeProvider time) : IInstanceProvider, IAttachBeforeStart, IInstanceLog, IInstanceSignals
{
    private const int BootDiskGiB = 100;

    /// <summary>A call to an agent has no effects after it has ended.</summary>
    public TimeSpan SettlingTime => TimeSpan.Zero;

    public async Task<IReadOnlyList<InstanceOffer>> ListOffersAsync(CancellationToken ct)
    {
        var report = await agent.ReportAsync(ct);
        await HostReports.StoreAsync(database, account, report, time.Now(), ct);
        if (!report.CanRunPods || report.Vcpus < 1)
        {
            return [];
        }

        return [.. CpuOffers(report), .. GpuOffers(report)];
    }

    public Task<InstanceObservation> EnsureCreatedAsync(InstanceSpec spec, CancellationToken ct) =>
        agent.EnsureRunningAsync(spec, ct);

    public Task<InstanceObservation> ObserveAsync(InstanceRef instance, CancellationToken ct) =>
        agent.ObserveAsync(instance, ct);

    public Task<InstanceObservation> EnsureDeletedAsync(InstanceRef instance, CancellationToken ct) =>
        agent.EnsureRemovedAsync(instance, ct);

    public IAsyncEnumerable<RemoteInstance> ListAsync(CancellationToken ct) => agent.ListAsync(ct);

    public Task<AttachmentObservation> EnsureAttachedAsync(AttachmentSpec attachment, CancellationToken ct) =>
        agent.EnsureMountedAsync(attachment, ct);

    public Task<AttachmentObservation> EnsureDetachedAsync(AttachmentSpec attachment, CancellationToken ct) =>
        agent.EnsureUnmountedAsync(attachment, ct);

    public Task<IReadOnlyList<string>> ReadLogAsync(InstanceRef instance, int tail, CancellationToken ct) =>
        agent.ReadLogAsync(instance, tail, ct);

    public IAsyncEnumerable<string> WatchAsync(CancellationToken ct) => agent.WatchAsync(ct);

    // Sizes that halve the host: 1, 2, 4, … CPUs, each with its share of the memory, and the whole host.
    private IEnumerable<InstanceOffer> CpuOffers(HostReport report)
    {
        for (var vcpus = 1; ; vcpus = Math.Min(vcpus * 2, report.Vcpus))
        {
            var memoryGiB = (int)(report.Memory.WholeGiB * vcpus / report.Vcpus);
            if (memoryGiB >= 1)
            {
                yield return Offer(
                    report,
                    $"cpu-{vcpus}",
                    GpuTypes.None,
                    null,
                    0,
                    "PCIe",
                    vcpus,
                    memoryGiB,
                    Money.FromUsd(options.PricePerVcpuHour) * vcpus);
            }

            if (vcpus == report.Vcpus)
            {
                yield break;
            }
        }
    }

    // One GPU each, with its share of CPUs and memory. A GPU that the contract has no type for can't be asked for.
    private IEnumerable<InstanceOffer> GpuOffers(HostReport report)
    {
        var vcpus = Math.Max(1, report.Vcpus / Math.Max(1, report.Gpus.Count));
        var memoryGiB = (int)Math.Max(1, report.Memory.WholeGiB / Math.Max(1, report.Gpus.Count));
        foreach (var gpu in report.Gpus
            .Select(gpu => (Gpu: gpu, Type: GpuTypes.Of(gpu.Model, gpu.MemoryGiB)))
            .Where(pair => pair.Type is not null)
            .DistinctBy(pair => pair.Type))
        {
            var price =
                options.PricePerGpuHour.TryGetValue(gpu.Type!, out var known) ? known : options.PricePerOtherGpuHour;
            yield return Offer(
                report,
                $"gpu-{gpu.Type!.ToLowerInvariant()}",
                gpu.Type!,
                gpu.Gpu.Model,
                gpu.Gpu.MemoryGiB,
                GpuTypes.SocketOf(gpu.Gpu.Model),
                vcpus,
                memoryGiB,
                Money.FromUsd(price) + (Money.FromUsd(options.PricePerVcpuHour) * vcpus));
        }
    }

    private InstanceOffer Offer(
        HostReport report,
        string cloudId,
        string gpuType,
        string? model,
        int gpuMemoryGiB,
        string socket,
        int vcpus,
        int memoryGiB,
        Money price) =>
        new(
            cloudId,
            gpuType,
            model,
            1,
            gpuMemoryGiB,
            socket,
            place,
            vcpus,
            memoryGiB,
            BootDiskGiB,
            "The boot disk is room on the host's own file system: it goes with the instance, "
                + "and its size is not enforced.",
            price,
            Stock.Available,
            Security.SecureCloud,
            [
                .. options.Images
                    .Where(image => report.Images.Contains(image.Value))
                    .Select(image => image.Key)
                    .Order(StringComparer.Ordinal),
            ],
            null);
}
