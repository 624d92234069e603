using Mooring.Providers;
using Mooring.Server.Attachments;
using Mooring.Server.Disks;
using Mooring.Server.Pods;

namespace Mooring.Server.Tests.Histories;

/// <summary>Rows as a create request would draft them; a test changes what it is about.</summary>
internal static class Rows
{
    public static readonly AccountId Account = new("cacc0000000000000000000001");
    public static readonly UserId User = new("cusr0000000000000000000001");
    public static readonly WalletId Wallet = new("cwal0000000000000000000001");
    public static readonly ProviderAccountId ProviderAccount = new("model");
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Money ProvisioningPrice = Money.FromUsd(0.002m);
    public static readonly Money Price = Money.FromUsd(0.075m);
    public static readonly Money StoppedPrice = Money.FromUsd(0.03m);
    public static readonly Money PodPrice = Money.FromUsd(1.9m);

    public static string Id(int number) => number.ToString("x32");

    public static Disk Disk(int number = 1, bool isMultinode = false, DateTimeOffset? createdAt = null) => new()
    {
        Id = new DiskId(Id(number)),
        Name = "disk " + number,
        SizeGiB = 500,
        Status = DiskStatus.Provisioning,
        AccountId = Account,
        CreatorId = User,
        WalletId = Wallet,
        ProviderAccountId = ProviderAccount,
        ProviderType = "model",
        IsMultinode = isMultinode,
        RemoteName = RemoteName.For("abcd1234", Id(number)),
        PriceHr = Price,
        StoppedPriceHr = StoppedPrice,
        ProvisioningPriceHr = ProvisioningPrice,
        CreatedAt = createdAt ?? Noon,
        UpdatedAt = createdAt ?? Noon,
        StatusSince = createdAt ?? Noon,
    };

    public static Pod Pod(
        int number = 1001,
        bool autoRestart = false,
        DateTimeOffset? createdAt = null,
        bool isAtCloud = false) => new()
        {
            Id = new PodId(Id(number)),
            Name = "pod " + number,
            Status = PodStatus.Provisioning,
            AccountId = Account,
            CreatorId = User,
            WalletId = Wallet,
            ProviderAccountId = ProviderAccount,
            ProviderType = "model",
            CloudId = "cpu-2",
            Security = Security.SecureCloud,
            RemoteName = RemoteName.For("abcd1234", Id(number)),
            HostId = isAtCloud ? null : new HostId("host"),
            GpuType = "CPU_NODE",
            GpuCount = 1,
            Socket = "PCIe",
            Vcpus = 2,
            MemoryGiB = 4,
            BootDiskGiB = 20,
            Image = "ubuntu_22_cuda_12",
            ImageReference = "localhost/model:latest",
            AutoRestart = autoRestart,
            Environment = new Dictionary<string, string>(),
            AuthorizedKeys = [],
            PriceHr = PodPrice,
            CreatedAt = createdAt ?? Noon,
            UpdatedAt = createdAt ?? Noon,
            StatusSince = createdAt ?? Noon,
        };

    public static Attachment Attachment(Pod pod, Disk disk, int ordinal = 0) => new()
    {
        Id = new AttachmentId($"{pod.Id.Value[16..]}{disk.Id.Value[16..]}"),
        DiskId = disk.Id,
        PodId = pod.Id,
        HostId = pod.HostId,
        AccountId = Account,
        Ordinal = ordinal,
        MountPath = Attachments.Attachment.PathFor(ordinal),
        Generation = disk.Generation,
        IsExclusive = !disk.IsMultinode,
        Status = AttachmentStatus.Claimed,
        ClaimedAt = pod.CreatedAt,
    };
}
