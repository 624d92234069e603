using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Charges;

internal sealed class ProviderChargeTable : IEntityTypeConfiguration<ProviderCharge>
{
    /// <summary>Characters of an id or a name at the most.</summary>
    public const int LengthMost = 255;

    public void Configure(EntityTypeBuilder<ProviderCharge> builder)
    {
        builder.ToTable("provider_charges");
        builder.HasKey(charge => new { charge.ProviderAccountId, charge.Day, charge.Kind, charge.RemoteId });
        builder.Property(charge => charge.RemoteId).HasMaxLength(LengthMost);
        builder.Property(charge => charge.Name).HasMaxLength(LengthMost);
        builder.Property(charge => charge.ResourceId).HasMaxLength(32);
    }
}
