namespace Mooring.Contract.Native;

/// <summary>How a wallet pays.</summary>
public static class WalletModes
{
    /// <summary>What is used is recorded and shown; nothing is refused for want of money.</summary>
    public const string Showback = "showback";

    /// <summary>What is used is drawn from credit; where that is used up, things stop.</summary>
    public const string Prepaid = "prepaid";
}

/// <summary>How a wallet stands.</summary>
public static class WalletStatuses
{
    /// <summary>There is enough, or nothing is asked of it, as in showback.</summary>
    public const string Funded = "FUNDED";

    /// <summary>Its balance is what operators have set as low, or less.</summary>
    public const string Low = "LOW";

    /// <summary>
    /// Its credit is used up: its instances are ended, its disks STOPPED; they are kept until its grace time is over.
    /// </summary>
    public const string Empty = "EMPTY";
}

/// <summary>What a user's or a team's costs are drawn from, and how far it reaches.</summary>
public sealed record PayingWallet
{
    /// <summary>The wallet's id.</summary>
    public required string Id { get; init; }

    /// <summary>The user whose wallet it is; null for a team's.</summary>
    public required string? UserId { get; init; }

    /// <summary>The team whose wallet it is; null for a user's.</summary>
    public required string? TeamId { get; init; }

    /// <summary>The user's or the team's name.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="WalletModes"/>.</summary>
    public required string Mode { get; init; }

    /// <summary>One of <see cref="WalletStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>All that was ever put in, less what was taken out, in USD.</summary>
    public required decimal CreditUsd { get; init; }

    /// <summary>All that was ever used until now, in USD, rounded to 1e-12.</summary>
    public required decimal SpentUsd { get; init; }

    /// <summary>What is left, in USD: credit less what was spent. May be below zero.</summary>
    public required decimal BalanceUsd { get; init; }

    /// <summary>
    /// What a new disk or instance has to leave untouched, in USD: an hour of everything that is there, at full price.
    /// </summary>
    public required decimal ReservedUsd { get; init; }

    /// <summary>What is used now, in USD per hour.</summary>
    public required decimal SpendPerHour { get; init; }

    /// <summary>
    /// When the balance will be used up if everything stays as it is, UTC; null where it is used up already, lasts for
    /// more than a hundred years, or is not asked for, as in showback.
    /// </summary>
    public required DateTimeOffset? RunsOutAt { get; init; }

    /// <summary>Since when the wallet is empty, UTC; null where it is not.</summary>
    public required DateTimeOffset? EmptySince { get; init; }

    /// <summary>
    /// When its disks are deleted at the earliest, UTC, unless it is topped up; null where it is not empty, or
    /// pays for no disk.
    /// </summary>
    public required DateTimeOffset? ReclaimedFrom { get; init; }

    /// <summary>How many of the three warnings of that have been given.</summary>
    public required int WarningsGiven { get; init; }
}

/// <summary>Body of PATCH <c>/api/mooring/v1/wallets/{id}</c>.</summary>
public sealed record ChangeWalletRequest
{
    /// <summary>One of <see cref="WalletModes"/>.</summary>
    public string? Mode { get; init; }
}

/// <summary>Body of POST <c>/api/mooring/v1/wallets/{id}/credits</c>.</summary>
public sealed record TopUpRequest
{
    /// <summary>
    /// USD, with 12 decimals at the most, between -1,000,000 and 1,000,000 and not 0; below zero it is taken out.
    /// </summary>
    public decimal? AmountUsd { get; init; }

    /// <summary>What it is for, 1 to 255 characters, for example the number of an invoice.</summary>
    public string? Reference { get; init; }
}

/// <summary>Answer of POST <c>/api/mooring/v1/wallets/{id}/credits</c>.</summary>
/// <param name="Credit">What was booked.</param>
/// <param name="Wallet">The wallet after it.</param>
public sealed record ToppedUp(Credit Credit, PayingWallet Wallet);

/// <summary>Answer of GET <c>/api/mooring/v1/wallets/{id}/credits</c>, newest first.</summary>
/// <param name="Data">This page.</param>
/// <param name="Next">What to ask for as <c>before</c> for the next page; null where there is none.</param>
public sealed record CreditList(IReadOnlyList<Credit> Data, long? Next);

/// <summary>Money that was put into a wallet or taken out of it; never changed.</summary>
public sealed record Credit
{
    /// <summary>Its number; later ones are larger.</summary>
    public required long Number { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>USD; below zero it was taken out.</summary>
    public required decimal AmountUsd { get; init; }

    /// <summary>What it is for.</summary>
    public required string Reference { get; init; }

    /// <summary>The user who booked it.</summary>
    public required string UserId { get; init; }
}
