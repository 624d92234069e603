using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mooring.Server.Http;

/// <summary>
/// A request that its sender may repeat without having it done twice: known by its user and the text that the user
/// chose, and, once it is done, with its answer. Of the request itself nothing is kept but a hash.
/// </summary>
internal sealed record IdempotencyKey
{
    public required UserId UserId { get; init; }

    /// <summary>What the request's header said, 1 to 255 visible characters of ASCII.</summary>
    public required string KeyText { get; init; }

    /// <summary>SHA-256 of the request's method, address and body, 32 bytes.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Whose turn it is to answer: what was taken for dead has another one than its repeat.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a request that has not answered is taken for dead.</summary>
    public required DateTimeOffset LapsesAt { get; init; }

    /// <summary>The answer's HTTP status, a success; null while the request runs.</summary>
    public int? Status { get; init; }

    /// <summary>The answer's JSON, without what is shown only once; null while the request runs.</summary>
    public string? Answer { get; init; }
}

internal sealed class IdempotencyKeyTable : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(key => new { key.UserId, key.KeyText });
        builder.Property(key => key.KeyText).HasMaxLength(IdempotencyKeys.CharactersAtMost);
        builder.Property(key => key.RequestHash).HasMaxLength(32);
        builder.Property(key => key.Token).HasMaxLength(32);
        builder.HasIndex(key => key.CreatedAt);
        // At a start, those that run are found among the many that are done.
        builder.HasIndex(key => key.LapsesAt).HasFilter("status IS NULL");
    }
}
