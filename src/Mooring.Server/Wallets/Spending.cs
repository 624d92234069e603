using Mooring.Providers;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Wallets;

/// <summary>
/// How a unit of work turns wallets' <see cref="SpendingLine"/>: by every usage span that it opens or closes. Written
/// once for all units of a transaction, at its end, as <see cref="Accounts.AccountUse"/> is.
/// </summary>
internal sealed class Spending
{
    // Whoever works on the wallet meanwhile has read another line: the version tells. A prepaid wallet is to be looked
    // at, as it lasts for another time now.
    private static readonly Statement Turn = new(
        """
        UPDATE wallets SET rate = rate + @rate,
            offset_high = offset_high + @high + (offset_low + @low) / 1000000000000000000,
            offset_low = (offset_low + @low) % 1000000000000000000,
            version = version + 1
        WHERE id = @wallet
        """,
        "@rate",
        "@high",
        "@low",
        "@wallet");

    private static readonly Statement Look = new(
        "UPDATE wallets SET due_at = @now, version = version + 1 WHERE id = @wallet AND is_prepaid",
        "@now",
        "@wallet");

    private readonly Dictionary<WalletId, SpendingLine> _turns = [];

    /// <summary>Takes note of another price.</summary>
    /// <param name="wallet">What pays it.</param>
    /// <param name="before">What was paid per hour; null for nothing.</param>
    /// <param name="after">What is paid from then on.</param>
    /// <param name="at">When.</param>
    public void Note(WalletId wallet, Money? before, Money? after, DateTimeOffset at) =>
        Add(wallet, SpendingLine.Turn(before, after, at));

    /// <summary>
    /// Takes note of what turns no line and is still a wallet's business: an empty one waits for its disks to be free.
    /// </summary>
    public void Touch(WalletId wallet) => Add(wallet, default);

    public void Clear() => _turns.Clear();

    /// <summary>Adds what another unit of the same transaction has changed.</summary>
    public void AddAll(Spending others)
    {
        foreach (var (wallet, turn) in others._turns)
        {
            Add(wallet, turn);
        }
    }

    /// <summary>Writes them, in one order of wallets for all: no two transactions wait for each other.</summary>
    /// <returns>The work that this has made.</returns>
    public async Task<WorkKinds> WriteAsync(MooringDb db, CancellationToken ct)
    {
        var wakes = WorkKinds.None;
        foreach (var (wallet, turn) in _turns.OrderBy(one => one.Key.Value, StringComparer.Ordinal))
        {
            if (turn != default)
            {
                var (high, low) = turn.Stored();
                await db.ExecuteAsync(Turn, [turn.Rate, high, low, wallet.Value], ct);
            }

            var due = Clock.ToMicroseconds(db.DueClock);
            wakes |= await db.ExecuteAsync(Look, [due, wallet.Value], ct) > 0 ? WorkKinds.Wallets : WorkKinds.None;
        }

        return wakes;
    }

    private void Add(WalletId wallet, SpendingLine turn) => _turns[wallet] = _turns.GetValueOrDefault(wallet) + turn;
}
