using Mooring.Cli.Output;
using Mooring.Contract.Native;

namespace Mooring.Cli.Commands.Wallets;

/// <summary>How wallets are shown.</summary>
internal static class WalletTables
{
    private const int Warnings = 3;

    public static Table<PayingWallet> List(TimeProvider time) => new(
        new Column<PayingWallet>("ID", wallet => wallet.Id),
        new Column<PayingWallet>("WHOSE", Whose) { WidthMin = 10 },
        new Column<PayingWallet>("MODE", wallet => wallet.Mode) { LeftOut = 3 },
        new Column<PayingWallet>("STATUS", wallet => wallet.Status) { Colour = Colours.OfStatus },
        new Column<PayingWallet>("BALANCE USD", wallet => Words.Price(wallet.BalanceUsd)) { IsRight = true },
        new Column<PayingWallet>("USD/H", wallet => Words.Price(wallet.SpendPerHour)) { IsRight = true, LeftOut = 2 },
        new Column<PayingWallet>("RUNS OUT", wallet => Until(wallet.RunsOutAt, time)),
        new Column<PayingWallet>("DISKS GONE", wallet => Until(wallet.ReclaimedFrom, time)),
        new Column<PayingWallet>(
            "AT", wallet => (wallet.RunsOutAt ?? wallet.ReclaimedFrom) is { } end ? Words.Instant(end) : null)
        {
            LeftOut = 1,
        });

    public static Table<Credit> Credits { get; } = new(
        new Column<Credit>("NO", credit => $"{credit.Number}") { IsRight = true, LeftOut = 1 },
        new Column<Credit>("AT", credit => Words.Instant(credit.At)),
        new Column<Credit>("USD", credit => Words.Price(credit.AmountUsd)) { IsRight = true },
        new Column<Credit>("BY", credit => credit.UserId) { LeftOut = 2 },
        new Column<Credit>("REFERENCE", credit => credit.Reference) { WidthMin = 12 });

    public static IReadOnlyList<(string Name, string? Value)> Details(PayingWallet wallet, TimeProvider time) =>
    [
        ("id", wallet.Id),
        ("whose", $"{Whose(wallet)} ({wallet.TeamId ?? wallet.UserId})"),
        ("mode", wallet.Mode),
        ("status", wallet.Status),
        ("balance", $"{Words.Price(wallet.BalanceUsd)} USD"),
        ("booked", $"{Words.Price(wallet.CreditUsd)} USD"),
        ("spent", $"{Words.Price(wallet.SpentUsd)} USD"),
        ("reserved", wallet.Mode == WalletModes.Prepaid ? $"{Words.Price(wallet.ReservedUsd)} USD" : null),
        ("spends", $"{Words.Price(wallet.SpendPerHour)} USD/h"),
        ("runs out", When(wallet.RunsOutAt, time)),
        ("empty since", When(wallet.EmptySince, time)),
        ("disks kept until", When(wallet.ReclaimedFrom, time)),
        ("warnings given", wallet.ReclaimedFrom is null ? null : $"{wallet.WarningsGiven} of {Warnings}"),
        ("next", Next(wallet, time)),
    ];

    /// <summary>Whose it is: <c>team vision</c>.</summary>
    public static string Whose(PayingWallet wallet) =>
        $"{(wallet.TeamId is null ? "user" : "team")} {wallet.Name}";

    /// <summary>What a sentence calls it, with its id.</summary>
    public static string InWords(PayingWallet wallet) => $"the wallet of {Whose(wallet)} ({wallet.Id})";

    /// <summary>What comes next, in sentences; null where there is enough.</summary>
    public static string? Next(PayingWallet wallet, TimeProvider time) => wallet.Status switch
    {
        WalletStatuses.Empty when wallet.ReclaimedFrom is null =>
            "Its instances are ended, and it pays for no disk. "
            + Cure(wallet, "Topped up above nothing, it pays for new ones"),
        WalletStatuses.Empty => "Its instances are ended, and its disks STOPPED: "
            + $"{Keeping(wallet, time)}. {Cure(wallet, "Topped up above nothing, its disks are used again")}",
        // No worker has seen it yet.
        _ when wallet is { Mode: WalletModes.Prepaid, BalanceUsd: <= 0 } =>
            "It is used up: its instances are about to be ended, and its disks STOPPED. "
            + Cure(wallet, "Topped up above nothing, its disks are used again"),
        WalletStatuses.Low => $"{Lasting(wallet, time)} {Cure(wallet, "Topped up before, all goes on")}",
        _ => null,
    };

    private static string Lasting(PayingWallet wallet, TimeProvider time) => wallet.RunsOutAt is { } end
        ? $"Its balance is used up {Words.Until(end, time)} if all goes on as it is; then its instances are ended, and "
            + "its disks STOPPED."
        : "Its balance lasts if all goes on as it is; where it is used up, instances are ended, and disks STOPPED.";

    // Nothing is deleted before the last warning: where there was no disk to warn of, or no server to do it, later.
    private static string Keeping(PayingWallet wallet, TimeProvider time) => wallet switch
    {
        { ReclaimedFrom: { } end } when end > time.GetUtcNow() =>
            $"they are kept until {Words.Instant(end)} ({Words.Until(end, time)}) at the least, then all of them are "
            + "deleted, also those whose deletion is forbidden",
        { WarningsGiven: Warnings } => "their time is over, and all of them are deleted",
        _ => "they are kept until all warnings are given",
    };

    private static string Cure(PayingWallet wallet, string effect) =>
        $"{effect}: mooring wallets top-up {wallet.Id} --amount USD --reference TEXT (an operator does that).";

    private static string? Until(DateTimeOffset? at, TimeProvider time) =>
        at is { } then ? Words.Until(then, time) : null;

    private static string? When(DateTimeOffset? at, TimeProvider time) =>
        at is { } then ? $"{Words.Instant(then)} ({Words.Until(then, time)})" : null;
}
