using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mooring.Contract.Native;
using Mooring.Providers;
using Mooring.Server.Ledger;
using Mooring.Server.Reconciling;

namespace Mooring.Server.Wallets;

/// <summary>
/// What an account's costs are drawn from, or shown against: an immutable value. What becomes of it in time is in
/// <see cref="WalletLifecycle"/>.
/// </summary>
internal sealed record Wallet : IWorkRow
{
    private const long PicoPerUsd = 1_000_000_000_000;

    public required WalletId Id { get; init; }
    public required AccountId AccountId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether what is used is drawn from credit, and refused where there is none left.</summary>
    public bool IsPrepaid { get; init; }

    /// <summary>
    /// All that was ever put in, less what was taken out: the sum of its <see cref="CreditEntry"/>. Whole USD and the
    /// rest apart, as in years more goes through a wallet than 64 bits hold of 1e-12 USD.
    /// </summary>
    public long CreditUsd { get; init; }

    /// <summary>The rest of that, in 1e-12 USD, from 0 on and less than one USD.</summary>
    public long CreditPicoUsd { get; init; }

    /// <summary>
    /// What is paid per hour now; with the offset a <see cref="SpendingLine"/>, which whoever opens or closes a usage
    /// span turns in the same transaction (<see cref="Spending"/>).
    /// </summary>
    public Money Rate { get; init; }

    /// <summary>
    /// The line's offset; null in records of before there were lines, until a start has worked it out.
    /// </summary>
    public long? OffsetHigh { get; init; }
    public long? OffsetLow { get; init; }

    /// <summary>Since when its balance is low, and an event has told so; null while it is not.</summary>
    public DateTimeOffset? LowSince { get; init; }

    /// <summary>Since when its credit is used up; null while it is not.</summary>
    public DateTimeOffset? EmptySince { get; init; }

    /// <summary>
    /// From when its grace time counts: since it is empty and pays for disks. Null while there is none to delete.
    /// </summary>
    public DateTimeOffset? GraceFrom { get; init; }

    /// <summary>How far its grace time has come: 1 to 3 are the warnings, 4 is its end.</summary>
    public int GraceStage { get; init; }

    /// <summary>When it came to that stage.</summary>
    public DateTimeOffset? GraceStageAt { get; init; }

    /// <summary>When its history last went on, which never runs backwards; null while it has none.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }
    public int Attempt { get; init; }
    public string? ClaimToken { get; init; }
    public DateTimeOffset? ClaimUntil { get; init; }
    public bool IsCutOff { get; init; }
    public long Version { get; init; }

    /// <summary>What it has spent.</summary>
    /// <exception cref="InvalidOperationException">No start has worked it out yet.</exception>
    public SpendingLine Line => OffsetHigh is { } high && OffsetLow is { } low
        ? SpendingLine.From(Rate.PicoUsd, high, low)
        : throw new InvalidOperationException($"What wallet {Id} has spent is not known yet.");

    /// <summary>All that was put in, less what was taken out, in 1e-12 USD.</summary>
    public Int128 Credit
    {
        get => ((Int128)CreditUsd * PicoPerUsd) + CreditPicoUsd;
        init => (CreditUsd, CreditPicoUsd) = value >= 0 || value % PicoPerUsd == 0
            ? ((long)(value / PicoPerUsd), (long)(value % PicoPerUsd))
            : ((long)(value / PicoPerUsd) - 1, (long)(value % PicoPerUsd) + PicoPerUsd);
    }

    /// <summary>One of <see cref="WalletStatuses"/>.</summary>
    public string Status => EmptySince is not null ? WalletStatuses.Empty
        : LowSince is not null ? WalletStatuses.Low
        : WalletStatuses.Funded;

    /// <summary>What is left, exact, as <see cref="Accrual"/> has sums; below zero where more was spent.</summary>
    /// <exception cref="OverflowException">It is beyond what a sum can hold.</exception>
    public Int128 BalanceAt(DateTimeOffset now) => checked(Accrual.SumOf(Credit) - Line.At(now));
}

/// <summary>Money that was put into a wallet or taken out of it; never changed, never removed.</summary>
internal sealed record CreditEntry
{
    public const int ReferenceCharactersMost = 255;

    public long Number { get; init; }
    public required WalletId WalletId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Below zero it was taken out.</summary>
    public required Money Amount { get; init; }
    public required string Reference { get; init; }
    public required UserId UserId { get; init; }
}

internal sealed class WalletTable : IEntityTypeConfiguration<Wallet>
{
    public void Configure(EntityTypeBuilder<Wallet> builder)
    {
        builder.ToTable("wallets");
        builder.HasKey(wallet => wallet.Id);
        builder.Ignore(wallet => wallet.Line);
        builder.Ignore(wallet => wallet.Status);
        builder.Ignore(wallet => wallet.Credit);
        builder.Property(wallet => wallet.Version).IsConcurrencyToken();
        builder.Property(wallet => wallet.ClaimToken).HasMaxLength(32).IsConcurrencyToken();
        builder.HasIndex(wallet => new { wallet.CreatedAt, wallet.Id });
        // Only wallets that want something are in it; of those of showback none ever does.
        builder.HasIndex(wallet => wallet.DueAt, "ix_wallets_due").HasFilter("due_at IS NOT NULL");
        // How many are low or empty is counted whenever metrics are read.
        builder.HasIndex(wallet => wallet.EmptySince, "ix_wallets_low").HasFilter("low_since IS NOT NULL");
    }
}

internal sealed class CreditEntryTable : IEntityTypeConfiguration<CreditEntry>
{
    public void Configure(EntityTypeBuilder<CreditEntry> builder)
    {
        builder.ToTable("credit_entries");
        builder.HasKey(entry => entry.Number);
        builder.Property(entry => entry.Number).ValueGeneratedOnAdd();
        builder.Property(entry => entry.Reference).HasMaxLength(CreditEntry.ReferenceCharactersMost);
        builder.HasIndex(entry => new { entry.WalletId, entry.Number });
    }
}
