using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Disks;

internal sealed class DiskTable : IEntityTypeConfiguration<Disk>
{
    /// <summary>Characters of a provider's id at the most.</summary>
    public const int RemoteIdLengthMost = 255;

    public void Configure(EntityTypeBuilder<Disk> builder)
    {
        builder.ToTable("disks");
        builder.HasKey(disk => disk.Id);
        builder.Ignore(disk => disk.Presence);
        builder.Ignore(disk => disk.Rate);
        builder.Ignore(disk => disk.CanDrift);
        builder.Ignore(disk => disk.Ref);
        builder.Property(disk => disk.Name).HasMaxLength(255);
        builder.Property(disk => disk.RemoteName).HasMaxLength(64);
        builder.Property(disk => disk.RemoteId).HasMaxLength(RemoteIdLengthMost);
        builder.Property(disk => disk.ForeignName).HasMaxLength(128);
        builder.Property(disk => disk.Version).IsConcurrencyToken();
        builder.Property(disk => disk.ClaimToken).HasMaxLength(32).IsConcurrencyToken();

        builder.HasIndex(disk => new { disk.ProviderAccountId, disk.RemoteName }).IsUnique();
        // Bills may say the provider's ids alone.
        builder.HasIndex(disk => new { disk.ProviderAccountId, disk.RemoteId }, "ix_disks_remote_id")
            .HasFilter("remote_id IS NOT NULL");
        // What others made is registered once, whoever is quicker; of our own names are unique.
        builder.HasIndex(disk => new { disk.ProviderAccountId, disk.RemoteId }, "ix_disks_foreign")
            .IsUnique()
            .HasFilter("foreign_name IS NOT NULL AND terminated_at IS NULL");
        // The list that users see: their own, without what is gone, newest first.
        builder.HasIndex(disk => new { disk.AccountId, disk.CreatedAt, disk.Id }, "ix_disks_current")
            .IsDescending(false, true, true)
            .HasFilter("terminated_at IS NULL");
        // What goes on once its wallet is topped up; few, and mostly none.
        builder.HasIndex(disk => disk.WalletId, "ix_disks_unpaid").HasFilter("is_unpaid");
        // Only rows that want something are in it: steady state costs nothing per disk.
        builder.HasIndex(disk => disk.DueAt, "ix_disks_due").HasFilter("due_at IS NOT NULL");
    }
}
