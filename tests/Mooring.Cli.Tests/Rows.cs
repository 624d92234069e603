using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests;

/// <summary>Rows as a server would answer them.</summary>
internal static class Rows
{
    public const string DiskId = "01a2100f14c07574a46ef9a46498d70f";
    public const string OtherId = "01a2100f14c07574a46ef9a46498d710";
    public const string PodId = "01a21099e73e7875976f4102fc15a03d";

    public static Disk Disk(string id = DiskId, string name = "training-data", string status = Statuses.Active) => new()
    {
        Id = id,
        Name = name,
        CreatedAt = TimeProvider.System.GetUtcNow().AddMinutes(-90),
        UpdatedAt = default,
        TerminatedAt = null,
        Status = status,
        ProviderType = "hyperstack",
        Size = 500,
        Info = new DiskInfo(null, "US", false, "US-1"),
        PriceHr = 0.075m,
        StoppedPriceHr = 0.075m,
        ProvisioningPriceHr = 0m,
        UserId = null,
        TeamId = null,
        WalletId = null,
        Pods = [],
        Clusters = [],
    };

    public static Pod Pod(string id = PodId, string name = "trainer-1", string status = Statuses.Active) => new()
    {
        Id = id,
        UserId = null,
        TeamId = null,
        WalletId = null,
        ClusterId = null,
        Name = name,
        Type = "HOSTED",
        ProviderType = "local",
        Status = status,
        InstallationStatus = "FINISHED",
        InstallationFailure = null,
        InstallationProgress = 100,
        CreatedAt = TimeProvider.System.GetUtcNow().AddDays(-3),
        UpdatedAt = default,
        TerminatedAt = null,
        GpuName = "H100_80GB",
        GpuCount = 8,
        Socket = "SXM5",
        PriceHr = 15.2m,
        StoppedPriceHr = null,
        ProvisioningPriceHr = 0m,
        EnvironmentType = "ubuntu_22_cuda_12",
        CustomTemplateId = null,
        IsSpot = false,
        AutoRestart = false,
        PrimePortMapping = [],
        SshConnection = "root@203.0.113.7 -p 22022",
        Ip = "203.0.113.7",
        Resources = null,
        AttachedResources = [],
    };

    public static Explanation Explanation(
        string status, string? reason = null, string kind = ResourceKinds.Disk, string id = DiskId) => new()
        {
            Id = id,
            Kind = kind,
            Name = kind == ResourceKinds.Disk ? "training-data" : "trainer-1",
            Status = status,
            Since = default,
            Reason = reason,
            Provider = new ExplainedProvider
            {
                Type = "hyperstack",
                Account = "main",
                RemoteName = $"mrg-12345678-{id}",
                RemoteId = null,
                UnreadableSince = null,
                UnreadableReason = null,
            },
            Attempt = 0,
            NextTry = null,
            Deadline = null,
            IsOverdue = false,
            Holders = [],
            ForbidDeletion = false,
            Next = "It is asked again.",
            YouCan = ["Wait."],
        };

    public static DiskDeletion Deletion() => new()
    {
        Id = DiskId,
        Name = "training-data",
        Status = Statuses.Active,
        Size = 500,
        WouldBeAccepted = true,
        Refusal = null,
        ForbidDeletion = false,
        UsedBytes = 3_672_000_000,
        UsedWords = "As its provider says now.",
        LastAttachedAt = null,
        LastReleasedAt = null,
        Holders = [],
        CostUsd = 12.5m,
        PriceHr = 0.075m,
    };

    public static SshKey SshKey(string id, string name) => new()
    {
        Id = id,
        UserId = "u",
        Name = name,
        PublicKey = "ssh-ed25519 AAAA",
        IsPrimary = false,
        IsUserKey = true,
        CreatedAt = default,
        UpdatedAt = default,
    };

    public static Key Key(string prefix, string name) => new()
    {
        Prefix = prefix,
        Name = name,
        UserId = "cuser",
        TeamId = null,
        DisabledAt = null,
        LastUsedAt = null,
        LastUsedFrom = null,
        Permissions = ["disks:read", "disks:write"],
        CreatedAt = TimeProvider.System.GetUtcNow().AddHours(-1),
        ExpiresAt = null,
        RevokedAt = null,
    };

    public static UserAccount User(string id, string name) => new()
    {
        Id = id,
        Name = name,
        Email = $"{name.ToLowerInvariant()}@example.org",
        Role = "USER",
        Slug = null,
        WalletId = "cwallet",
        CreatedAt = TimeProvider.System.GetUtcNow().AddHours(-1),
        DisabledAt = null,
    };

    public static Team Team(string id, string name) => new()
    {
        Id = id,
        Name = name,
        Slug = null,
        WalletId = "cwallet",
        CreatedAt = TimeProvider.System.GetUtcNow().AddDays(-3),
    };

    public static ListPage<T> List<T>(params IReadOnlyList<T> rows) =>
        new() { TotalCount = rows.Count, Offset = 0, Limit = 100, Data = rows };
}
