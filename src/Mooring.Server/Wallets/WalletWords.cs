using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mooring.Server.Disks;
using Mooring.Server.Persistence;

namespace Mooring.Server.Wallets;

/// <summary>
/// What a wallet that is low or empty means for what it pays for, and what can be done about it, for explanations.
/// </summary>
/// <param name="Id">The wallet.</param>
/// <param name="Next">What comes of it, in sentences.</param>
internal sealed record WalletWords(WalletId Id, string Next)
{
    /// <summary>What can be done, a sentence each, with the command.</summary>
    public IReadOnlyList<string> YouCan { get; } =
    [
        "Have its wallet topped up, which an operator does: "
            + $"mooring wallets top-up {Id} --amount USD --reference TEXT.",
        $"See what is left in it, and what comes next: mooring wallets show {Id}.",
    ];

    /// <summary>For a disk whose delete is not accepted; null where there is nothing to tell.</summary>
    public static Task<WalletWords?> OnDiskAsync(
        MooringDb db, Disk disk, WalletLimits limits, DateTimeOffset now, CancellationToken ct) =>
        OfAsync(db, disk.WalletId, now, wallet => WhenEmpty(disk, wallet, limits, now), "stopped", ct);

    /// <summary>For an instance that has not ended; null where there is nothing to tell.</summary>
    public static Task<WalletWords?> OnPodAsync(
        MooringDb db, WalletId id, DateTimeOffset now, CancellationToken ct) =>
        OfAsync(db, id, now, wallet => $"{SinceWhen(wallet)}: so it is ended.", "ended", ct);

    private static async Task<WalletWords?> OfAsync(
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
            { EmptySince: not null } => new WalletWords(id, whenEmpty(wallet)),
            _ when WalletLifecycle.RunsOutAt(wallet, now) is { } at => new WalletWords(
                id, $"Its wallet {id} is low, and used up at {Second(at)} as things are: then it is {becomes}."),
            _ => new WalletWords(id, $"Its wallet {id} is low."),
        };
    }

    private static string WhenEmpty(Disk disk, Wallet wallet, WalletLimits limits, DateTimeOffset now)
    {
        var balance = WalletLifecycle.UsdOf(wallet, now);
        var words = disk switch
        {
            { IsUnpaid: true } =>
                $"It goes on once wallet {wallet.Id}, whose balance is {balance}, is topped up above nothing.",
            // What somebody suspended rests whoever pays.
            { Status: DiskStatus.Stopped } => $"{SinceWhen(wallet)}; its balance is {balance}.",
            _ => $"{SinceWhen(wallet)}; its balance is {balance}. Until that is above nothing, the disk is stopped as "
                + "soon as it is ready and nobody holds it.",
        };
        return WalletLifecycle.KeptUntil(wallet, limits) is { } end
            ? $"{words} Otherwise it is deleted with all its data, not before {Second(end)}."
            : words;
    }

    private static string SinceWhen(Wallet wallet) =>
        $"Its wallet {wallet.Id} has been empty since {Second(wallet.EmptySince!.Value)}";

    private static string Second(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);
}
