using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mooring.Agent;
using Mooring.Contract.Native;
using Mooring.Providers;
using Mooring.Providers.Local;
using Mooring.Server;
using Mooring.Server.Http;

namespace Mooring.Daemon;

/// <summary>
/// What an operator sets in DATA/mooring.json under <c>Mooring</c>, or in the environment as
/// <c>MOORING__Disks__Country</c>. Each is documented in docs/reference/configuration.md; an unknown name stops the
/// start.
/// </summary>
internal sealed class Settings
{
    private const string Section = "Mooring";
    private const string FileName = "mooring.json";

    public LocalSettings Local { get; init; } = new();

    public DiskSettings Disks { get; init; } = new();

    public InstanceSettings Instances { get; init; } = new();

    public AvailabilitySettings Availability { get; init; } = new();

    public FirstUserSettings FirstUser { get; init; } = new();

    public LimitSettings Limits { get; init; } = new();

    public LoggingSettings Logging { get; init; } = new();

    public CredentialSettings Credentials { get; init; } = new();

    public LedgerSettings Ledger { get; init; } = new();

    public AuditSettings Audit { get; init; } = new();

    public BillingSettings Billing { get; init; } = new();

    public static void AddSources(IConfigurationBuilder configuration, string dataDirectory) => configuration
        .AddJsonFile(Path.Combine(dataDirectory, FileName), optional: true)
        .AddEnvironmentVariables();

    /// <exception cref="UsageException">A setting is unknown, or its value can't be used.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(Section).Get<Settings>(binder => binder.ErrorOnUnknownConfiguration = true)
                ?? new Settings();
        }
        catch (InvalidOperationException exception)
        {
            throw new UsageException(
                $"A setting can't be used: {exception.Message} See docs/reference/configuration.md.", exception);
        }
    }

    public MooringOptions ToServer(string dataDirectory) => new()
    {
        DataDirectory = dataDirectory,
        DiskAvailabilityEnvelope = Availability.DiskEnvelope,
        Images =
            Instances.Images.Count > 0 ? Instances.Images : new MooringOptions { DataDirectory = dataDirectory }.Images,
        Templates = Instances.Templates,
        PricePerVcpuHour = Instances.PricePerVcpuHour,
        PricePerGpuHour = Instances.PricePerGpuHour,
        PricePerOtherGpuHour = Instances.PricePerOtherGpuHour,
        FirstUserName = FirstUser.Name,
        FirstUserEmail = FirstUser.Email,
        Limits = Limits.ToServer(),
        KeyRingDirectory = Path.GetFullPath(Credentials.KeyRing, dataDirectory),
        LedgerAuditAt = Ledger.ReadAuditAt(),
        AuditRetention = Audit.ReadRetention(),
        NewWalletsArePrepaid = Billing.ReadMode(),
        LowBalanceUsd = Billing.ReadLowBalance(),
        PrepaidGrace = Billing.ReadGrace(),
    };

    /// <summary>Makes every option once, so that what can't be used is said before anything is started.</summary>
    /// <exception cref="UsageException">A value can't be used.</exception>
    public void Check(DaemonOptions daemon)
    {
        const string AnyInstallation = "00000000";
        try
        {
            Observing.Check(Logging);
            _ = ToServer(daemon.DataDirectory);
            if (Local.Enabled)
            {
                _ = new LocalDisks(ToLocal(daemon.DataDirectory, AnyInstallation));
                _ = ToAgent(daemon, AnyInstallation).Validate();
            }

            _ = Money.FromUsd(Instances.PricePerVcpuHour);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new UsageException(
                $"A setting can't be used: {exception.Message} See docs/reference/configuration.md.", exception);
        }
    }

    public LocalOptions ToLocal(string dataDirectory, string installation) => new()
    {
        InstallationId = installation,
        Directory = Path.Combine(dataDirectory, "disks"),
        ProviderType = Disks.Provider,
        DataCenter = Disks.DataCenter ?? Environment.MachineName,
        Country = Disks.Country,
        Region = Disks.Region,
        PricePerGiBHour = Money.FromUsd(Disks.PricePerGbHour),
        Capacity = Disks.CapacityGb is { } capacity ? ByteSize.FromGiB(capacity) : null,
        Reserve = Disks.ReserveGb is { } reserve ? ByteSize.FromGiB(reserve) : null,
    };

    public AgentOptions ToAgent(DaemonOptions daemon, string installation)
    {
        var options = new AgentOptions
        {
            DataDirectory = daemon.DataDirectory,
            InstallationId = installation,
            EngineUri = daemon.Engine,
            AcceptWeakerIsolation = daemon.AcceptWeakerIsolation,
            ServerPort = daemon.Listen.Port,
            SshAddress = IPAddress.Parse(Instances.SshAddress),
            MemoryReserveBytes = Instances.MemoryReserveGb is { } gb ? ByteSize.FromGiB(gb).Bytes : null,
            CpuOvercommit = Instances.CpuOvercommit,
        };
        options = Instances.SshHost is { } host ? options with { SshHost = host } : options;
        return Instances.Subnets is { } subnets ? options with { PodSubnets = subnets } : options;
    }

    public Place ToPlace() => new(Disks.DataCenter ?? Environment.MachineName, Disks.Country, Disks.Region);
}

internal sealed class LocalSettings
{
    public bool Enabled { get; init; } = true;
}

internal sealed class DiskSettings
{
    public string Provider { get; init; } = "local";
    public string? DataCenter { get; init; }
    public string Country { get; init; } = "US";
    public string Region { get; init; } = "united_states";
    public decimal PricePerGbHour { get; init; } = 0.00015m;
    public long? CapacityGb { get; init; }
    public long? ReserveGb { get; init; }
}

internal sealed class InstanceSettings
{
    public Dictionary<string, string> Images { get; init; } = [];
    public Dictionary<string, string> Templates { get; init; } = [];
    public decimal PricePerVcpuHour { get; init; } = 0.01m;
    public Dictionary<string, decimal> PricePerGpuHour { get; init; } = [];
    public decimal PricePerOtherGpuHour { get; init; } = 1m;
    public string SshAddress { get; init; } = "127.0.0.1";
    public string? SshHost { get; init; }
    public double CpuOvercommit { get; init; } = 1;
    public long? MemoryReserveGb { get; init; }
    public string? Subnets { get; init; }
}

internal sealed class AvailabilitySettings
{
    public bool DiskEnvelope { get; init; }
}

internal sealed class CredentialSettings
{
    public string KeyRing { get; init; } = MooringOptions.DefaultKeyRing;
}

internal sealed class LimitSettings
{
    public int RequestSeconds { get; init; } = 100;
    public int RequestsPerSecondPerKey { get; init; } = 100;
    public int RequestsPerSecondPerAddress { get; init; } = 200;
    public int BurstSeconds { get; init; } = 10;
    public int IdempotencyKeysPerUser { get; init; } = 100_000;
    public List<string> TrustedProxies { get; init; } = [];

    /// <exception cref="FormatException">A number is out of its range, or a proxy is no address or network.</exception>
    public RequestLimits ToServer() => new()
    {
        RequestTime = TimeSpan.FromSeconds(InRange(RequestSeconds, 0, 3_600, nameof(RequestSeconds))),
        PerKey = InRange(RequestsPerSecondPerKey, 0, 1_000_000, nameof(RequestsPerSecondPerKey)),
        PerAddress = InRange(RequestsPerSecondPerAddress, 0, 1_000_000, nameof(RequestsPerSecondPerAddress)),
        BurstSeconds = InRange(BurstSeconds, 1, 600, nameof(BurstSeconds)),
        IdempotencyKeysPerUser = InRange(IdempotencyKeysPerUser, 0, 10_000_000, nameof(IdempotencyKeysPerUser)),
        TrustedProxies = [.. TrustedProxies.Select(Network)],
    };

    private static int InRange(int value, int least, int most, string name) => value >= least && value <= most
        ? value
        : throw new FormatException($"Limits:{name} is {value}, and must be between {least} and {most}.");

    private static IPNetwork Network(string text) =>
        IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32)
            : IPNetwork.TryParse(text, out var network)
                ? network
                : throw new FormatException(
                    $"Limits:TrustedProxies has '{text}', which is no address and no network as 10.0.0.0/8.");
}

internal sealed class LoggingSettings
{
    public string Format { get; init; } = "simple";
}

internal sealed class AuditSettings
{
    private const int DaysAtMost = 36_500;

    public int RetentionDays { get; init; } = 400;

    /// <exception cref="FormatException">It is out of its range.</exception>
    public TimeSpan ReadRetention() => RetentionDays is >= 0 and <= DaysAtMost
        ? TimeSpan.FromDays(RetentionDays)
        : throw new FormatException(
            $"Audit:RetentionDays is {RetentionDays}, and must be between 0 (for ever) and {DaysAtMost}.");
}

internal sealed class BillingSettings
{
    private const decimal LowBalanceAtMost = 1_000_000m;
    private const int GraceDaysAtMost = 3_650;

    public string NewWallets { get; init; } = WalletModes.Showback;

    public decimal LowBalanceUsd { get; init; } = 10;

    public int GraceDays { get; init; } = 14;

    /// <summary>Whether the wallets of new users and teams are prepaid.</summary>
    /// <exception cref="FormatException">It is no mode.</exception>
    public bool ReadMode() => NewWallets is WalletModes.Showback or WalletModes.Prepaid
        ? NewWallets == WalletModes.Prepaid
        : throw new FormatException(
            $"Billing:NewWallets is '{NewWallets}', and must be {WalletModes.Showback} or {WalletModes.Prepaid}.");

    /// <exception cref="FormatException">It is out of its range.</exception>
    public decimal ReadLowBalance() =>
        LowBalanceUsd is >= 0 and <= LowBalanceAtMost && decimal.Round(LowBalanceUsd, 12) == LowBalanceUsd
            ? LowBalanceUsd
            : throw new FormatException(
                $"Billing:LowBalanceUsd is {LowBalanceUsd}, and must be between 0 and {LowBalanceAtMost} USD, with 12 "
                + "decimals at the most.");

    /// <exception cref="FormatException">It is out of its range.</exception>
    public TimeSpan ReadGrace() => GraceDays is >= 1 and <= GraceDaysAtMost
        ? TimeSpan.FromDays(GraceDays)
        : throw new FormatException(
            $"Billing:GraceDays is {GraceDays}, and must be between 1 and {GraceDaysAtMost} days.");
}

internal sealed class LedgerSettings
{
    private const string Never = "never";

    public string AuditAt { get; init; } = "03:30";

    /// <exception cref="FormatException">It is no time of day.</exception>
    public TimeOnly? ReadAuditAt() =>
        AuditAt == Never ? null
        : TimeOnly.TryParseExact(
            AuditAt, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour) ? hour
        : throw new FormatException($"Ledger:AuditAt is a time of day, UTC, as 03:30, or {Never}; not '{AuditAt}'.");
}

internal sealed class FirstUserSettings
{
    public string Name { get; init; } = "admin";
    public string Email { get; init; } = "admin@localhost";
}
