using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.ProviderAccounts;

internal sealed class ProviderAccountTable : IEntityTypeConfiguration<ProviderAccount>
{
    public void Configure(EntityTypeBuilder<ProviderAccount> builder)
    {
        builder.ToTable("provider_accounts");
        builder.HasKey(account => account.Id);
        builder.Property(account => account.Type).HasMaxLength(64);
        builder.Property(account => account.Name).HasMaxLength(255);
        builder.Property(account => account.Settings).HasDefaultValueSql("'{}'");
        builder.HasIndex(account => new { account.Type, account.Name }).IsUnique();
    }
}
