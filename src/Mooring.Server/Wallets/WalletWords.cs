using Microsoft.EntityFrameworkCore;
using Mooring.Server.Persistence;

namespace Mooring.Server.Wallets;

/// <summary>What a wallet that is low or empty means for what it pays for, for explanations.</summary>
internal static class WalletWords
{
    /// <summary>A sentence for a disk whose delete is not accepted; null where there is nothing to tell.</summary>
    public static Task<string?> OnDiskAsync(
        MooringDb db, WalletId id, WalletLimits limits, DateTimeOffset now, CancellationToken ct) => OfAsync(
        db,
        id,
        now,
        wallet => WalletLifecycle.KeptUntil(wallet, limits) is { } end
            ? $"Its wallet {id} has been empty since {wallet.EmptySince:u}: it rests until that is topped up, and "
                + $"otherwise is deleted, not before {end:u}."
            : $"Its wallet {id} has been empty since {wallet.EmptySince:u}: it rests until that is topped up.",
        "stopped",
        ct);

    /// <summary>A sentence for an instance that has not ended; null where there is nothing to tell.</summary>
    public static Task<string?> OnPodAsync(MooringDb db, WalletId id, DateTimeOffset now, CancellationToken ct) =>
        OfAsync(
            db,
            id,
            now,
            wallet => $"Its wallet {id} has been empty since {wallet.EmptySince:u}: so it is ended.",
            "ended",
            ct);

    private static async Task<string?> OfAsync(
        MooringDb db,
        WalletId id,
        DateTimeOffset now,
        Func<Wallet, string> whenEmpty,
        string becomes,
        CancellationToken ct)
    {
        var wallet = await db.Wallets.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct);
        return wallet switch
        {
            null or { LowSince: null } => null,
            { EmptySince: not null } => whenEmpty(wallet),
            _ when WalletLifecycle.RunsOutAt(wallet, now) is { } at =>
                $"Its wallet {id} is low, and used up at {at:u} as things are: then it is {becomes}.",
            _ => $"Its wallet {id} is low.",
        };
    }
}
