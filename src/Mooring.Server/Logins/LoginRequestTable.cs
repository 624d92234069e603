using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Logins;

internal sealed class LoginRequestTable : IEntityTypeConfiguration<LoginRequest>
{
    /// <summary>Characters of a client's own name at the most.</summary>
    public const int UserAgentLengthMost = 100;

    public void Configure(EntityTypeBuilder<LoginRequest> builder)
    {
        builder.ToTable("login_requests");
        builder.HasKey(request => request.Id);
        builder.Ignore(request => request.Status);
        builder.Property(request => request.Id).HasMaxLength(12);
        builder.Property(request => request.CodeHash).HasMaxLength(32);
        builder.Property(request => request.TokenHash).HasMaxLength(32);
        builder.Property(request => request.Address).HasMaxLength(64);
        builder.Property(request => request.Network).HasMaxLength(64);
        builder.Property(request => request.UserAgent).HasMaxLength(UserAgentLengthMost);
        builder.Property(request => request.KeyPrefix).HasMaxLength(12);
        builder.HasIndex(request => request.CodeHash).IsUnique();
        builder.HasIndex(request => request.ExpiresAt);
    }
}
