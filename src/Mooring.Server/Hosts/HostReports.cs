using Microsoft.EntityFrameworkCore;
using Mooring.Providers.Hosts;
using Mooring.Server.Persistence;

namespace Mooring.Server.Hosts;

/// <summary>Writes down what a host says it has. What is reserved of it is left alone.</summary>
internal static class HostReports
{
    public static async Task StoreAsync(
        Database database, ProviderAccountId account, HostReport report, DateTimeOffset now, CancellationToken ct)
    {
        var id = IdOf(account);
        Host? known;
        List<HostGpu> gpus;
        await using (var db = await database.ReadAsync(ct))
        {
            known = await db.Hosts.AsNoTracking().SingleOrDefaultAsync(host => host.Id == id, ct);
            gpus = await db.HostGpus.AsNoTracking().Where(gpu => gpu.HostId == id).ToListAsync(ct);
        }

        var memoryGiB = (int)report.Memory.WholeGiB;
        var isKnown = known is not null
            && (known.Hostname, known.BootId, known.Vcpus, known.MemoryGiB, known.CanRunPods, known.WhyNot)
                == (report.Hostname, report.BootId, report.Vcpus, memoryGiB, report.CanRunPods, report.WhyNot)
            && gpus.Select(gpu => gpu.Id).Order().SequenceEqual(
                report.Gpus
                    .Where(gpu => GpuTypes.Of(gpu.Model, gpu.MemoryGiB) is not null)
                    .Select(gpu => gpu.Id)
                    .Order());
        if (isKnown)
        {
            return;
        }

        await database.WriteAsync(
            async (db, token) =>
            {
                if (known is null)
                {
                    db.Hosts.Add(New(id, account, report, memoryGiB, now));
                }
                else
                {
                    await UpdateAsync(db, id, report, memoryGiB, now, token);
                }

                await StoreGpusAsync(db, id, gpus, report, token);
            },
            ct);
    }

    /// <summary>A machine that is a provider account of its own has that account's id.</summary>
    public static HostId IdOf(ProviderAccountId account) => new(account.Value);

    private static Host New(
        HostId id, ProviderAccountId account, HostReport report, int memoryGiB, DateTimeOffset now) => new()
        {
            Id = id,
            ProviderAccountId = account,
            Hostname = report.Hostname,
            BootId = report.BootId,
            Vcpus = report.Vcpus,
            VcpusUsed = 0,
            MemoryGiB = memoryGiB,
            MemoryGiBUsed = 0,
            NextSlot = 0,
            CanRunPods = report.CanRunPods,
            WhyNot = report.WhyNot,
            ReportedAt = now,
        };

    private static Task<int> UpdateAsync(
        MooringDb db, HostId id, HostReport report, int memoryGiB, DateTimeOffset now, CancellationToken ct) =>
        db.Hosts.Where(host => host.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(host => host.Hostname, report.Hostname)
                .SetProperty(host => host.BootId, report.BootId)
                .SetProperty(host => host.Vcpus, report.Vcpus)
                .SetProperty(host => host.MemoryGiB, memoryGiB)
                .SetProperty(host => host.CanRunPods, report.CanRunPods)
                .SetProperty(host => host.WhyNot, report.WhyNot)
                .SetProperty(host => host.ReportedAt, now),
            ct);

    private static async Task StoreGpusAsync(
        MooringDb db, HostId id, List<HostGpu> known, HostReport report, CancellationToken ct)
    {
        List<string> present = [.. report.Gpus.Select(gpu => gpu.Id)];
        // One that is gone stays listed while a pod has it, so that its reservation is given back as it was made.
        await db.HostGpus
            .Where(gpu => gpu.HostId == id && !present.Contains(gpu.Id) && gpu.PodId == null)
            .ExecuteDeleteAsync(ct);
        foreach (var gpu in report.Gpus.Where(gpu => !known.Exists(row => row.Id == gpu.Id)))
        {
            if (GpuTypes.Of(gpu.Model, gpu.MemoryGiB) is { } type)
            {
                db.HostGpus.Add(new HostGpu
                {
                    HostId = id,
                    Id = gpu.Id,
                    GpuType = type,
                    Model = gpu.Model,
                    MemoryGiB = gpu.MemoryGiB,
                });
            }
        }
    }
}
