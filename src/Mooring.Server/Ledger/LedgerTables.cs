using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Ledger;

internal sealed class ResourceEventTable : IEntityTypeConfiguration<ResourceEvent>
{
    public void Configure(EntityTypeBuilder<ResourceEvent> builder)
    {
        builder.ToTable("events");
        builder.HasKey(happened => happened.Number);
        builder.Property(happened => happened.Number).ValueGeneratedOnAdd();
        builder.Property(happened => happened.ResourceId).HasMaxLength(32);
        builder.Property(happened => happened.Status).HasMaxLength(16);
        builder.HasIndex(happened => new { happened.ResourceId, happened.Number });
        // What happens to anything of an account, in order: live history.
        builder.HasIndex(happened => new { happened.AccountId, happened.Number }, "ix_events_of_account");
    }
}

internal sealed class UsageSpanTable : IEntityTypeConfiguration<UsageSpan>
{
    public void Configure(EntityTypeBuilder<UsageSpan> builder)
    {
        builder.ToTable("usage_spans");
        builder.HasKey(span => span.Number);
        builder.Property(span => span.Number).ValueGeneratedOnAdd();
        builder.Property(span => span.ResourceId).HasMaxLength(32);
        builder.HasIndex(span => new { span.ResourceId, span.Number });
        builder.HasIndex(span => new { span.WalletId, span.From });
        // Costs of a time: what ended since, and what is open.
        builder.HasIndex(span => new { span.AccountId, span.To }, "ix_usage_spans_account");
        // A resource is never billed twice at once.
        builder.HasIndex(span => span.ResourceId, "ux_usage_spans_open")
            .IsUnique()
            .HasFilter("\"to\" IS NULL");
    }
}
