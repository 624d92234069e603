using System.Data.Common;
using Mooring.Contract.V1;
using Mooring.Providers;
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
    private readonly Statement<Contract.V1.Disk> _one;
    private readonly Statement<Contract.V1.Disk> _page;
    private readonly Statement<Contract.V1.Disk> _pageFromEnd;
    private readonly Statement<int> _count;

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
        _one = new($"{columns} WHERE d.id = @id AND d.account_id = @account", ["@id", "@account"], Read);
        _page = Page("d.created_at DESC, d.id DESC");
        _pageFromEnd = Page("d.created_at, d.id");
        _count = new(
            "SELECT current_disks FROM accounts WHERE id = @account", ["@account"], row => (int)row.GetInt64(0));

        Statement<Contract.V1.Disk> Page(string order) => new(
            $"""
            {columns}
            WHERE d.id IN (
                SELECT d.id FROM disks AS d WHERE d.account_id = @account AND d.terminated_at IS NULL
                ORDER BY {order} LIMIT @limit OFFSET @offset)
            """,
            ["@account", "@limit", "@offset"],
            Read);
    }

    /// <summary>One disk, also when it is gone; null where the account has none of that id.</summary>
    public async Task<Contract.V1.Disk?> FindAsync(AccountId owner, string text, CancellationToken ct) =>
        ResourceIds.ParseDisk(text) is { } id
        && await _database.QueryAsync(_one, [id.Value, owner.Value], ct) is [var disk]
            ? disk
            : null;

    /// <summary>
    /// A page of the account's disks that are not gone, newest first. An offset is walked entry by entry, in the index
    /// alone, so that a page of the older half is read from the end: it is the middle of a long list that takes time,
    /// and not its last page.
    /// </summary>
    /// <param name="owner">Whose disks.</param>
    /// <param name="total">How many there are, as <see cref="CountAsync"/> says.</param>
    /// <param name="offset">How many to leave out.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<List<Contract.V1.Disk>> PageAsync(
        AccountId owner, int total, int offset, int limit, CancellationToken ct)
    {
        if (offset >= total)
        {
            return [];
        }

        List<Contract.V1.Disk> page;
        if (offset <= total / 2)
        {
            page = await _database.QueryAsync(_page, [owner.Value, limit, offset], ct);
        }
        else
        {
            var rows = Math.Min(limit, total - offset);
            page = await _database.QueryAsync(_pageFromEnd, [owner.Value, rows, total - offset - rows], ct);
        }

        // The database would sort whole rows for that.
        page.Sort(static (left, right) => right.CreatedAt.CompareTo(left.CreatedAt) is not 0 and var order
            ? order
            : string.CompareOrdinal(right.Id, left.Id));
        return page;
    }

    /// <summary>How many disks of the account are not gone.</summary>
    public async Task<int> CountAsync(AccountId owner, CancellationToken ct) =>
        (await _database.QueryAsync(_count, [owner.Value], ct))[0];

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
