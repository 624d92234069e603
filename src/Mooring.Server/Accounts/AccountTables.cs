using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Accounts;

internal sealed class InstallationTable : IEntityTypeConfiguration<Installation>
{
    public void Configure(EntityTypeBuilder<Installation> builder)
    {
        builder.ToTable("installation");
        builder.HasKey(installation => installation.Id);
        builder.Property(installation => installation.Id).HasMaxLength(8);
    }
}

internal sealed class AccountTable : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts");
        builder.HasKey(account => account.Id);
        builder.Property(account => account.Name).HasMaxLength(255);
        builder.Property(account => account.CurrentDisks).HasDefaultValue(0);
        builder.HasIndex(account => account.UserId).IsUnique();
        builder.HasIndex(account => account.TeamId).IsUnique();
    }
}

internal sealed class UserTable : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Name).HasMaxLength(255);
        builder.Property(user => user.Email).HasMaxLength(255);
        builder.Property(user => user.Role).HasMaxLength(16);
        builder.Property(user => user.Slug).HasMaxLength(30);
        builder.HasIndex(user => user.Slug).IsUnique();
    }
}

internal sealed class WalletTable : IEntityTypeConfiguration<Wallet>
{
    public void Configure(EntityTypeBuilder<Wallet> builder)
    {
        builder.ToTable("wallets");
        builder.HasKey(wallet => wallet.Id);
    }
}

internal sealed class ApiKeyTable : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.HasKey(key => key.Prefix);
        builder.Property(key => key.Prefix).HasMaxLength(12);
        builder.Property(key => key.Name).HasMaxLength(255);
        builder.Property(key => key.Hash).HasMaxLength(32);
        builder.HasIndex(key => new { key.UserId, key.CreatedAt });
    }
}

internal sealed class SshKeyTable : IEntityTypeConfiguration<SshKey>
{
    public void Configure(EntityTypeBuilder<SshKey> builder)
    {
        builder.ToTable("ssh_keys");
        builder.HasKey(key => key.Id);
        builder.Property(key => key.Name).HasMaxLength(255);
        builder.Property(key => key.Version).IsConcurrencyToken();
        builder.HasIndex(key => new { key.UserId, key.CreatedAt, key.Id });
        builder.HasIndex(key => key.UserId, "ux_ssh_keys_primary").IsUnique().HasFilter("is_primary");
    }
}
