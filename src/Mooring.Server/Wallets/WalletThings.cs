using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Accounts;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;
using Mooring.Server.Pods;

namespace Mooring.Server.Wallets;

/// <summary>
/// Carries out what a wallet's state means for its instances and disks: ends and stops them, has them go on, deletes
/// them. In portions, each a transaction that is undone where the wallet's state has changed by its end: a disk that
/// was paid for meanwhile is neither stopped nor deleted.
/// </summary>
internal sealed class WalletThings(Database database, MooringOptions options, TimeProvider time)
{
    private const int Portion = 50;

    /// <summary>Does a portion of it.</summary>
    /// <returns>Whether there may be more that can be done at once.</returns>
    public async Task<bool> DoAsync(Wallet wallet, WalletWork work, CancellationToken ct)
    {
        try
        {
            return await database.WriteAsync(
                async (db, token) =>
                {
                    var count = work switch
                    {
                        WalletWork.Resume => await ResumeAsync(db, wallet, token),
                        WalletWork.Stop => await EndPodsAsync(db, wallet, token) + await StopAsync(db, wallet, token),
                        _ => await EndPodsAsync(db, wallet, token) + await ReclaimAsync(db, wallet, token),
                    };
                    // Disks and pods before wallets, as everybody locks them.
                    await db.SaveChangesAsync(token);
                    return count == 0 || await IsStillAsync(db, wallet.Id, work, token)
                        ? count > 0
                        : throw new WalletChangedException();
                },
                ct);
        }
        catch (WalletChangedException)
        {
            // It is looked at anew, and what it means then is done.
            return true;
        }
    }

    // Held until the transaction ends, so that whoever tops it up or takes out waits for this or is seen by it.
    private async Task<bool> IsStillAsync(MooringDb db, WalletId id, WalletWork work, CancellationToken ct)
    {
        await db.LockWalletAsync(id, ct);
        var wallet = await db.Wallets.AsNoTracking().SingleAsync(one => one.Id == id, ct);
        var isPaid = !wallet.IsPrepaid || wallet.BalanceAt(time.Now()) > 0;
        return WalletLifecycle.WorkOf(wallet) == work && isPaid == (work == WalletWork.Resume);
    }

    private async Task<int> EndPodsAsync(MooringDb db, Wallet wallet, CancellationToken ct)
    {
        var pods = await db.Pods.AsNoTracking()
            .Where(pod => pod.AccountId == wallet.AccountId && pod.TerminatedAt == null
                && pod.Status != PodStatus.Deleting)
            .OrderBy(pod => pod.Id)
            .Take(Portion)
            .ToListAsync(ct);
        foreach (var work in await PodQueries.WithAttachmentsAsync(db, pods, ct))
        {
            await db.WriteAsync(
                PodLifecycle.Delete(work, options.PodLimits, time.Now(), $"{WhyOf(wallet)}."),
                options.DiskLimits,
                null,
                ct);
            // The next one may hold the same disk.
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }

        return pods.Count;
    }

    private async Task<int> StopAsync(MooringDb db, Wallet wallet, CancellationToken ct)
    {
        var disks = await FreeDisksOf(db, wallet).Where(disk => disk.Status == DiskStatus.Active)
            .OrderBy(disk => disk.Id)
            .Take(Portion)
            .ToListAsync(ct);
        foreach (var disk in disks)
        {
            // Until when it is kept is no part of it: that may change while it rests.
            await db.WriteAsync(disk.StopUnpaid($"{WhyOf(wallet)}.", time.Now()), null, ct);
        }

        return disks.Count;
    }

    private async Task<int> ResumeAsync(MooringDb db, Wallet wallet, CancellationToken ct)
    {
        var disks = await db.Disks.AsNoTracking()
            .Where(disk => disk.WalletId == wallet.Id && disk.IsUnpaid && disk.TerminatedAt == null)
            .OrderBy(disk => disk.Id)
            .Take(Portion)
            .ToListAsync(ct);
        foreach (var disk in disks)
        {
            await db.WriteAsync(disk.ResumePaid("Its wallet pays again.", time.Now()), null, ct);
        }

        return disks.Count;
    }

    private async Task<int> ReclaimAsync(MooringDb db, Wallet wallet, CancellationToken ct)
    {
        var disks = await FreeDisksOf(db, wallet).OrderBy(disk => disk.Id).Take(Portion).ToListAsync(ct);
        foreach (var disk in disks)
        {
            var words = $"{WhyOf(wallet)}, and {WalletLimits.Warnings} warnings were given: its time of grace is over.";
            await db.WriteAsync(disk.Reclaim(options.DiskLimits, words, time.Now()), null, ct);
        }

        return disks.Count;
    }

    private static string WhyOf(Wallet wallet) =>
        string.Create(
            CultureInfo.InvariantCulture, $"Its wallet {wallet.Id} has been empty since {wallet.EmptySince:u}");

    /// <summary>Disks of a wallet that nobody holds and whose delete is not accepted.</summary>
    private static IQueryable<Disk> FreeDisksOf(MooringDb db, Wallet wallet) => DisksOf(db, wallet)
        .Where(disk => !db.Attachments.Any(hold => hold.DiskId == disk.Id && hold.ReleasedAt == null));

    /// <summary>Disks of a wallet whose delete is not accepted.</summary>
    public static IQueryable<Disk> DisksOf(MooringDb db, Wallet wallet) => db.Disks.AsNoTracking()
        .Where(disk => disk.AccountId == wallet.AccountId && disk.TerminatedAt == null
            && disk.Status != DiskStatus.Deleting);

    /// <summary>Undoes a portion whose reason is gone.</summary>
    private sealed class WalletChangedException : Exception;
}
