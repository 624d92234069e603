using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Offers;

internal sealed class ProviderAccountTable : IEntityTypeConfiguration<ProviderAccount>
{
    public void Configure(EntityTypeBuilder<ProviderAccount> builder)
    {
        builder.ToTable("provider_accounts");
        builder.HasKey(account => account.Id);
        builder.Property(account => account.Type).HasMaxLength(64);
        builder.Property(account => account.Name).HasMaxLength(255);
        builder.HasIndex(account => new { account.Type, account.Name }).IsUnique();
    }
}

internal sealed class CapacityPoolTable : IEntityTypeConfiguration<CapacityPool>
{
    public void Configure(EntityTypeBuilder<CapacityPool> builder)
    {
        builder.ToTable("capacity_pools");
        builder.HasKey(pool => new { pool.ProviderAccountId, pool.Name });
        builder.Property(pool => pool.Name).HasMaxLength(255);
    }
}
