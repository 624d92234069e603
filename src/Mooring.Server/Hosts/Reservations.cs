using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Hosts;

/// <summary>
/// CPUs, memory, GPUs and user ids of a host, reserved for a pod by conditional updates in the transaction that creates
/// it (<c>used + n &lt;= limit</c>): two creates that each see the last GPU can't both get it.
/// </summary>
internal static class Reservations
{
    /// <summary>User ids that each pod has on its host.</summary>
    public const int IdsPerPod = 65_536;

    // Above every range that distributions hand out in /etc/subuid by default (from 100,000, 65,536 a user), and with
    // room for 8,192 pods below 2^30 + 2^29.
    private const uint FirstId = 1 << 30;
    private const int Slots = 8_192;

    /// <summary>First user id of a slot on the host; 0 without a slot.</summary>
    public static uint UserNamespaceBase(int? slot) => slot is { } number ? FirstId + ((uint)number * IdsPerPod) : 0;

    /// <summary>Reserves CPUs and memory; false if the host has not that much left.</summary>
    public static async Task<bool> TakeAsync(
        MooringDb db, HostId host, int vcpus, int memoryGiB, CancellationToken ct) =>
        await db.Hosts
            .Where(row => row.Id == host
                && row.VcpusUsed + vcpus <= row.Vcpus
                && row.MemoryGiBUsed + memoryGiB <= row.MemoryGiB)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.VcpusUsed, row => row.VcpusUsed + vcpus)
                    .SetProperty(row => row.MemoryGiBUsed, row => row.MemoryGiBUsed + memoryGiB),
                ct) == 1;

    /// <summary>Reserves so many GPUs of a type; false if fewer are free.</summary>
    public static async Task<bool> TakeGpusAsync(
        MooringDb db, HostId host, string gpuType, int count, PodId pod, CancellationToken ct)
    {
        var free = await db.HostGpus
            .Where(gpu => gpu.HostId == host && gpu.GpuType == gpuType && gpu.PodId == null)
            .OrderBy(gpu => gpu.Id)
            .Select(gpu => gpu.Id)
            .Take(count)
            .ToListAsync(ct);
        return free.Count == count
            && await db.HostGpus
                .Where(gpu => gpu.HostId == host && free.Contains(gpu.Id) && gpu.PodId == null)
                .ExecuteUpdateAsync(set => set.SetProperty(gpu => gpu.PodId, pod), ct) == count;
    }

    /// <summary>A slot of user ids that no living pod of the host has; null if all are taken.</summary>
    public static async Task<int?> TakeSlotAsync(MooringDb db, HostId host, CancellationToken ct)
    {
        await db.Hosts.Where(row => row.Id == host).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.NextSlot, row => (row.NextSlot + 1) % Slots), ct);
        var next = await db.Hosts.Where(row => row.Id == host).Select(row => row.NextSlot).SingleAsync(ct);
        var taken = (await db.Pods
            .Where(pod => pod.HostId == host && pod.HoldsReservation && pod.UserNamespaceSlot != null)
            .Select(pod => pod.UserNamespaceSlot!.Value)
            .ToListAsync(ct)).ToHashSet();
        for (var i = 0; i < Slots; i++)
        {
            var slot = (next + i) % Slots;
            if (!taken.Contains(slot))
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>Gives back all that a pod had, in the transaction that says that it has it no more.</summary>
    public static async Task GiveBackAsync(MooringDb db, HostId host, Pod pod, CancellationToken ct)
    {
        await db.Hosts.Where(row => row.Id == host).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.VcpusUsed, row => row.VcpusUsed - pod.Vcpus)
                .SetProperty(row => row.MemoryGiBUsed, row => row.MemoryGiBUsed - pod.MemoryGiB),
            ct);
        await db.HostGpus.Where(gpu => gpu.PodId == pod.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(gpu => gpu.PodId, (PodId?)null), ct);
    }
}
