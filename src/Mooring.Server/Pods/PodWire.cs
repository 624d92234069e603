using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mooring.Contract.V1;
using Mooring.Server.Attachments;
using Mooring.Server.Persistence;

namespace Mooring.Server.Pods;

/// <summary>Pods as the contract writes them (section 6.2).</summary>
internal sealed class PodWire(MooringOptions options, TimeProvider time)
{
    /// <summary>Many pods with their disks: three queries, however many there are.</summary>
    public async Task<IReadOnlyList<Contract.V1.Pod>> OfAsync(
        MooringDb db, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        if (pods.Count == 0)
        {
            return [];
        }

        List<PodId> ids = [.. pods.Select(pod => pod.Id)];
        var attachments = (await db.Attachments.AsNoTracking()
            .Where(attachment => ids.Contains(attachment.PodId))
            .OrderBy(attachment => attachment.Ordinal)
            .Join(
                db.Disks,
                attachment => attachment.DiskId,
                disk => disk.Id,
                (attachment, disk) => new HeldDisk(attachment, disk.SizeGiB, disk.IsMultinode))
            .ToListAsync(ct)).ToLookup(held => held.Attachment.PodId);
        var unreadable = await UnreadableAsync(db, ct);
        return [.. pods.Select(pod => Of(
            pod, [.. attachments[pod.Id]], unreadable.GetValueOrDefault(pod.ProviderAccountId)))];
    }

    public async Task<IReadOnlyList<Contract.V1.PodStatus>> StatusesAsync(
        MooringDb db, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        var unreadable = await UnreadableAsync(db, ct);
        return [.. pods.Select(pod => new Contract.V1.PodStatus
        {
            PodId = pod.Id.Value,
            ProviderType = pod.ProviderType,
            Status = ShownStatus(pod, unreadable.GetValueOrDefault(pod.ProviderAccountId)),
            SshConnection = SshConnection(pod),
            Ip = pod.SshHost,
            PriceHr = pod.PriceHr.Usd,
            CostPerHr = pod.PriceHr.Usd,
            PrimePortMapping = Ports(pod),
            InstallationStatus = InstallationStatus(pod),
            InstallationFailure = Failure(pod),
            InstallationProgress = Progress(pod),
        })];
    }

    public Contract.V1.Pod OfNew(Pod pod, IReadOnlyList<HeldDisk> disks) => Of(pod, disks, null);

    private static async Task<Dictionary<ProviderAccountId, DateTimeOffset?>> UnreadableAsync(
        MooringDb db, CancellationToken ct) =>
        await db.ProviderAccounts
            .Where(account => account.UnreadableSince != null)
            .ToDictionaryAsync(account => account.Id, account => account.UnreadableSince, ct);

    private Contract.V1.Pod Of(Pod pod, IReadOnlyList<HeldDisk> disks, DateTimeOffset? accountUnreadableSince) => new()
    {
        Id = pod.Id.Value,
        UserId = pod.CreatorId.Value,
        TeamId = pod.TeamId?.Value,
        WalletId = pod.WalletId.Value,
        ClusterId = null,
        Name = pod.Name,
        Type = "HOSTED",
        ProviderType = pod.ProviderType,
        Status = ShownStatus(pod, accountUnreadableSince),
        InstallationStatus = InstallationStatus(pod),
        InstallationFailure = Failure(pod),
        InstallationProgress = Progress(pod),
        CreatedAt = pod.CreatedAt,
        UpdatedAt = pod.UpdatedAt,
        TerminatedAt = pod.TerminatedAt,
        GpuName = pod.GpuType,
        GpuCount = pod.GpuCount,
        Socket = pod.Socket,
        PriceHr = pod.PriceHr.Usd,
        StoppedPriceHr = null,
        ProvisioningPriceHr = 0m,
        EnvironmentType = pod.Image,
        CustomTemplateId = pod.CustomTemplateId,
        IsSpot = false,
        AutoRestart = pod.AutoRestart,
        PrimePortMapping = Ports(pod),
        SshConnection = SshConnection(pod),
        Ip = pod.SshHost,
        Resources = new PodResources
        {
            Memory = pod.MemoryGiB,
            Disk = pod.BootDiskGiB,
            SharedDisk = null,
            Vcpus = pod.Vcpus,
        },
        AttachedResources = [.. disks.Select(held => Of(pod, held))],
    };

    private static AttachedResource Of(Pod pod, HeldDisk held) => new()
    {
        ResourceType = "DISK",
        Type = "DISK",
        Id = held.Attachment.DiskId.Value,
        // The container checks its own mount table before anything runs in it: what is ACTIVE has its disks mounted.
        Status = held.Attachment.Status switch
        {
            AttachmentStatus.Attached => pod.Status == PodStatus.Active && !pod.IsRestarting ? "MOUNTED" : "ATTACHED",
            AttachmentStatus.Releasing => "ATTACHED",
            _ => "UNATTACHED",
        },
        CreatedAt = held.Attachment.ClaimedAt,
        IsDetachable = true,
        MountPath = held.Attachment.MountPath,
        ResourcePath = null,
        Size = held.SizeGiB,
        IsShared = held.IsMultinode,
    };

    private string ShownStatus(Pod pod, DateTimeOffset? accountUnreadableSince) =>
        pod.ShownStatus(options.PodLimits, accountUnreadableSince, time.GetUtcNow());

    private static bool IsReachable(Pod pod) =>
        pod is { Status: PodStatus.Active, IsRestarting: false, SshPort: not null };

    private static string? SshConnection(Pod pod) => IsReachable(pod)
        ? string.Create(CultureInfo.InvariantCulture, $"{pod.SshUser}@{pod.SshHost} -p {pod.SshPort}")
        : null;

    private static IReadOnlyList<PortMapping> Ports(Pod pod) => IsReachable(pod)
        ? [new PortMapping("22", pod.SshPort!.Value.ToString(CultureInfo.InvariantCulture), "TCP", "SSH", null)]
        : [];

    // The CLI shows INSTALLING for an ACTIVE pod whose installation is not FINISHED: as a pod that is started again is.
    private static string InstallationStatus(Pod pod) => pod.Status switch
    {
        PodStatus.Provisioning => "PENDING",
        PodStatus.Active => pod.IsRestarting ? "PENDING" : "FINISHED",
        PodStatus.Error => "ERROR",
        PodStatus.Terminated => "TERMINATED",
        _ => "FINISHED",
    };

    private static string? Failure(Pod pod) => pod.Status == PodStatus.Error || pod.IsRestarting ? pod.Reason : null;

    private static int? Progress(Pod pod) => pod.Status switch
    {
        PodStatus.Provisioning => pod.IsAtProvider ? 50 : 0,
        PodStatus.Active => pod.IsRestarting ? 50 : 100,
        _ => null,
    };
}

/// <summary>An attachment with what the contract shows of its disk.</summary>
internal sealed record HeldDisk(Attachment Attachment, int SizeGiB, bool IsMultinode);
