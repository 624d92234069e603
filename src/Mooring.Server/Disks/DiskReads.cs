using System.Data.Common;
using Mooring.Contract.V1;
using Mooring.Providers;
using Mooring.Server.Http;
using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary>
/// Disks as the contract shows them (section 4.1), with the pods that hold them and their providers' readability: one
/// statement, however many there are.
/// </summary>
internal sealed class DiskReads
{
    private readonly Database _database;
    private readonly MooringOptions _options;
    private readonly TimeProvider _time;
    private readonly Statement<Contract.V1.Disk> _any;
    private readonly ForAccounts<Contract.V1.Disk> _one;
    private readonly ForAccounts<Contract.V1.Disk> _page;
    private readonly ForAccounts<Contract.V1.Disk> _pageFromEnd;
    private readonly ForAccounts<int> _count;

    public DiskReads(Database database, MooringOptions options, TimeProvider time)
    {
        (_database, _options, _time) = (database, options, time);
        var concatenate = database.Dialect == Dialect.PostgreSql ? "string_agg" : "group_concat";
        var columns = $"""
            SELECT d.id, d.name, d.created_at, d.updated_at, d.terminated_at, d.status, d.provider_type, d.size_gib,
                d.cloud_id, d.country, d.is_multinode, d.data_center, d.price_hr, d.stopped_price_hr,
                d.provisioning_price_hr, d.creator_id, d.team_id, d.wallet_id, d.unreadable_since, p.unreadable_since,
                (SELECT {concatenate}(h.claimed_at || ' ' || h.pod_id, ',')
                 FROM attachments AS h WHERE h.disk_id = d.id AND h.released_at IS NULL)
            FROM disks AS d JOIN provider_accounts AS p ON p.id = d.provider_account_id
            """;
        _any = new($"{columns} WHERE d.id = @id", ["@id"], Read);
        _one = new(
            accounts => $"{columns} WHERE d.id = @id AND d.account_id IN ({string.Join(", ", accounts)})",
            ["@id"],
            Read);
        _page = Page("created_at DESC, id DESC");
        _pageFromEnd = Page("created_at, id");
        _count = new(
            accounts => "SELECT CAST(COALESCE(sum(current_disks), 0) AS bigint) FROM accounts "
                + $"WHERE id IN ({string.Join(", ", accounts)})",
            [],
            row => (int)row.GetInt64(0));

        // One bounded scan an account, each in the index's order (architecture, section 7).
        ForAccounts<Contract.V1.Disk> Page(string order) => new(
            accounts => accounts is [var only]
                ? $"""
                {columns} WHERE d.id IN ({ScanOf("id", only, order)} LIMIT @limit OFFSET @offset)
                """
                : $"""
                {columns} WHERE d.id IN (SELECT id FROM ({string.Join(" UNION ALL ", accounts.Select(account =>
                    $"SELECT * FROM ({ScanOf("id, created_at", account, order)} LIMIT @limit + @offset) AS part"))})
                AS parts ORDER BY {order} LIMIT @limit OFFSET @offset)
                """,
            ["@limit", "@offset"],
            Read);
    }

    /// <summary>One disk, also when it is gone; null where the caller sees none of that id.</summary>
    public async Task<Contract.V1.Disk?> FindAsync(Caller caller, string text, CancellationToken ct)
    {
        if (ResourceIds.ParseDisk(text) is not { } id)
        {
            return null;
        }

        // Foreign and absent are one answer to one look, whose time tells nothing.
        var found = caller.ReadsAll
            ? await _database.QueryAsync(_any, [id.Value], ct)
            : await _one.QueryAsync(_database, [id.Value], caller.Accounts, ct);
        return found is [var disk] ? disk : null;
    }

    /// <summary>
    /// A page of some accounts' disks that are not gone, newest first. An offset is walked entry by entry, in the index
    /// alone, so that a page of the older half is read from the end: it is the middle of a long list that takes time,
    /// and not its last page.
    /// </summary>
    /// <param name="owners">Whose disks.</param>
    /// <param name="total">How many there are, as <see cref="CountAsync"/> says.</param>
    /// <param name="offset">How many to leave out.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<List<Contract.V1.Disk>> PageAsync(
        IReadOnlyList<AccountId> owners, int total, int offset, int limit, CancellationToken ct)
    {
        if (offset >= total)
        {
            return [];
        }

        List<Contract.V1.Disk> page;
        if (offset <= total / 2)
        {
            page = await _page.QueryAsync(_database, [limit, offset], owners, ct);
        }
        else
        {
            var rows = Math.Min(limit, total - offset);
            page = await _pageFromEnd.QueryAsync(_database, [rows, total - offset - rows], owners, ct);
        }

        // The database would sort whole rows for that.
        page.Sort(static (left, right) => right.CreatedAt.CompareTo(left.CreatedAt) is not 0 and var order
            ? order
            : string.CompareOrdinal(right.Id, left.Id));
        return page;
    }

    /// <summary>How many disks of some accounts are not gone.</summary>
    public async Task<int> CountAsync(IReadOnlyList<AccountId> owners, CancellationToken ct) =>
        (await _count.QueryAsync(_database, [], owners, ct))[0];

    private static string ScanOf(string columns, string account, string order) =>
        $"SELECT {columns} FROM disks WHERE account_id = {account} AND terminated_at IS NULL ORDER BY {order}";

    private Contract.V1.Disk Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        CreatedAt = row.Time(2),
        UpdatedAt = row.Time(3),
        TerminatedAt = row.TimeOrNull(4),
        Status = Disk.ShownStatus(
            DiskStatusNames.FromWire(row.GetString(5)),
            row.TimeOrNull(18),
            row.TimeOrNull(19),
            _options.DiskLimits,
            _time.GetUtcNow()),
        ProviderType = row.GetString(6),
        Size = row.GetInt32(7),
        Info = new DiskInfo(row.TextOrNull(8), row.TextOrNull(9), row.GetBoolean(10), row.TextOrNull(11)),
        PriceHr = new Money(row.GetInt64(12)).Usd,
        StoppedPriceHr = new Money(row.GetInt64(13)).Usd,
        ProvisioningPriceHr = new Money(row.GetInt64(14)).Usd,
        UserId = row.GetString(15),
        TeamId = row.TextOrNull(16),
        WalletId = row.GetString(17),
        Pods = row.TextOrNull(20) is { } holders ? LongestFirst(holders) : [],
        Clusters = [],
    };

    // Each is "CLAIMED POD" in microseconds, which have 16 digits until 2286. Their order is made here, where several
    // hold a disk: the database would make a sorter for every disk of a page.
    private static string[] LongestFirst(string holders) =>
        [.. holders.Split(',').Order(StringComparer.Ordinal).Select(holder => holder[(holder.IndexOf(' ') + 1)..])];
}
