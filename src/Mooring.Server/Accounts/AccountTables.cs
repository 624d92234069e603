using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mooring.Providers;

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
        builder.Property(account => account.CurrentGiB).HasDefaultValue(0L);
        builder.Property(account => account.CurrentPods).HasDefaultValue(0);
        builder.Property(account => account.CurrentRate).HasDefaultValue(Money.Zero);
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
        builder.HasIndex(user => user.Email).IsUnique();
        builder.HasIndex(user => new { user.CreatedAt, user.Id });
    }
}

internal sealed class TeamTable : IEntityTypeConfiguration<Team>
{
    public void Configure(EntityTypeBuilder<Team> builder)
    {
        builder.ToTable("teams");
        builder.HasKey(team => team.Id);
        builder.Property(team => team.Name).HasMaxLength(255);
        builder.Property(team => team.Slug).HasMaxLength(30);
        builder.HasIndex(team => team.Slug).IsUnique();
        builder.HasIndex(team => new { team.CreatedAt, team.Id });
    }
}

internal sealed class TeamMemberTable : IEntityTypeConfiguration<TeamMember>
{
    public void Configure(EntityTypeBuilder<TeamMember> builder)
    {
        builder.ToTable("team_members");
        builder.HasKey(member => new { member.TeamId, member.UserId });
        builder.Property(member => member.Role).HasMaxLength(16);
        builder.HasIndex(member => new { member.TeamId, member.JoinedAt, member.UserId });
        builder.HasIndex(member => new { member.UserId, member.JoinedAt, member.TeamId });
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
        builder.Property(key => key.LastUsedFrom).HasMaxLength(45);
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
