using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Http;
using Mooring.Server.Live;
using Mooring.Server.Pods;
using Mooring.Server.Wallets;

namespace Mooring.Server;

/// <summary>What an operator can set about the server. Each is documented in docs/reference/configuration.md.</summary>
public sealed record MooringOptions
{
    /// <summary>
    /// The instance image that <c>./start</c> builds, under the name that clients ask for by default.
    /// </summary>
    public const string DefaultImage = "ubuntu_22_cuda_12";

    /// <summary>The directory in <see cref="DataDirectory"/> that the key ring is in by default.</summary>
    public const string DefaultKeyRing = "key-ring";

    /// <summary>Where the records, keys, images and disks are; absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// Where the keys are that provider accounts' credentials are encrypted with; absolute. Not in the database, and
    /// best not in the same backup.
    /// </summary>
    public string KeyRingDirectory
    {
        get => field ?? Path.Combine(DataDirectory, DefaultKeyRing);
        init;
    }

    /// <summary>
    /// Whether GET /api/v1/availability/disks answers with an envelope where the request does not tell; false as on the
    /// vendor's page (contract 13, D2).
    /// </summary>
    public bool DiskAvailabilityEnvelope { get; init; }

    /// <summary>The OCI reference that each image name of the contract stands for.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } =
        new Dictionary<string, string> { [DefaultImage] = "localhost/mooring/ubuntu_22_cuda_12:latest" };

    /// <summary>The OCI reference of each template id, for image <c>custom_template</c>.</summary>
    public IReadOnlyDictionary<string, string> Templates { get; init; } = new Dictionary<string, string>();

    /// <summary>USD per hour for one virtual CPU of a host of ours, its share of memory included.</summary>
    public decimal PricePerVcpuHour { get; init; } = 0.01m;

    /// <summary>USD per hour for one GPU, by the contract's GPU type.</summary>
    public IReadOnlyDictionary<string, decimal> PricePerGpuHour { get; init; } = new Dictionary<string, decimal>();

    /// <summary>USD per hour for one GPU of a type that has no price of its own.</summary>
    public decimal PricePerOtherGpuHour { get; init; } = 1m;

    /// <summary>How long a DELETE waits for its end before it answers DELETING (architecture, section 8).</summary>
    public TimeSpan DeleteWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Name of the user that the first start makes.</summary>
    public string FirstUserName { get; init; } = "admin";

    /// <summary>Mail address of the user that the first start makes.</summary>
    public string FirstUserEmail { get; init; } = "admin@localhost";

    /// <summary>What one request may take.</summary>
    public RequestLimits Limits { get; init; } = new();

    /// <summary>
    /// When the ledger is audited each day, UTC; null for never by itself. It costs one walk over all events.
    /// </summary>
    public TimeOnly? LedgerAuditAt { get; init; } = new(3, 30);

    /// <summary>How long entries of the audit trail are kept; zero for all of them, for ever.</summary>
    public TimeSpan AuditRetention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>
    /// Whether the wallets of users and teams that are made from now on are prepaid; otherwise what they use is shown.
    /// The first user's never is.
    /// </summary>
    public bool NewWalletsArePrepaid { get; init; }

    /// <summary>From how many USD downwards a prepaid balance is low.</summary>
    public decimal LowBalanceUsd { get; init; } = 10;

    /// <summary>How long the disks of an empty prepaid wallet are kept at the least.</summary>
    public TimeSpan PrepaidGrace { get; init; } = TimeSpan.FromDays(14);

    internal WalletLimits WalletLimits => field ??= new() { Low = Money.FromUsd(LowBalanceUsd), Grace = PrepaidGrace };

    internal StreamLimits StreamLimits { get; init; } = new();

    internal DiskLimits DiskLimits { get; init; } = new();

    internal PodLimits PodLimits { get; init; } = new();
}
