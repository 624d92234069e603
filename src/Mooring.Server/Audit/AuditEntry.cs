using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Audit;

/// <summary>
/// What somebody did, or was refused: who, from where, what, and with what result. Entries are only ever added; nothing
/// changes one, and nothing but <see cref="TrailRetention"/> deletes any. No body and no secret is in one.
/// </summary>
internal sealed record AuditEntry
{
    public const int TargetCharactersMost = 64;
    public const int WordsCharactersMost = 500;

    /// <summary>Given by the database, in the order of writing.</summary>
    public long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The public part of the key that was used; null where no valid one was.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>The key's user.</summary>
    public UserId? UserId { get; init; }

    /// <summary>The account that the key acts for by itself.</summary>
    public AccountId? AccountId { get; init; }

    /// <summary>Where the request came from, as far as the connection and trusted proxies tell.</summary>
    public string? Address { get; init; }

    /// <summary>As in the answer's <c>X-Request-Id</c> and in the log.</summary>
    public required string RequestId { get; init; }

    /// <summary>The route's name in the API reference; null where the request came to none.</summary>
    public string? Action { get; init; }

    /// <summary>The id of what it was about, or of what was made.</summary>
    public string? Target { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>Why it was refused; of a change, what the rest does not tell.</summary>
    public string? Words { get; init; }
}

internal sealed class AuditEntryTable : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries");
        builder.HasKey(entry => entry.Number);
        builder.Property(entry => entry.Number).ValueGeneratedOnAdd();
        builder.Property(entry => entry.KeyPrefix).HasMaxLength(16);
        builder.Property(entry => entry.Address).HasMaxLength(64);
        builder.Property(entry => entry.RequestId).HasMaxLength(64);
        builder.Property(entry => entry.Action).HasMaxLength(64);
        builder.Property(entry => entry.Target).HasMaxLength(AuditEntry.TargetCharactersMost);
        builder.Property(entry => entry.Words).HasMaxLength(AuditEntry.WordsCharactersMost);
        // Each costs every change a write. By time there is none: numbers grow with it (TrailDays).
        builder.HasIndex(entry => new { entry.KeyPrefix, entry.Number });
        builder.HasIndex(entry => new { entry.UserId, entry.Number });
        builder.HasIndex(entry => new { entry.Target, entry.Number });
        builder.HasIndex(entry => new { entry.Action, entry.Number });
        // Refusals are few among many: this costs a change nothing.
        builder.HasIndex(entry => entry.Number, "ix_audit_entries_refused").HasFilter("status >= 400");
    }
}
