using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Charges;

internal sealed class ProviderChargeTable : IEntityTypeConfiguration<ProviderCharge>
{
    public void Configure(EntityTypeBuilder<ProviderCharge> builder)
    {
        builder.ToTable("provider_charges");
        builder.HasKey(charge => new { charge.ProviderAccountId, charge.Day, charge.Kind, charge.RemoteId });
        builder.Property(charge => charge.RemoteId).HasMaxLength(255);
        builder.Property(charge => charge.Name).HasMaxLength(255);
        builder.Property(charge => charge.ResourceId).HasMaxLength(32);
    }
}
