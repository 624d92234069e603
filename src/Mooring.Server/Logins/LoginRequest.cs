using System.Security.Cryptography;

namespace Mooring.Server.Logins;

/// <summary>
/// Somebody ran <c>prime login</c> (contract, section 10): asked for a key without having one, and waits for somebody
/// who has one to approve. Code and token are known to the asker alone, here are their hashes; the key that is made is
/// here only sealed, so that whoever reads the records has neither.
///
/// <para>The sealed key can be collected as often as the asker likes until the request ends: an answer may be lost on
/// its way, and only the asker can open it. A key that nobody has collected by then is revoked within
/// a minute.</para>
/// </summary>
internal sealed record LoginRequest
{
    /// <summary>How long it lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a key can be collected at the least; clients ask every five seconds.</summary>
    private static readonly TimeSpan CollectingLeast = TimeSpan.FromMinutes(2);

    /// <summary>12 hexadecimal digits: to be listed and denied by.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the code, 32 bytes.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>SHA-256 of the token that the result is asked for with, 32 bytes.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>What the key is sealed with: a SubjectPublicKeyInfo, DER.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Where it came from.</summary>
    public required string Address { get; init; }

    /// <summary>What of the address counts for how many there may be: an IPv6 network's 64 bits are one.</summary>
    public required string Network { get; init; }

    public string? UserAgent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? DeniedAt { get; init; }
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The key that was made when it was approved; null before.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>That key under RSA-OAEP with SHA-256.</summary>
    public byte[]? SealedKey { get; init; }

    /// <summary>When the asker has asked first and got the key.</summary>
    public DateTimeOffset? CollectedAt { get; init; }

    public string Status => DeniedAt is not null ? "DENIED" : ApprovedAt is not null ? "APPROVED" : "WAITING";

    public bool IsOver(DateTimeOffset now) => ExpiresAt <= now;

    public bool HasToken(string token) =>
        CryptographicOperations.FixedTimeEquals(TokenHash, LoginCode.Hash(token));

    /// <summary>
    /// The same, approved: its key can be collected until it ends, and for two minutes at the least.
    /// </summary>
    public Result<LoginRequest> Approve(string keyPrefix, byte[] sealedKey, DateTimeOffset now) => Status == "WAITING"
        ? this with
        {
            ApprovedAt = now,
            KeyPrefix = keyPrefix,
            SealedKey = sealedKey,
            ExpiresAt = Clock.Later(ExpiresAt, now + CollectingLeast),
        }
        : new LoginRequestSettled(Id, Status);

    /// <summary>The same, denied; what was approved stays so.</summary>
    public Result<LoginRequest> Deny(DateTimeOffset now) => Status switch
    {
        "WAITING" => this with { DeniedAt = now },
        "DENIED" => this,
        _ => new LoginRequestSettled(Id, Status),
    };
}
