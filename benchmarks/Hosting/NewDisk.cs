using System.Data.Common;
using Mooring.Benchmarks.Records;
using Mooring.Contract.V1;

namespace Mooring.Benchmarks.Hosting;

/// <summary>
/// Accepts disks: promised from the pool, with row, first event, first usage span and entry in the audit trail.
/// </summary>
internal interface IBareWrites
{
    /// <summary>Answers once it is on the disk.</summary>
    Task<Disk> CreateAsync(NewDisk disk, CancellationToken ct);
}

/// <summary>A disk that is to be accepted, and the statements that do it.</summary>
internal sealed record NewDisk(string Id, string Name, int SizeGiB, BareKey Key, long At)
{
    public const string Promise = """
        UPDATE capacity_pools SET promised_gib = promised_gib + @size
        WHERE name = 'pool' AND promised_gib + @size <= capacity_gib
        """;

    public const string Row = """
        INSERT INTO disks (
            id, name, size_gib, status, account_id, creator_id, wallet_id, provider_account_id, provider_type,
            data_center, country, region, is_multinode, pool, remote_name, is_at_provider, absent_looks, price_hr,
            stopped_price_hr, provisioning_price_hr, generation, created_at, updated_at, status_since, deadline,
            is_overdue_told, due_at, attempt, is_cut_off, version)
        SELECT
            @id, @name, @size, 'PROVISIONING', @account, @user, @wallet, id, 'bench', 'US-1', 'US', 'united_states',
            false, 'pool', @remote, false, 0, @price, @price, 0, 0, @at, @at, @at, @at + 1800000000, false, @at, 0,
            false, 1
        FROM provider_accounts WHERE type = 'bench'
        """;

    public const string Event = """
        INSERT INTO events (kind, resource_id, account_id, wallet_id, at, what, status, rate)
        VALUES ('Disk', @id, @account, @wallet, @at, 'Created', 'PROVISIONING', 0)
        """;

    public const string Span = """
        INSERT INTO usage_spans (kind, resource_id, account_id, wallet_id, "from", price_hr, cause)
        VALUES ('Disk', @id, @account, @wallet, @at, 0, 'Created')
        """;

    public const string Entry = """
        INSERT INTO audit_entries (
            at, key_prefix, user_id, account_id, address, request_id, action, target, status)
        VALUES (@at, @prefix, @user, @account, '127.0.0.1', '0HNABCDEF1234:00000001', 'createDisk', @id, 201)
        """;

    private const long PicoUsdPerGiBHour = 150_000_000;

    public static NewDisk Of(CreateDiskRequest wanted, BareKey key) =>
        new(Guid.CreateVersion7().ToString("N"), wanted.Disk!.Name!, wanted.Disk.Size!.Value, key, Sql.Now());

    public static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * 10);

    public static decimal Usd(long pico)
    {
        // Without trailing zeros, as prices are written.
        var usd = pico / 1_000_000_000_000m;
        return usd / 1.000000000000000000000000000000000m;
    }

    /// <summary>What a statement's parameter stands for.</summary>
    public object Value(string parameter) => parameter switch
    {
        "@id" => Id,
        "@name" => Name,
        "@size" => SizeGiB,
        "@prefix" => Key.Prefix,
        "@account" => Key.Account,
        "@user" => Key.User,
        "@wallet" => Key.Wallet,
        "@remote" => $"mrg-bench000-{Id}",
        "@price" => PicoUsdPerGiBHour * SizeGiB,
        "@at" => At,
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "There is no such parameter."),
    };

    public Disk ToWire() => new()
    {
        Id = Id,
        Name = Name,
        CreatedAt = Time(At),
        UpdatedAt = Time(At),
        TerminatedAt = null,
        Status = Statuses.Provisioning,
        ProviderType = Seed.ProviderType,
        Size = SizeGiB,
        Info = new DiskInfo(null, "US", false, "US-1"),
        PriceHr = Usd(PicoUsdPerGiBHour * SizeGiB),
        StoppedPriceHr = Usd(PicoUsdPerGiBHour * SizeGiB),
        ProvisioningPriceHr = 0,
        UserId = Key.User,
        TeamId = null,
        WalletId = Key.Wallet,
        Pods = [],
        Clusters = [],
    };
}

/// <summary>One of a disk's statements with its parameters, made once.</summary>
internal sealed class DiskStatement
{
    private static readonly string[] Names =
        ["@id", "@name", "@size", "@prefix", "@account", "@user", "@wallet", "@remote", "@price", "@at"];

    private readonly List<DbParameter> _parameters = [];

    public DiskStatement(string text, Func<DbParameter> makeParameter, DbParameterCollection parameters)
    {
        foreach (var name in Names.Where(name => Mentions(text, name)))
        {
            var parameter = makeParameter();
            parameter.ParameterName = name;
            parameters.Add(parameter);
            _parameters.Add(parameter);
        }
    }

    public void Fill(NewDisk disk)
    {
        foreach (var parameter in _parameters)
        {
            parameter.Value = disk.Value(parameter.ParameterName);
        }
    }

    // "@at" is no mention of "@a".
    private static bool Mentions(string text, string name)
    {
        var at = text.IndexOf(name, StringComparison.Ordinal);
        return at >= 0 && (at + name.Length == text.Length || !char.IsAsciiLetter(text[at + name.Length]));
    }
}
