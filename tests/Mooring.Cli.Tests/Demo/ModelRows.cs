using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Demo;

/// <summary>New rows of <see cref="ModelServer"/>.</summary>
internal static class ModelRows
{
    public static Disk Disk(string id, CreateDiskRequest request) => new()
    {
        Id = id,
        Name = request.Disk!.Name!,
        CreatedAt = default,
        UpdatedAt = default,
        TerminatedAt = null,
        Status = Statuses.Provisioning,
        ProviderType = request.Provider!.Type!,
        Size = request.Disk.Size!.Value,
        Info = new DiskInfo(request.Disk.CloudId, request.Disk.Country, false, request.Disk.DataCenterId),
        PriceHr = 0.00015m,
        StoppedPriceHr = 0.00015m,
        ProvisioningPriceHr = 0m,
        UserId = null,
        TeamId = null,
        WalletId = null,
        Pods = [],
        Clusters = [],
    };

    public static Pod Pod(string id, CreatePodRequest request, Disk disk, string mountPath) => new()
    {
        Id = id,
        UserId = null,
        TeamId = null,
        WalletId = null,
        ClusterId = null,
        Name = request.Pod!.Name,
        Type = "HOSTED",
        ProviderType = request.Provider!.Type!,
        Status = Statuses.Provisioning,
        InstallationStatus = "PENDING",
        InstallationFailure = null,
        InstallationProgress = null,
        CreatedAt = default,
        UpdatedAt = default,
        TerminatedAt = null,
        GpuName = request.Pod.GpuType!,
        GpuCount = request.Pod.GpuCount!.Value,
        Socket = request.Pod.Socket,
        PriceHr = 0.01m,
        StoppedPriceHr = null,
        ProvisioningPriceHr = 0m,
        EnvironmentType = request.Pod.Image,
        CustomTemplateId = null,
        IsSpot = false,
        AutoRestart = false,
        PrimePortMapping = [],
        SshConnection = null,
        Ip = null,
        Resources = null,
        AttachedResources =
        [
            new AttachedResource
            {
                ResourceType = "DISK",
                Type = "DISK",
                Id = disk.Id,
                Status = "MOUNTED",
                CreatedAt = default,
                IsDetachable = true,
                MountPath = mountPath,
                ResourcePath = null,
                Size = disk.Size,
                IsShared = false,
            },
        ],
    };
}
