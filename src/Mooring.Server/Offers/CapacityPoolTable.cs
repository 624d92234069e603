using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Offers;

internal sealed class CapacityPoolTable : IEntityTypeConfiguration<CapacityPool>
{
    public void Configure(EntityTypeBuilder<CapacityPool> builder)
    {
        builder.ToTable("capacity_pools");
        builder.HasKey(pool => new { pool.ProviderAccountId, pool.Name });
        builder.Property(pool => pool.Name).HasMaxLength(255);
    }
}
