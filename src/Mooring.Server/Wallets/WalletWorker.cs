using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mooring.Server.Ledger;
using Mooring.Server.Persistence;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Wallets;

/// <summary>
/// Steps wallets: asks <see cref="WalletLifecycle"/> how a wallet stands, writes that, and has its things follow. It
/// calls no provider: what instances and disks do is their own workers'.
/// </summary>
internal sealed partial class WalletWorker(
    Database database,
    WalletThings things,
    MooringOptions options,
    BackOff backOff,
    TimeProvider time,
    ILogger<WalletWorker> logger) : IWorker
{
    public WorkKinds Kind => WorkKinds.Wallets;

    public int Concurrency => 4;

    public async Task<bool> StepAsync(string id, string token, bool isLast, CancellationToken ct)
    {
        var (change, wallet) = await LookAsync(new WalletId(id), token, ct);
        if (change is null || wallet is null)
        {
            return false;
        }

        var isMore = await things.DoAsync(wallet, WalletLifecycle.WorkOf(wallet), ct);
        return await EndAsync(wallet, token, isMore ? null : change.Due, isLast, ct);
    }

    public Task PutOffAsync(string id, string token, CancellationToken ct) => database.WriteAsync(
        async (db, token2) =>
        {
            var wallet = await ReadAsync(db, new WalletId(id), token2);
            if (wallet.ClaimToken == token)
            {
                var due = new Due.At(time.Now() + backOff.Ceiling);
                await db.WriteAsync(new WalletChange(wallet, Free(wallet), due, time.Now(), []), token2);
            }
        },
        ct);

    /// <summary>Writes how the wallet stands now; null where the claim is lost.</summary>
    private async Task<(WalletChange? Change, Wallet? After)> LookAsync(WalletId id, string claim, CancellationToken ct)
    {
        var (change, after) = await database.WriteAsync<(WalletChange?, Wallet?)>(
            async (db, token) =>
            {
                var wallet = await ReadAsync(db, id, token);
                if (wallet.ClaimToken != claim)
                {
                    return (null, null);
                }

                var known = wallet with { IsCutOff = false };
                var hasDisks = wallet.IsPrepaid && wallet.BalanceAt(time.Now()) <= 0
                    && await WalletThings.DisksOf(db, wallet).AnyAsync(token);
                var change = WalletLifecycle.Look(known, hasDisks, options.WalletLimits, time.Now()) with
                {
                    Before = wallet,
                };
                // It stays due until its things have followed: what a worker that dies has not done is not lost.
                return (change, await db.WriteAsync(change with { Due = null }, token));
            },
            ct);
        foreach (var happening in change?.Happenings ?? [])
        {
            // What stops or deletes somebody's things is to be found among a log's warnings.
            if (happening.What is Happened.BalanceEmpty or Happened.ReclaimWarned or Happened.Reclaimed)
            {
                LogStops(id, happening.What, happening.Words ?? "");
            }
            else
            {
                LogHappened(id, happening.What, happening.Words ?? "");
            }
        }

        return (change, after);
    }

    /// <summary>
    /// Gives the claim back with the next look due, unless there is more to do at once (null). A wallet that changed
    /// meanwhile is due already, by whoever changed it.
    /// </summary>
    private Task<bool> EndAsync(Wallet looked, string claim, Due? next, bool isLast, CancellationToken ct) =>
        database.WriteAsync(
            async (db, token) =>
            {
                var wallet = await ReadAsync(db, looked.Id, token);
                if (wallet.ClaimToken != claim || (next is null && !isLast))
                {
                    return wallet.ClaimToken == claim;
                }

                var due = wallet.Version == looked.Version ? next : null;
                await db.WriteAsync(new WalletChange(wallet, Free(wallet), due, time.Now(), []), token);
                return false;
            },
            ct);

    private static Task<Wallet> ReadAsync(MooringDb db, WalletId id, CancellationToken ct) =>
        db.Wallets.AsNoTracking().SingleAsync(wallet => wallet.Id == id, ct);

    private static Wallet Free(Wallet wallet) => wallet with { ClaimToken = null, ClaimUntil = null };

    [LoggerMessage(Level = LogLevel.Information, Message = "Wallet {Wallet}: {What}. {Words}")]
    private partial void LogHappened(WalletId wallet, Happened what, string words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wallet {Wallet}: {What}. {Words}")]
    private partial void LogStops(WalletId wallet, Happened what, string words);
}
