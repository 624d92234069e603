using System.Globalization;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Wallets;

/// <summary>What an empty or refilled wallet's things shall do.</summary>
internal enum WalletWork
{
    /// <summary>Disks that rested for want of money are used again.</summary>
    Resume,

    /// <summary>Instances are ended, and disks rest.</summary>
    Stop,

    /// <summary>Disks are deleted.</summary>
    Reclaim,
}

/// <summary>
/// What becomes of a wallet in time (architecture, section 9). Pure: no database, no clock. A prepaid balance gets low,
/// which is told; is used up, which stops what it paid for; after three warnings and the grace time its disks are
/// deleted; and each of these ends with a balance above zero.
/// </summary>
internal static class WalletLifecycle
{
    // A price that is all but nothing would name a day beyond the calendar.
    private static readonly TimeSpan LongestOutlook = TimeSpan.FromDays(36_525);

    /// <summary>Looks at a wallet: how it stands, and when to look again if nothing changes.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="hasDisks">Whether it pays for disks whose delete is not accepted.</param>
    /// <param name="limits">What prepaid wallets go by.</param>
    /// <param name="now">The time.</param>
    public static WalletChange Look(Wallet wallet, bool hasDisks, WalletLimits limits, DateTimeOffset now)
    {
        return !wallet.IsPrepaid ? Freed(wallet, now)
            : wallet.BalanceAt(now) > 0 ? Funded(wallet, limits, now)
            : Empty(wallet, hasDisks, limits, now);
    }

    /// <summary>What a wallet's things shall do.</summary>
    public static WalletWork WorkOf(Wallet wallet) => wallet.EmptySince is null ? WalletWork.Resume
        : wallet.GraceStage > WalletLimits.Warnings ? WalletWork.Reclaim
        : WalletWork.Stop;

    /// <summary>
    /// When a prepaid balance is used up, if nothing changes; null for never, or in more than a century.
    /// </summary>
    public static DateTimeOffset? RunsOutAt(Wallet wallet, DateTimeOffset now) =>
        wallet.IsPrepaid && wallet.EmptySince is null ? ReachesAt(wallet, Providers.Money.Zero, now) : null;

    /// <summary>Until when an empty wallet's disks are kept at the least; null where there is none to delete.</summary>
    public static DateTimeOffset? KeptUntil(Wallet wallet, WalletLimits limits) =>
        wallet.GraceFrom is { } from ? limits.EndOf(from, wallet.GraceStage, wallet.GraceStageAt) : null;

    /// <summary>What is left, rounded to what people pay with.</summary>
    public static string UsdOf(Wallet wallet, DateTimeOffset now) => Rounded(Accrual.Usd(wallet.BalanceAt(now)));

    // Nothing is drawn from its credit: whatever it was, that is over.
    private static WalletChange Freed(Wallet wallet, DateTimeOffset now) => new(
        wallet,
        NoLongerEmpty(wallet) with { LowSince = null },
        Due.Nothing,
        now,
        wallet.EmptySince is null
            ? []
            : [new Happening(Happened.BalanceRestored, "It is prepaid no longer: its disks are used again.")]);

    private static WalletChange Funded(Wallet wallet, WalletLimits limits, DateTimeOffset now)
    {
        List<Happening> told = [];
        var after = wallet;
        if (wallet.EmptySince is not null)
        {
            after = NoLongerEmpty(after);
            told.Add(new Happening(
                Happened.BalanceRestored, $"Its balance is {UsdOf(wallet, now)}: its disks are used again."));
        }

        var isLow = wallet.BalanceAt(now) <= Accrual.SumOf(limits.Low);
        if (isLow != wallet.LowSince is not null)
        {
            after = after with { LowSince = isLow ? now : null };
            told.AddRange(isLow ? [new Happening(Happened.BalanceLow, WordsOfLow(wallet, limits, now))] : []);
        }

        var next = ReachesAt(wallet, isLow ? Providers.Money.Zero : limits.Low, now);
        return new WalletChange(wallet, after, next is { } at ? new Due.At(at) : Due.Nothing, now, told);
    }

    private static WalletChange Empty(Wallet wallet, bool hasDisks, WalletLimits limits, DateTimeOffset now)
    {
        List<Happening> told = [];
        var after = wallet with { LowSince = wallet.LowSince ?? now, EmptySince = wallet.EmptySince ?? now };
        // Of the time that it paid for no disk, none counts.
        after = !hasDisks ? after with { GraceFrom = null, GraceStage = 0, GraceStageAt = null }
            : after.GraceFrom is null ? after with { GraceFrom = now }
            : after;
        if (wallet.EmptySince is null)
        {
            told.Add(new Happening(Happened.BalanceEmpty, WordsOfEmpty(after, limits, now)));
        }

        if (after.GraceFrom is not { } from)
        {
            return new WalletChange(wallet, after, Due.Nothing, now, told);
        }

        if (after.GraceStage <= WalletLimits.Warnings
            && limits.NextStageAt(from, after.GraceStage, after.GraceStageAt) <= now)
        {
            after = after with { GraceStage = after.GraceStage + 1, GraceStageAt = now };
            told.Add(after.GraceStage > WalletLimits.Warnings
                ? new Happening(Happened.Reclaimed, WordsOfReclaim(after))
                : new Happening(Happened.ReclaimWarned, WordsOfWarning(after, limits, now)));
        }

        return new WalletChange(
            wallet,
            after,
            after.GraceStage > WalletLimits.Warnings
                ? Due.Nothing
                : new Due.At(limits.NextStageAt(from, after.GraceStage, after.GraceStageAt)),
            now,
            told);
    }

    private static Wallet NoLongerEmpty(Wallet wallet) =>
        wallet with { EmptySince = null, GraceFrom = null, GraceStage = 0, GraceStageAt = null };

    // The first microsecond at which no more than that is left.
    private static DateTimeOffset? ReachesAt(Wallet wallet, Providers.Money left, DateTimeOffset now)
    {
        if (wallet.Line.Rate <= 0)
        {
            return null;
        }

        var above = wallet.BalanceAt(now) - Accrual.SumOf(left);
        var microseconds = above <= 0 ? 0 : ((above - 1) / wallet.Line.Rate) + 1;
        return microseconds > (Int128)LongestOutlook.TotalMicroseconds
            ? null
            : now + TimeSpan.FromMicroseconds((long)microseconds);
    }

    private static string WordsOfLow(Wallet wallet, WalletLimits limits, DateTimeOffset now)
    {
        var words = $"Its balance is {UsdOf(wallet, now)}, and low from {Rounded(limits.Low.Usd)} on.";
        return ReachesAt(wallet, Providers.Money.Zero, now) is { } at
            ? $"{words} As things are it is used up at {Day(at)}; then instances are ended and disks stopped."
            : words;
    }

    private static string WordsOfEmpty(Wallet after, WalletLimits limits, DateTimeOffset now)
    {
        var words = $"Its balance is {UsdOf(after, now)}: its instances are ended, and its disks stopped.";
        return KeptUntil(after, limits) is { } end ? $"{words} They are kept until {Day(end)} at the least." : words;
    }

    private static string WordsOfWarning(Wallet after, WalletLimits limits, DateTimeOffset now) =>
        $"Warning {after.GraceStage} of {WalletLimits.Warnings}: its balance is {UsdOf(after, now)}. Unless it is "
        + $"topped up, all its disks are deleted at "
        + $"{Day(KeptUntil(after, limits)!.Value)}, "
        + "also those whose deletion is forbidden.";

    private static string WordsOfReclaim(Wallet after) =>
        $"It has been empty since {Day(after.EmptySince!.Value)}: its disks are deleted now.";

    private static string Day(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);

    private static string Rounded(decimal usd) =>
        string.Create(CultureInfo.InvariantCulture, $"{decimal.Round(usd, 2)} USD");
}
