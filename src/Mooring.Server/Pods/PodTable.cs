using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Pods;

internal sealed class PodTable : IEntityTypeConfiguration<Pod>
{
    public void Configure(EntityTypeBuilder<Pod> builder)
    {
        builder.ToTable("pods");
        builder.HasKey(pod => pod.Id);
        builder.Ignore(pod => pod.Presence);
        builder.Ignore(pod => pod.Rate);
        builder.Property(pod => pod.Name).HasMaxLength(255);
        builder.Property(pod => pod.RemoteName).HasMaxLength(64);
        builder.Property(pod => pod.RemoteId).HasMaxLength(255);
        builder.Property(pod => pod.Version).IsConcurrencyToken();
        builder.Property(pod => pod.ClaimToken).HasMaxLength(32).IsConcurrencyToken();

        builder.HasIndex(pod => new { pod.ProviderAccountId, pod.RemoteName }).IsUnique();
        builder.HasIndex(pod => new { pod.ProviderAccountId, pod.RemoteId }, "ix_pods_remote_id")
            .HasFilter("remote_id IS NOT NULL");
        builder.HasIndex(pod => new { pod.AccountId, pod.CreatedAt, pod.Id }, "ix_pods_current")
            .IsDescending(false, true, true)
            .HasFilter("terminated_at IS NULL");
        builder.HasIndex(pod => new { pod.AccountId, pod.TerminatedAt, pod.Id }, "ix_pods_past_by_end")
            .IsDescending(false, true, true)
            .HasFilter("terminated_at IS NOT NULL");
        builder.HasIndex(pod => new { pod.AccountId, pod.CreatedAt, pod.Id }, "ix_pods_past_by_start")
            .IsDescending(false, true, true)
            .HasFilter("terminated_at IS NOT NULL");
        // Two living pods of a host never share user ids.
        builder.HasIndex(pod => new { pod.HostId, pod.UserNamespaceSlot }, "ux_pods_slot")
            .IsUnique()
            .HasFilter("holds_reservation");
        builder.HasIndex(pod => pod.DueAt, "ix_pods_due").HasFilter("due_at IS NOT NULL");
    }
}
