using Mooring.Contract.Native;
using Mooring.Contract.V1;

namespace Mooring.Cli.Tests.Commands;

/// <summary>Wallets as a server would answer them.</summary>
internal static class WalletRows
{
    public const string Route = "/api/mooring/v1/wallets";

    public static readonly DateTimeOffset Now = new(2026, 11, 25, 2, 45, 28, TimeSpan.Zero);

    /// <summary>Grace's: only shown.</summary>
    public static PayingWallet Grace { get; } = new()
    {
        Id = "cgracewallet",
        UserId = "cgrace",
        TeamId = null,
        Name = "Grace",
        Mode = WalletModes.Showback,
        Status = WalletStatuses.Funded,
        CreditUsd = 0,
        SpentUsd = 1.25m,
        BalanceUsd = -1.25m,
        ReservedUsd = 0,
        SpendPerHour = 0.075m,
        RunsOutAt = null,
        EmptySince = null,
        ReclaimedFrom = null,
        WarningsGiven = 0,
    };

    /// <summary>A team's: prepaid, and low.</summary>
    public static PayingWallet Vision { get; } = Grace with
    {
        Id = "cvisionwallet",
        UserId = null,
        TeamId = "cvision",
        Name = "vision",
        Mode = WalletModes.Prepaid,
        Status = WalletStatuses.Low,
        CreditUsd = 100,
        SpentUsd = 94.3m,
        BalanceUsd = 5.7m,
        ReservedUsd = 0.075m,
        RunsOutAt = Now.AddHours(76),
    };

    /// <summary>The same, used up.</summary>
    public static PayingWallet Empty { get; } = Vision with
    {
        Status = WalletStatuses.Empty,
        SpentUsd = 100.000000000001m,
        BalanceUsd = -0.000000000001m,
        SpendPerHour = 0,
        RunsOutAt = null,
        EmptySince = Now.AddDays(-11),
        ReclaimedFrom = Now.AddDays(3),
        WarningsGiven = 2,
    };

    public static Credit Booked(long number, decimal usd = 100, string reference = "invoice 2026-118") => new()
    {
        Number = number,
        At = Now,
        AmountUsd = usd,
        Reference = reference,
        UserId = "croot",
    };

    public static ListPage<T> Page<T>(params IReadOnlyList<T> rows) =>
        new() { TotalCount = rows.Count, Offset = 0, Limit = 100, Data = rows };
}
