using Mooring.Providers;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Hosts;
using Mooring.Server.Offers;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Persistence;

/// <summary>Rows as they come into being, for tests that are about something else.</summary>
internal static class Sample
{
    public const string Installation = "abcd1234";
    public static readonly AccountId Account = new("caccount0000000000000000");
    public static readonly UserId User = new("cuser000000000000000000000");
    public static readonly WalletId Wallet = new("cwallet0000000000000000000");
    public static readonly ProviderAccountId ProviderAccount = new("cprovider00000000000000000");
    public static readonly HostId Host = new("cprovider00000000000000000");

    public static Disk Disk(Store store, DateTimeOffset? createdAt = null)
    {
        var id = store.Ids.Uuid();
        var at = createdAt ?? store.Time.Now();
        return new Disk
        {
            Id = new DiskId(id),
            Name = "ml-training-data",
            SizeGiB = 500,
            Status = DiskStatus.Active,
            AccountId = Account,
            CreatorId = User,
            WalletId = Wallet,
            ProviderAccountId = ProviderAccount,
            ProviderType = "hyperstack",
            IsMultinode = false,
            RemoteName = RemoteName.For(Installation, id),
            PriceHr = Money.FromUsd(0.075m),
            StoppedPriceHr = Money.FromUsd(0.075m),
            ProvisioningPriceHr = Money.Zero,
            CreatedAt = at,
            UpdatedAt = at,
            StatusSince = at,
            Version = 1,
        };
    }

    public static Pod Pod(Store store, DateTimeOffset? createdAt = null)
    {
        var id = store.Ids.Uuid();
        var at = createdAt ?? store.Time.Now();
        return new Pod
        {
            Id = new PodId(id),
            Name = "trainer",
            Status = PodStatus.Active,
            AccountId = Account,
            CreatorId = User,
            WalletId = Wallet,
            ProviderAccountId = ProviderAccount,
            ProviderType = "hyperstack",
            CloudId = "cpu-1",
            Security = Security.SecureCloud,
            RemoteName = RemoteName.For(Installation, id),
            HostId = Host,
            GpuType = GpuTypes.None,
            GpuCount = 1,
            Socket = "PCIe",
            Vcpus = 1,
            MemoryGiB = 4,
            BootDiskGiB = 100,
            Image = "ubuntu_22_cuda_12",
            ImageReference = "localhost/mooring/ubuntu_22_cuda_12:latest",
            AutoRestart = false,
            Environment = new Dictionary<string, string>(),
            AuthorizedKeys = [],
            PriceHr = Money.FromUsd(0.01m),
            CreatedAt = at,
            UpdatedAt = at,
            StatusSince = at,
            Version = 1,
        };
    }

    public static Attachment Attachment(Store store, Disk disk, Pod pod, int ordinal = 0) => new()
    {
        Id = new AttachmentId(store.Ids.Uuid()),
        DiskId = disk.Id,
        PodId = pod.Id,
        HostId = pod.HostId,
        AccountId = disk.AccountId,
        Ordinal = ordinal,
        MountPath = Attachments.Attachment.PathFor(ordinal),
        Generation = disk.Generation + 1,
        IsExclusive = !disk.IsMultinode,
        Status = AttachmentStatus.Claimed,
        ClaimedAt = store.Time.Now(),
        Version = 1,
    };

    public static CapacityPool Pool(Store store, long capacityGiB) => new()
    {
        ProviderAccountId = ProviderAccount,
        Name = "pool",
        CapacityGiB = capacityGiB,
        PromisedGiB = 0,
        UpdatedAt = store.Time.Now(),
    };

    public static Host HostOf(Store store, int vcpus, int memoryGiB) => new()
    {
        Id = Host,
        ProviderAccountId = ProviderAccount,
        Hostname = "host-1",
        BootId = "boot-1",
        Vcpus = vcpus,
        VcpusUsed = 0,
        MemoryGiB = memoryGiB,
        MemoryGiBUsed = 0,
        NextSlot = 0,
        CanRunPods = true,
        ReportedAt = store.Time.Now(),
    };
}
