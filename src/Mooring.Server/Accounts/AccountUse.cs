using Mooring.Providers;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Accounts;

/// <summary>
/// By how much a unit of work changes what accounts have: disks, GB, instances and what these cost per hour, from their
/// acceptance until they are gone. Written once for all units of a transaction, at its end: on SQLite hundreds of
/// creations share one update.
/// </summary>
internal sealed class AccountUse
{
    private static readonly Statement Add = new(
        """
        UPDATE accounts SET current_disks = current_disks + @disks, current_gib = current_gib + @gib,
            current_pods = current_pods + @pods, current_rate = current_rate + @rate
        WHERE id = @account
        """,
        "@disks",
        "@gib",
        "@pods",
        "@rate",
        "@account");

    // Only where it still fits: a row that another transaction has changed meanwhile is looked at anew.
    private static readonly Statement Reserve = new(
        $"""
        {Add.Sql}
            AND (quota_disks IS NULL OR current_disks + @disks <= quota_disks)
            AND (quota_gib IS NULL OR current_gib + @gib <= quota_gib)
            AND (quota_pods IS NULL OR current_pods + @pods <= quota_pods)
            AND (quota_rate IS NULL OR current_rate + @rate <= quota_rate)
        """,
        "@disks",
        "@gib",
        "@pods",
        "@rate",
        "@account");

    private readonly Dictionary<AccountId, Used> _changes = [];

    /// <summary>Takes note of a disk as it was, null where it was not, and as it is.</summary>
    public void Note(Disk? before, Disk after) => Change(after.AccountId, Used.By(after) - Used.By(before));

    /// <summary>Takes note of an instance as it was, null where it was not, and as it is.</summary>
    public void Note(Pod? before, Pod after) => Change(after.AccountId, Used.By(after) - Used.By(before));

    /// <summary>
    /// Takes for an account what a new resource will use, if its quota leaves that much; what the resource itself notes
    /// later in the same unit is not counted again. Two that each see the last of a quota can't both get it.
    /// </summary>
    /// <returns>False if the quota does not leave that much; nothing was taken.</returns>
    public async Task<bool> TryReserveAsync(MooringDb db, AccountId account, Used wanted, CancellationToken ct)
    {
        if (await db.ExecuteAsync(Reserve, wanted.For(account), ct) != 1)
        {
            return false;
        }

        Change(account, Used.Nothing - wanted);
        return true;
    }

    public void Clear() => _changes.Clear();

    /// <summary>Adds what another unit of the same transaction has changed.</summary>
    public void AddAll(AccountUse others)
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
            .Where(one => one.Value != Used.Nothing)
            .OrderBy(one => one.Key.Value, StringComparer.Ordinal))
        {
            await db.ExecuteAsync(Add, change.For(account), ct);
        }
    }

    private void Change(AccountId account, Used change)
    {
        if (change != Used.Nothing)
        {
            _changes[account] = _changes.GetValueOrDefault(account) + change;
        }
    }
}

/// <summary>What resources use of an account's quota.</summary>
/// <param name="Disks">How many disks.</param>
/// <param name="GiB">Their sizes together, in GB of 2^30 bytes.</param>
/// <param name="Pods">How many instances.</param>
/// <param name="Rate">What all of them cost per hour at their full price.</param>
internal readonly record struct Used(int Disks, long GiB, int Pods, Money Rate)
{
    public static Used Nothing => default;

    /// <summary>What a disk uses: nothing once it is gone.</summary>
    public static Used By(Disk? disk) =>
        disk is { TerminatedAt: null } ? new(1, disk.SizeGiB, 0, disk.PriceHr) : Nothing;

    /// <summary>What an instance uses: nothing once it is gone.</summary>
    public static Used By(Pod? pod) => pod is { TerminatedAt: null } ? new(0, 0, 1, pod.PriceHr) : Nothing;

    public static Used operator +(Used left, Used right) => new(
        left.Disks + right.Disks,
        left.GiB + right.GiB,
        left.Pods + right.Pods,
        new Money(left.Rate.PicoUsd + right.Rate.PicoUsd));

    public static Used operator -(Used left, Used right) => new(
        left.Disks - right.Disks,
        left.GiB - right.GiB,
        left.Pods - right.Pods,
        new Money(left.Rate.PicoUsd - right.Rate.PicoUsd));

    public IReadOnlyList<object?> For(AccountId account) => [Disks, GiB, Pods, Rate.PicoUsd, account.Value];
}
