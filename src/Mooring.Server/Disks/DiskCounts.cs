using Mooring.Server.Persistence;

namespace Mooring.Server.Disks;

/// <summary>
/// By how much a unit of work changes how many disks each account has that are not gone. Written once for all units of
/// a transaction, at its end: on SQLite hundreds of creations share one update.
/// </summary>
internal sealed class DiskCounts
{
    private static readonly Statement Add = new(
        "UPDATE accounts SET current_disks = current_disks + @change WHERE id = @account", "@change", "@account");

    private readonly Dictionary<AccountId, int> _changes = [];

    /// <summary>Takes note of a disk as it was, null where it was not, and as it is.</summary>
    public void Note(Disk? before, Disk after)
    {
        var change = (after.TerminatedAt is null ? 1 : 0) - (before is { TerminatedAt: null } ? 1 : 0);
        if (change != 0)
        {
            Change(after.AccountId, change);
        }
    }

    public void Clear() => _changes.Clear();

    /// <summary>Adds what another unit of the same transaction has changed.</summary>
    public void AddAll(DiskCounts others)
    {
        foreach (var (account, change) in others._changes)
        {
            Change(account, change);
        }
    }

    /// <summary>Writes them, in one order of accounts for all: no two transactions wait for each other.</summary>
    public async Task WriteAsync(MooringDb db, CancellationToken ct)
    {
        foreach (var (account, change) in _changes
            .Where(one => one.Value != 0)
            .OrderBy(one => one.Key.Value, StringComparer.Ordinal))
        {
            await db.ExecuteAsync(Add, [change, account.Value], ct);
        }
    }

    private void Change(AccountId account, int change) =>
        _changes[account] = _changes.GetValueOrDefault(account) + change;
}
