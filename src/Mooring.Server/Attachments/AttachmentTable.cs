using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Attachments;

internal sealed class AttachmentTable : IEntityTypeConfiguration<Attachment>
{
    public void Configure(EntityTypeBuilder<Attachment> builder)
    {
        builder.ToTable("attachments");
        builder.HasKey(attachment => attachment.Id);
        builder.Ignore(attachment => attachment.IsUnreleased);
        builder.Property(attachment => attachment.MountPath).HasMaxLength(255);
        builder.Property(attachment => attachment.Version).IsConcurrencyToken();

        builder.HasIndex(attachment => new { attachment.PodId, attachment.Ordinal }).IsUnique();
        builder.HasIndex(attachment => attachment.DiskId, "ix_attachments_unreleased")
            .HasFilter("released_at IS NULL");
        // Since when a disk is idle.
        builder.HasIndex(attachment => new { attachment.DiskId, attachment.ReleasedAt }, "ix_attachments_released")
            .HasFilter("released_at IS NOT NULL");
        // Whatever the code thinks: of a single-holder disk there is one holder.
        builder.HasIndex(attachment => attachment.DiskId, "ux_attachments_single_holder")
            .IsUnique()
            .HasFilter("released_at IS NULL AND is_exclusive");
    }
}
